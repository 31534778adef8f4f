from cabinet.exchange.files.columns import area, code, money, price, text, year
from cabinet.exchange.files.declaration import Column, FileDeclaration
from cabinet.houses.models import House

HOUSES = FileDeclaration(
    name="houses.csv",
    model=House,
    key=("house_code",),
    columns=(
        Column("house_code", code(50), required=True),
        Column("address", text(300), required=True),
        Column("built_year", year),
        Column("total_area_m2", area),
        Column("premises_area_m2", area),
        Column("fund_method", text(200)),
        Column("contribution_rate", price),
        Column("fund_size", money),
        Column("spent", money),
        Column("accrued_principal", money),
        Column("accrued_penalty", money),
        Column("collected_principal", money),
        Column("collected_penalty", money),
        Column("debt_principal", money),
        Column("debt_penalty", money),
    ),
)
