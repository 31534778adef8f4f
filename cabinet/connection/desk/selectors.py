"""What the desk reads of one application."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from cabinet.connection.lifecycle.states import State
from cabinet.connection.models import ConnectionApplication, ConnectionEvent, ConnectionNote


def application_or_404(pk: int) -> ConnectionApplication:
    """Return an application that was sent: a draft is nobody's business but its writer's."""
    rows = ConnectionApplication.objects.exclude(state=State.DRAFT)
    return get_object_or_404(rows, pk=pk)


@dataclass(frozen=True)
class Entry:
    """A line of the history: an event that the applicant reads too, or a note of operators."""

    event: ConnectionEvent | None = None
    note: ConnectionNote | None = None


def history_of(application: ConnectionApplication) -> list[Entry]:
    """Return what has happened and was noted, the newest first. Two queries."""
    entries = [Entry(event=one) for one in application.events.all()]
    entries += [Entry(note=one) for one in application.notes.all()]
    return sorted(entries, key=_written_at, reverse=True)


def _written_at(entry: Entry) -> tuple[object, int]:
    row = entry.event or entry.note
    assert row is not None  # noqa: S101 — one of them is always there
    return row.created_at, row.pk
