from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.exchange.files.columns import (
    account_code,
    area,
    code,
    date,
    integer,
    printed_number,
    text,
    volume,
)
from cabinet.exchange.files.declaration import Column, FileDeclaration, Prune, Reference, Watch
from cabinet.exchange.files.houses import HOUSES

ACCOUNTS = FileDeclaration(
    name="accounts.csv",
    model=PersonalAccount,
    key=("account_number",),
    columns=(
        Column("account_number", account_code(30), required=True),
        Column("unified_account_number", printed_number(10)),
        Column("gku_id", printed_number(13)),
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
    references=(
        Reference("house_code", HOUSES, unknown="такого дома нет ни в пакете, ни в портале"),
    ),
    watches=(  # for a new owner
        Watch("last_name", SurnameChange, task="cabinet.accounts.tasks.surname_changes_handle"),
    ),
    number_keys={"number_key": "account_number"},
    prune=Prune.MARK,
    prune_field="closed_on",
)

# Of the files that name an account and may name another one the next time.
ACCOUNT = Reference(
    "account_number",
    ACCOUNTS,
    foreign_key="account",
    unknown="такого лицевого счёта нет ни в пакете, ни в портале",
)
