from cabinet.accounts.models import Equipment
from cabinet.exchange.files.accounts import ACCOUNT
from cabinet.exchange.files.columns import date, number, text
from cabinet.exchange.files.declaration import Column, FileDeclaration, Prune

EQUIPMENT = FileDeclaration(
    name="equipment.csv",
    model=Equipment,
    key=("account_number", "equipment_id"),
    columns=(
        Column("account_number", number(30), required=True),
        Column("equipment_id", number(50), required=True),
        Column("name", text(200), required=True),
        Column("kind", text(100)),
        Column("verification_due_on", date),
        Column("state", text(100)),
    ),
    references=(ACCOUNT,),
    prune=Prune.DELETE,
)
