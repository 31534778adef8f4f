from cabinet.exchange.files.columns import date, number, text, volume
from cabinet.exchange.files.declaration import Column, FileDeclaration, Reference
from cabinet.exchange.files.meters import METERS
from cabinet.meters.models import Reading

READINGS = FileDeclaration(
    name="readings.csv",
    model=Reading,
    key=("meter_id", "taken_on"),
    columns=(
        Column("meter_id", number(50), required=True),
        Column("taken_on", date, required=True),
        Column("value", volume, required=True),
        Column("source", text(50)),
    ),
    references=(
        Reference(
            "meter_id",
            METERS,
            foreign_key="meter",
            unknown="такого счётчика нет ни в пакете, ни в портале",
        ),
    ),
    billing_only={"origin": Reading.Origin.BILLING.value},
    stamped=("received_at",),
)
