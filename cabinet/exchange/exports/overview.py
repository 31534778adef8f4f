"""How far each kind of export is, for people."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min

from cabinet.exchange.exports.kinds import KINDS, ExportKind
from cabinet.exchange.exports.models import ExportPending, ExportRow, ExportState


@dataclass(frozen=True)
class ExportOverview:
    """Numbers of rows. `waiting` are not acknowledged; `waiting_since`: the oldest of them."""

    kind: ExportKind
    state: ExportState
    waiting: int
    waiting_since: datetime.datetime | None


def exports_overview() -> list[ExportOverview]:
    """In the order of the contract."""
    states = {state.kind: state for state in ExportState.objects.all()}
    noted = {
        kind: (count, since)
        for kind, count, since in ExportPending.objects.order_by()
        .values("kind")
        .annotate(count=Count("pk"), since=Min("noted_at"))
        .values_list("kind", "count", "since")
    }
    found = []
    for kind in KINDS.values():
        state = states.get(kind.code) or ExportState(kind=kind.code)
        count, since = noted.get(kind.code, (0, None))
        waiting = state.assigned - state.acknowledged + count
        found.append(ExportOverview(kind, state, waiting, _first_assigned_at(state) or since))
    return found


def _first_assigned_at(state: ExportState) -> datetime.datetime | None:
    """When the first row that is not acknowledged got its cursor; None without one."""
    if state.assigned == state.acknowledged:
        return None
    rows = ExportRow.objects.filter(kind=state.kind, cursor__gt=state.acknowledged)
    return rows.order_by("cursor").values_list("assigned_at", flat=True).first()
