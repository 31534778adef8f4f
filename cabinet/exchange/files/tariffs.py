from cabinet.exchange.files.columns import code, date, price, text
from cabinet.exchange.files.declaration import Column, FileDeclaration
from cabinet.meters.models import Tariff

TARIFFS = FileDeclaration(
    name="tariffs.csv",
    model=Tariff,
    key=("tariff_code", "valid_from"),
    columns=(
        Column("tariff_code", code(50), required=True),
        Column("valid_from", date, required=True),
        Column("name", text(200), required=True),
        Column("unit", text(20), required=True),
        Column("price", price, required=True),
    ),
)
