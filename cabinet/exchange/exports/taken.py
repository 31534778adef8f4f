from collections.abc import Sequence

from cabinet.exchange.exports.models import ExportRow, ExportState
from cabinet.meters.models import Reading


def readings_acknowledged(readings: Sequence[Reading]) -> set[int]:
    """Keys of the readings that billing has acknowledged. One query."""
    acknowledged = ExportState.objects.filter(kind="readings").values("acknowledged")
    rows = ExportRow.objects.filter(
        kind="readings",
        object_id__in=[reading.pk for reading in readings],
        cursor__lte=acknowledged,
    )
    return set(rows.values_list("object_id", flat=True))
