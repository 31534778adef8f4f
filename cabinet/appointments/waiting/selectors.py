"""Who waits, and for what."""

from uuid import UUID

from cabinet.appointments.models import Appointment, WaitingEntry
from cabinet.appointments.waiting.joining import ACTIVE


def waiting_for(appointment: Appointment) -> WaitingEntry | None:
    """Return the entry that waits for an earlier window than this booking's."""
    entry: WaitingEntry | None = appointment.waiting.filter(state__in=ACTIVE).first()
    return entry


def waiting_of(subscriber_id: UUID) -> list[WaitingEntry]:
    """Return where a person waits in this company, the oldest first."""
    mine = WaitingEntry.objects.filter(subscriber_id=subscriber_id, state__in=ACTIVE)
    return list(mine.select_related("centre", "service", "offered").order_by("created_at", "pk"))
