"""Give rows to billing under cursors, and note what it has acknowledged."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from cabinet.exchange.export_kinds import KINDS, ExportKind
from cabinet.outgoing.models import ExportPending, ExportRow, ExportState
from portal.formats.tables import exchange_csv

DEFAULT_LIMIT, MAX_LIMIT = 1000, 10_000
PART = 500


class NotGiven(Exception):
    """An acknowledgement of a cursor that was never given to billing."""

    def __init__(self, kind: ExportKind, cursor: int, given: int) -> None:
        self.kind, self.cursor, self.given = kind, cursor, given
        super().__init__(f"{kind.code}: {cursor} > {given}")


@dataclass(frozen=True)
class Page:
    """The cursors after `after`, up to and with `last`; none when they are equal."""

    kind: ExportKind
    after: int
    last: int

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows with their cursors, a part in memory at a time.

        Each part is a query of its own, so that it does not matter how long the reader takes.
        """
        after = self.after
        while after < self.last:
            part = list(
                ExportRow.objects.filter(
                    kind=self.kind.code, cursor__gt=after, cursor__lte=self.last
                ).order_by("cursor")[:PART]
            )
            if not part:
                return
            columns = self.kind.columns
            yield [
                {"cursor": one.cursor} | {name: one.row[name] for name in columns} for one in part
            ]
            after = part[-1].cursor


def export_page(*, kind: ExportKind, after: int | None = None, limit: int = DEFAULT_LIMIT) -> Page:
    """Return the next rows of a kind; without `after` from the first that is not acknowledged.

    New rows get their cursors now. The rows of the page count as given when this returns: noted before
    the first byte, so that an acknowledgement of a row that billing has seen is never refused.
    """
    start = _acknowledged(kind) if after is None else after
    while len(cursors := _cursors(kind, start, limit)) < limit and _waits(kind):
        cursors_assign(kind)
    last = cursors[-1] if cursors else start
    if cursors:
        _note_given(kind, last)
    return Page(kind, start, last)


def _acknowledged(kind: ExportKind) -> int:
    state = ExportState.objects.filter(kind=kind.code).first()
    return state.acknowledged if state else 0


def _cursors(kind: ExportKind, start: int, limit: int) -> list[int]:
    found = ExportRow.objects.filter(kind=kind.code, cursor__gt=start).order_by("cursor")
    return list(found.values_list("cursor", flat=True)[:limit])


def _waits(kind: ExportKind) -> bool:
    return ExportPending.objects.filter(kind=kind.code).exists()


@transaction.atomic
def _note_given(kind: ExportKind, last: int) -> None:
    state = state_locked(kind)
    state.given = max(state.given, last)
    state.given_at = timezone.now()
    state.save(update_fields=["given", "given_at"])


@transaction.atomic
def export_acknowledge(*, cursors: Mapping[str, int], actor: str) -> dict[str, int]:
    """Note that billing has everything up to these cursors: all of them, or none.

    A lower one than before changes nothing. Raises NotGiven for one beyond what was given. Returns, by
    kind, the cursor up to which it is acknowledged now.
    """
    now: dict[str, int] = {}
    for code in sorted(cursors):  # always in one order: two at once must not wait for each other
        kind, cursor = KINDS[code], cursors[code]
        state = state_locked(kind)
        if cursor > state.given:
            raise NotGiven(kind, cursor, state.given)
        if cursor > state.acknowledged:
            state.acknowledged, state.acknowledged_at = cursor, timezone.now()
            state.acknowledged_by = actor
            state.save(update_fields=["acknowledged", "acknowledged_at", "acknowledged_by"])
        now[code] = state.acknowledged
    return now


# Rows of one step: a transaction of a second at most.
BATCH = 5000


def state_locked(kind: ExportKind) -> ExportState:
    """Lock the kind's row until the transaction ends; a second caller waits."""
    ExportState.objects.bulk_create([ExportState(kind=kind.code)], ignore_conflicts=True)
    return ExportState.objects.select_for_update().get(kind=kind.code)


@transaction.atomic
def cursors_assign(kind: ExportKind) -> int:
    """Assign cursors to a batch of committed rows, store what billing will see, return the number.

    Another caller waits for this transaction, and only what is committed is seen: a row whose commit
    comes later gets a greater cursor, whatever number its note has. A row that was noted twice since the
    last step gets one cursor, with its present values.
    """
    state = state_locked(kind)
    noted = list(
        ExportPending.objects.filter(kind=kind.code)
        .order_by("id")
        .values_list("id", "object_id")[:BATCH]
    )
    if not noted:
        return 0
    object_ids = list(dict.fromkeys(object_id for _, object_id in noted))
    rows = kind.rows(object_ids)
    given = [
        ExportRow(kind=kind.code, cursor=cursor, object_id=object_id, row=rows[object_id])
        for cursor, object_id in enumerate(
            (one for one in object_ids if one in rows), start=state.assigned + 1
        )
    ]
    ExportRow.objects.bulk_create(given, batch_size=1000)
    ExportPending.objects.filter(pk__in=[pk for pk, _ in noted]).delete()
    state.assigned += len(given)
    state.save(update_fields=["assigned"])
    return len(given)


@dataclass(frozen=True)
class ExportOverview:
    """Numbers of rows. `waiting` are not acknowledged; `waiting_since`: the oldest of them."""

    kind: ExportKind
    state: ExportState
    waiting: int
    waiting_since: datetime.datetime | None


def exports_overview() -> list[ExportOverview]:
    """Return the state of each kind, in the order of the contract."""
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
    """Return when the first row that is not acknowledged got its cursor; None without one."""
    if state.assigned == state.acknowledged:
        return None
    rows = ExportRow.objects.filter(kind=state.kind, cursor__gt=state.acknowledged)
    return rows.order_by("cursor").values_list("assigned_at", flat=True).first()


NDJSON, CSV = "application/x-ndjson", "text/csv"


def as_ndjson(page: Page) -> Iterator[str]:
    """Yield the page as JSON, an object a line."""
    for part in page.parts():
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)


def as_csv(page: Page) -> Iterator[str]:
    """Yield the page as CSV of the contract: `;` between fields, `"` around one that needs it, a header.

    A line break inside of a text becomes a space: a record is a line.
    """
    columns = ("cursor", *page.kind.columns)
    yield exchange_csv([columns])
    for part in page.parts():
        yield exchange_csv([[_field(row[name]) for name in columns] for row in part])


RENDERERS: dict[str, Callable[[Page], Iterator[str]]] = {NDJSON: as_ndjson, CSV: as_csv}


def _field(value: object) -> str:
    return "" if value is None else " ".join(str(value).splitlines())


def given_rows_clean() -> int:
    """Delete rows that billing acknowledged EXCHANGE_GIVEN_DAYS ago: they may hold personal data."""
    until = timezone.now() - datetime.timedelta(days=settings.EXCHANGE_GIVEN_DAYS)
    removed = 0
    for state in ExportState.objects.all():
        removed += ExportRow.objects.filter(
            kind=state.kind, cursor__lte=state.acknowledged, assigned_at__lt=until
        ).delete()[0]
    return removed
