"""What the billing system does: it takes rows from the portal and acknowledges them."""

from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import export_acknowledge, export_page
from cabinet.meters.models import Reading
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note


def readings_acknowledge(*readings: Reading) -> None:
    """Give billing all readings that are noted, and these, and acknowledge them."""
    outgoing_note(Kind.READINGS, [reading.pk for reading in readings])
    page = export_page(kind=READINGS)
    export_acknowledge(cursors={"readings": page.last}, actor="1С")
