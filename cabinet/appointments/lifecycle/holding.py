"""A window is held while the code is awaited."""

import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.lifecycle.windows import (
    contact_limit,
    holds_end,
    lock,
    window_reserved,
    window_take,
)
from cabinet.appointments.models import Appointment, AppointmentService
from cms_pages.models import ServiceCentre
from portal.secrets import free_number

State = Appointment.State
HELD_FOR = datetime.timedelta(minutes=10)


def appointment_hold(
    *,
    centre: ServiceCentre,
    service: AppointmentService,
    starts_at: datetime.datetime,
    source: str,
    form_key: UUID,
    contact_name: str,
    phone: str = "",
    email: str = "",
    account: PersonalAccount | None = None,
    subscriber_id: UUID | None = None,
    comment: str = "",
    held_for: datetime.timedelta = HELD_FOR,
) -> Appointment:
    """Hold a window until its code comes; the same form again gives the same row, in the window asked for.

    What that form has booked already is returned as it is. Raises WindowTaken, TooManyBookings and
    BookingClosed.
    """
    with window_reserved(centre, service, starts_at) as reference, transaction.atomic():
        lock("form", form_key)
        appointment = _of_form(form_key, subscriber_id)
        if appointment.pk and appointment.state not in (State.HELD, State.EXPIRED):
            return appointment
        if (appointment.phone, appointment.email) != (phone, email):
            # A code that went to another contact confirms nothing of this one.
            appointment.code_hash, appointment.code_sent_at, appointment.code_to = "", None, ""
        was_there = _is_held(appointment, centre, service, starts_at)
        appointment.source, appointment.account = source, account
        appointment.centre, appointment.service = centre, service
        appointment.service_name, appointment.contact_name = service.name, contact_name
        appointment.phone, appointment.email, appointment.comment = phone, email, comment
        if source != Appointment.Source.WAITING:  # of an offer it is asked when that is accepted
            contact_limit(appointment, is_confirmed=source != Appointment.Source.GUEST)
        if was_there:
            appointment.save()
            return appointment
        appointment.state, appointment.state_since = State.HELD, timezone.now()
        appointment.held_until = timezone.now() + held_for
        window_take(appointment, starts_at, reference=reference)
    return appointment


def holds_expire() -> None:
    """End the holds that nobody has confirmed in time."""
    with transaction.atomic():
        holds_end(Appointment.objects.all())


def number_new() -> str:
    """Return a number that no appointment has."""
    return free_number(Appointment.objects.all())


def _of_form(form_key: UUID, subscriber_id: UUID | None) -> Appointment:
    """Return the row of a form, locked, or a new one. Of another person the form's row is not shown."""
    for key in (form_key, uuid5(form_key, str(subscriber_id))):
        rows = Appointment.objects.select_for_update(of=("self",))
        found: Appointment | None = rows.filter(form_key=key).first()
        if found is None:
            return Appointment(form_key=key, subscriber_id=subscriber_id, number=number_new())
        if found.subscriber_id == subscriber_id:
            return found
    raise AssertionError(form_key)  # the second key is that person's alone


def _is_held(
    appointment: Appointment,
    centre: ServiceCentre,
    service: AppointmentService,
    starts_at: datetime.datetime,
) -> bool:
    """Return whether just this window is held already: sending a form again holds it no longer."""
    if appointment.pk is None or appointment.state != State.HELD:
        return False
    is_over = appointment.held_until is None or appointment.held_until <= timezone.now()
    same = (appointment.centre_id, appointment.service_id, appointment.starts_at)
    return not is_over and same == (centre.pk, service.pk, starts_at)
