"""A booking gives its window for an earlier one that is held for it, in one transaction."""

from typing import Any

from cabinet.appointments.exceptions import AppointmentOver
from cabinet.appointments.lifecycle.notices import notify_moved
from cabinet.appointments.lifecycle.states import State, go_to, link_renew
from cabinet.appointments.lifecycle.windows import hold_end, lock, window_freed, window_take
from cabinet.appointments.models import Appointment


def appointment_swap(appointment: Appointment, held: Appointment) -> str:
    """Move a booking into a held window; return the secret of its new link. Both are locked by the caller.

    Raises AppointmentOver, WindowTaken and BookingClosed.
    """
    if appointment.state != State.BOOKED or appointment.starts_at <= held.starts_at:
        raise AppointmentOver
    # Before the hold ends: whoever holds this lock may wait for the held row.
    lock("centre", appointment.centre_id)
    hold_end(held)
    before, secret = appointment.starts_at, link_renew(appointment)
    window_take(appointment, held.starts_at, reference=held.reference)
    appointment.called_about = ""
    moved: dict[str, Any] = {"from": before.isoformat(), "to": held.starts_at.isoformat()}
    go_to(appointment, State.BOOKED, action="move", **moved)
    notify_moved(appointment, before=before)
    window_freed(appointment.centre_id)
    return secret
