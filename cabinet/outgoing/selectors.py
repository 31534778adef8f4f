from collections.abc import Collection
from typing import Any

from cabinet.outgoing.models import ExportPending, ExportRow, ExportState, Kind


def acknowledged_rows(kind: Kind, object_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return, by key, the row that billing has acknowledged last of each of those. One query."""
    if not object_ids:
        return {}
    acknowledged = ExportState.objects.filter(kind=kind).values("acknowledged")
    rows = ExportRow.objects.filter(kind=kind, object_id__in=object_ids, cursor__lte=acknowledged)
    newest = rows.order_by("object_id", "-cursor").distinct("object_id")
    return dict(newest.values_list("object_id", "row"))


def is_acknowledged(kind: Kind, object_id: int) -> bool:
    """Return whether the other side has acknowledged the row as it is now."""
    if ExportPending.objects.filter(kind=kind, object_id=object_id).exists():
        return False
    rows = ExportRow.objects.filter(kind=kind, object_id=object_id)
    cursor = rows.order_by("-cursor").values_list("cursor", flat=True).first()
    return (
        cursor is not None
        and ExportState.objects.filter(kind=kind, acknowledged__gte=cursor).exists()
    )
