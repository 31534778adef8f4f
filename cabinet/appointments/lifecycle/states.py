"""The states of an appointment: from what to what, and the only function that changes them.

A hold that runs out is no change that anybody made: `windows.py` ends it, without an entry in the log.
"""

from typing import Any

from django.utils import timezone

from cabinet.appointments.exceptions import AppointmentOver, LinkDead
from cabinet.appointments.models import Appointment
from portal.audit.services import audit_write
from portal.secrets import new_secret, secret_hash
from portal.staff.models import StaffUser

State = Appointment.State
_SERVED = frozenset({State.ARRIVED, State.MISSED})
ALLOWED: dict[str, frozenset[str]] = {
    State.HELD: frozenset({State.BOOKED, State.CANCELLED}),
    # Confirmed too late, and the window was still free.
    State.EXPIRED: frozenset({State.BOOKED}),
    State.BOOKED: _SERVED | {State.BOOKED, State.CANCELLED},
    # Undone.
    State.ARRIVED: _SERVED | {State.BOOKED},
    State.MISSED: _SERVED | {State.BOOKED},
    State.CANCELLED: frozenset(),
}


def appointment_locked(appointment_pk: int) -> Appointment:
    """Return the appointment, locked until the transaction ends. Raises Appointment.DoesNotExist."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("centre", "service")
    appointment: Appointment = rows.get(pk=appointment_pk)
    return appointment


def link_check(appointment: Appointment, link_hash: str | None) -> None:
    """Refuse a link that is no longer this appointment's. Raises LinkDead."""
    if link_hash is not None and (not link_hash or link_hash != appointment.link_hash):
        raise LinkDead


def link_renew(appointment: Appointment) -> str:
    """Give the appointment a new link, so that the old one is dead; the caller saves. Return its secret."""
    secret = new_secret()
    appointment.link_secret, appointment.link_hash = secret, secret_hash(secret)
    return secret


def go_to(
    appointment: Appointment,
    state: str,
    *,
    action: str,
    actor: StaffUser | None = None,
    **details: Any,
) -> None:
    """Change the state of a locked appointment, with its entry in the log. Raises AppointmentOver."""
    before = appointment.state
    if state not in ALLOWED[before]:
        raise AppointmentOver
    if state != before:
        appointment.state, appointment.state_since = state, timezone.now()
    appointment.held_until = None
    appointment.save()
    log(appointment, action, actor, before=before, state=state, **details)


def log(appointment: Appointment, action: str, actor: StaffUser | None, **details: Any) -> None:
    """Write the audit row, under the number, which names nobody."""
    audit_write(
        actor=actor, action=f"appointment.{action}", subject=appointment.number, details=details
    )
