"""Giving rows to billing, and hearing that it has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.exchange.exports.assigning import cursors_assign, state_locked
from cabinet.exchange.exports.kinds import KINDS, ExportKind
from cabinet.exchange.exports.models import ExportPending, ExportRow, ExportState

DEFAULT_LIMIT, MAX_LIMIT = 1000, 10_000
_PART = 500


class NotGiven(Exception):
    """An acknowledgement of a cursor that was never given."""

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
        """The rows with their cursors, a part in memory at a time.

        Each part is a query of its own, so that it does not matter how long the reader takes.
        """
        after = self.after
        while after < self.last:
            part = list(
                ExportRow.objects.filter(
                    kind=self.kind.code, cursor__gt=after, cursor__lte=self.last
                ).order_by("cursor")[:_PART]
            )
            if not part:
                return
            columns = self.kind.columns
            yield [
                {"cursor": one.cursor} | {name: one.row[name] for name in columns} for one in part
            ]
            after = part[-1].cursor


def export_page(*, kind: ExportKind, after: int | None = None, limit: int = DEFAULT_LIMIT) -> Page:
    """The next rows of a kind; without `after` from the first that is not acknowledged.

    New rows get their cursors now. What the page holds counts as given when this returns: noted before
    the first byte, so that nothing which billing has seen can be refused as never given.
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
    return kind.rows is not None and ExportPending.objects.filter(kind=kind.code).exists()


@transaction.atomic
def _note_given(kind: ExportKind, last: int) -> None:
    state = state_locked(kind)
    state.given = max(state.given, last)
    state.given_at = timezone.now()
    state.save(update_fields=["given", "given_at"])


@transaction.atomic
def export_acknowledge(*, cursors: Mapping[str, int], actor: str) -> dict[str, int]:
    """Billing has everything up to these cursors: all of them are noted, or none.

    A lower one than before changes nothing. Raises NotGiven for one beyond what was given.
    The answer: by kind, up to where it is acknowledged now.
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
