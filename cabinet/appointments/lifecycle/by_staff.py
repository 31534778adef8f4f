"""What operators do with appointments: book for a caller, take who comes without one, note who came."""

import datetime
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.exceptions import AppointmentOver, WindowTaken
from cabinet.appointments.lifecycle.holding import number_new
from cabinet.appointments.lifecycle.notices import notify_booked
from cabinet.appointments.lifecycle.states import State, appointment_locked, go_to, link_renew, log
from cabinet.appointments.lifecycle.windows import lock, window_reserved, window_take
from cabinet.appointments.models import Appointment, AppointmentService
from cms_pages.models import ServiceCentre
from portal.staff.models import StaffUser


def appointment_by_staff(
    *,
    centre: ServiceCentre,
    service: AppointmentService,
    starts_at: datetime.datetime,
    form_key: UUID,
    actor: StaffUser,
    contact_name: str,
    phone: str = "",
    email: str = "",
    account: PersonalAccount | None = None,
    subscriber_id: UUID | None = None,
    comment: str = "",
) -> Appointment:
    """Book for who has called, without a code, a notice or a limit; the same form again books nothing more.

    Raises WindowTaken.
    """
    with window_reserved(centre, service, starts_at) as reference, transaction.atomic():
        lock("form", form_key)
        if found := Appointment.objects.filter(form_key=form_key).first():
            return found
        appointment = _at_desk(
            State.BOOKED,
            Appointment.Source.OPERATOR,
            form_key=form_key,
            centre=centre,
            service=service,
            account=account,
            subscriber_id=subscriber_id,
            contact_name=contact_name,
            phone=phone,
            email=email,
            comment=comment,
        )
        link_renew(appointment)
        window_take(appointment, starts_at, reference=reference, by_staff=True)
        log(appointment, "book", actor, source=appointment.source)
        notify_booked(appointment)
    return appointment


def appointment_walk_in(
    *,
    centre: ServiceCentre,
    service: AppointmentService,
    form_key: UUID,
    actor: StaffUser,
    starts_at: datetime.datetime | None = None,
    contact_name: str = "",
    phone: str = "",
    account: PersonalAccount | None = None,
    comment: str = "",
) -> Appointment:
    """Note who came without an appointment: in a free window, or beside all windows without `starts_at`.

    Raises WindowTaken.
    """
    now = timezone.now()
    reserved = window_reserved(centre, service, starts_at) if starts_at else nullcontext("")
    with reserved as reference, transaction.atomic():
        lock("form", form_key)
        if found := Appointment.objects.filter(form_key=form_key).first():
            return found
        appointment = _at_desk(
            State.ARRIVED,
            Appointment.Source.WALK_IN,
            form_key=form_key,
            centre=centre,
            service=service,
            account=account,
            contact_name=contact_name,
            phone=phone,
            comment=comment,
            starts_at=now,
            during=(now, now + service.length),
        )
        if starts_at is None:
            appointment.save()
        else:
            window_take(appointment, starts_at, reference=reference, by_staff=True)
        log(appointment, "walk_in", actor)
    return appointment


def _at_desk(
    state: str, source: str, *, service: AppointmentService, **columns: Any
) -> Appointment:
    """Return what is written down at the desk, not saved yet."""
    return Appointment(
        number=number_new(),
        state=state,
        source=source,
        service=service,
        service_name=service.name,
        **columns,
    )


@transaction.atomic
def appointment_desk_change(*, appointment_pk: int, actor: StaffUser) -> Appointment:
    """Give an appointment another desk at its time: its own does not serve it any more.

    Raises AppointmentOver, and WindowTaken where no other desk is free.
    """
    appointment = appointment_locked(appointment_pk)
    if appointment.state != State.BOOKED:
        raise AppointmentOver
    before = str(appointment.desk or "")
    window_take(appointment, appointment.starts_at, by_staff=True)
    log(appointment, "desk", actor, desk=str(appointment.desk or ""), before=before)
    return appointment


@transaction.atomic
def appointment_arrived(*, appointment_pk: int, actor: StaffUser) -> Appointment:
    """Note that a person came. Raises AppointmentOver, and WindowTaken as an undoing does."""
    return _served(appointment_pk, State.ARRIVED, actor)


@transaction.atomic
def appointment_missed(*, appointment_pk: int, actor: StaffUser) -> Appointment:
    """Note that a person did not come. Raises AppointmentOver."""
    return _served(appointment_pk, State.MISSED, actor)


@transaction.atomic
def appointment_state_undo(*, appointment_pk: int, actor: StaffUser) -> Appointment:
    """Take back that a person came or did not. Raises AppointmentOver, and WindowTaken.

    The window of who did not come may be somebody else's by now.
    """
    appointment = appointment_locked(appointment_pk)
    if appointment.state != State.BOOKED:
        _back(appointment, State.BOOKED, "undo", actor)
    return appointment


def _served(appointment_pk: int, state: str, actor: StaffUser) -> Appointment:
    appointment = appointment_locked(appointment_pk)
    if appointment.state != state:
        _back(appointment, state, state, actor)
    return appointment


def _back(appointment: Appointment, state: str, action: str, actor: StaffUser) -> None:
    """Change the state of an appointment, whose desk may be somebody else's since it was missed."""
    if appointment.state == State.MISSED:
        lock("centre", appointment.centre_id)
    try:
        with transaction.atomic():
            go_to(appointment, state, action=action, actor=actor)
    except IntegrityError as error:
        raise WindowTaken from error
