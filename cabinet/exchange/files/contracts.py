from cabinet.accounts.models import Contract
from cabinet.exchange.files.accounts import ACCOUNT
from cabinet.exchange.files.columns import code, date, number, text
from cabinet.exchange.files.declaration import Column, FileDeclaration, Prune

CONTRACTS = FileDeclaration(
    name="contracts.csv",
    model=Contract,
    key=("account_number", "number"),
    columns=(
        Column("account_number", number(30), required=True),
        Column("number", code(100), required=True),
        Column("kind", text(200), required=True),
        Column("company", text(300), required=True),
        Column("starts_on", date, required=True),
        Column("ends_on", date),
    ),
    references=(ACCOUNT,),
    prune=Prune.DELETE,
)
