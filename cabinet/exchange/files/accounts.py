from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.columns import area, code, date, integer, text, volume
from cabinet.exchange.declaration import Column, FileDeclaration, Prune

ACCOUNTS = FileDeclaration(
    name="accounts.csv",
    model=PersonalAccount,
    key=("account_number",),
    columns=(
        Column("account_number", code(30), required=True),
        Column("unified_account_number", text(10)),
        Column("gku_id", text(13)),
        Column("last_name", text(100), required=True),
        Column("first_name", text(100), required=True),
        Column("patronymic", text(100)),
        Column("address", text(300), required=True),
        Column("area_m2", area),
        Column("living", integer(6)),
        Column("registered", integer(6)),
        Column("norm_volume", volume),
        Column("opened_on", date, required=True),
        Column("maintenance_on", date),
        Column("service_centre", code(50)),
        Column("house_code", code(50)),
        Column("closed_on", date),
    ),
    prune=Prune.MARK,
    prune_field="closed_on",
)
