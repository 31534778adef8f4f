from dataclasses import replace

from cabinet.exchange.files.accounts import ACCOUNT
from cabinet.exchange.files.columns import code, date, number, one_to_nine, printed_number, text
from cabinet.exchange.files.declaration import Column, FileDeclaration, Prune, Reference
from cabinet.exchange.files.tariffs import TARIFFS
from cabinet.meters.models import Meter

METERS = FileDeclaration(
    name="meters.csv",
    model=Meter,
    key=("meter_id",),
    columns=(
        Column("meter_id", number(50), required=True),
        Column("account_number", number(30), required=True),
        Column("model", text(100), required=True),
        Column("serial_number", printed_number(50), required=True),
        Column("digits", one_to_nine, required=True),
        Column("tariff_code", code(50), required=True),
        Column("installed_on", date),
        Column("verification_due_on", date),
        Column("sealed_on", date),
        Column("state", text(100)),
    ),
    references=(
        replace(
            ACCOUNT,
            unmovable=(
                "прибор числится за другим лицевым счётом и не переходит с одного на другой: "
                "новому прибору нужен новый meter_id"
            ),
        ),
        Reference("tariff_code", TARIFFS, unknown="такого тарифа нет ни в пакете, ни в портале"),
    ),
    number_keys={"compared_number": "serial_number"},
    always={"removed_on": None},
    prune=Prune.MARK,
    prune_field="removed_on",
)
