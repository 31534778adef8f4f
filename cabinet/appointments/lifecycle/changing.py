"""An appointment is moved to another window, or cancelled: by its link, by its writer, by staff."""

import datetime

from django.db import transaction
from django.utils import timezone

from cabinet.appointments.exceptions import AppointmentOver
from cabinet.appointments.lifecycle.notices import notify_cancelled, notify_moved
from cabinet.appointments.lifecycle.states import (
    State,
    appointment_locked,
    go_to,
    link_check,
    link_renew,
)
from cabinet.appointments.lifecycle.windows import window_freed, window_reserved, window_take
from cabinet.appointments.models import Appointment
from cabinet.appointments.registry import backend_of
from portal.staff.models import StaffUser


def appointment_move(
    *,
    appointment_pk: int,
    starts_at: datetime.datetime,
    link_hash: str | None = None,
    actor: StaffUser | None = None,
    reason: str = "",
) -> str:
    """Move an appointment to another window of its centre; return the secret of its new link.

    The old link dies, and the old window is free at once. The window that it has already changes nothing.
    Staff may move without notice, and what is over or no longer offered. Raises LinkDead,
    AppointmentOver, WindowTaken and BookingClosed.
    """
    asked = Appointment.objects.select_related("centre", "service").get(pk=appointment_pk)
    with window_reserved(asked.centre, asked.service, starts_at) as reference, transaction.atomic():
        appointment = appointment_locked(appointment_pk)
        link_check(appointment, link_hash)
        _refuse_over(appointment, actor)
        if appointment.starts_at == starts_at:
            return appointment.link_secret or ""
        before = appointment.starts_at
        secret = link_renew(appointment)
        window_take(appointment, starts_at, reference=reference, by_staff=actor is not None)
        moved = {"from": before.isoformat(), "to": starts_at.isoformat(), "reason": reason}
        appointment.called_about = ""
        go_to(appointment, State.BOOKED, action="move", actor=actor, **moved)
        notify_moved(appointment, before=before, by_company=actor is not None, reason=reason)
        window_freed(appointment.centre_id)
    return secret


@transaction.atomic
def appointment_cancel(
    *,
    appointment_pk: int,
    link_hash: str | None = None,
    actor: StaffUser | None = None,
    reason: str = "",
) -> Appointment:
    """Cancel an appointment or give up a hold; its link dies, its window is free at once.

    Raises LinkDead, and AppointmentOver for one whose time has come.
    """
    appointment = appointment_locked(appointment_pk)
    if appointment.state == State.CANCELLED and link_hash is None:
        return appointment
    link_check(appointment, link_hash)
    was_booked = appointment.state == State.BOOKED
    if was_booked:
        _refuse_over(appointment, actor)
    appointment.link_hash, appointment.link_secret, appointment.code_hash = "", None, ""
    go_to(appointment, State.CANCELLED, action="cancel", actor=actor, reason=reason)
    backend_of().release(appointment)
    if was_booked:
        notify_cancelled(appointment, by_company=actor is not None, reason=reason)
    window_freed(appointment.centre_id)
    return appointment


def _refuse_over(appointment: Appointment, actor: StaffUser | None) -> None:
    is_past = appointment.starts_at <= timezone.now()
    if appointment.state != State.BOOKED or (is_past and actor is None):
        raise AppointmentOver
