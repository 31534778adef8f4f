from cabinet.billing.models import BillingPayment
from cabinet.exchange.files.accounts import ACCOUNT
from cabinet.exchange.files.columns import date, money, number, text
from cabinet.exchange.files.declaration import Column, FileDeclaration

PAYMENTS = FileDeclaration(
    name="payments.csv",
    model=BillingPayment,
    key=("payment_id",),
    columns=(
        Column("payment_id", number(100), required=True),
        Column("account_number", number(30), required=True),
        Column("paid_on", date, required=True),
        Column("amount", money, required=True),
        Column("kind", text(50)),
        Column("source", text(100), required=True),
    ),
    references=(ACCOUNT,),
)
