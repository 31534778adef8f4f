from cabinet.billing.models import COMMON_BILL, Charge
from cabinet.exchange.files.accounts import ACCOUNT
from cabinet.exchange.files.columns import (
    code,
    money,
    month,
    number,
    one_of,
    price,
    signed_volume,
    text,
)
from cabinet.exchange.files.declaration import Column, FileDeclaration, LineMark, RowCheck

CHARGES = FileDeclaration(
    name="charges.csv",
    model=Charge,
    key=("account_number", "period", "service_code", "kind", "bill_kind"),
    columns=(
        Column("account_number", number(30), required=True),
        Column("period", month, required=True),
        Column("service_code", code(50), required=True),
        Column("kind", one_of(*Charge.Kind.values), required=True),
        Column("bill_kind", code(50), empty=COMMON_BILL),
        Column("service_name", text(200), required=True),
        Column("tariff", price),
        Column("opening_balance", money, required=True),
        Column("accrued", money, required=True),
        Column("recalculated", money, required=True),
        Column("recalculation_reason", text(500)),
        Column("acts", money, empty="0"),
        Column("quality_deduction", money, required=True),
        Column("corrected", money, empty="0"),
        Column("written_off", money, empty="0"),
        Column("paid", money, required=True),
        Column("closing_balance", money, required=True),
        Column("volume", signed_volume),
        Column("unit", text(20)),
    ),
    references=(ACCOUNT,),
    mark=LineMark("line_hash", "line_transaction"),
    row_checks=(
        RowCheck(
            "closing_balance",
            "{opening_balance} + {accrued} + {recalculated} - {quality_deduction} + {corrected}"
            " - {written_off} - {paid} = {closing_balance}",
            "строка не сходится: входящее сальдо + начислено + перерасчёт − снято за качество"
            " + корректировки − списано − оплачено должно быть равно исходящему сальдо",
        ),
    ),
)
