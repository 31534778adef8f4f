from cabinet.exchange.files.columns import code, money, text, year
from cabinet.exchange.files.declaration import Column, FileDeclaration, Reference
from cabinet.exchange.files.houses import HOUSES
from cabinet.houses.models import RepairWork

WORKS = FileDeclaration(
    name="works.csv",
    model=RepairWork,
    key=("house_code", "number"),
    columns=(
        Column("house_code", code(50), required=True),
        Column("number", code(20), required=True),
        Column("kind", text(300), required=True),
        Column("last_repair_year", year),
        Column("planned_year", year),
        Column("planned_cost", money),
    ),
    references=(
        Reference(
            "house_code",
            HOUSES,
            foreign_key="house",
            unknown="такого дома нет ни в пакете, ни в портале",
        ),
    ),
)
