from collections.abc import Collection

from cabinet.outgoing.models import ExportRow, ExportState, Kind


def acknowledged_ids(kind: Kind, object_ids: Collection[int]) -> set[int]:
    """Return the keys of those rows that billing has acknowledged. One query."""
    if not object_ids:
        return set()
    acknowledged = ExportState.objects.filter(kind=kind).values("acknowledged")
    rows = ExportRow.objects.filter(kind=kind, object_id__in=object_ids, cursor__lte=acknowledged)
    return set(rows.values_list("object_id", flat=True))
