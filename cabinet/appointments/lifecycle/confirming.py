"""A held window is booked: by a code, or for whoever's contact is known."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.appointments.exceptions import (
    AppointmentOver,
    BookingClosed,
    CodeNotSent,
    CodeTooSoon,
    NoWayForCode,
)
from cabinet.appointments.lifecycle.notices import notify_booked
from cabinet.appointments.lifecycle.states import (
    State,
    appointment_locked,
    go_to,
    link_renew,
)
from cabinet.appointments.lifecycle.windows import contact_limit, window_take
from cabinet.appointments.limits import may_code_be_sent
from cabinet.appointments.models import Appointment
from cabinet.appointments.selectors import code_contact
from cabinet.subscribers.contacts import Contact
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.secrets import RESEND_AFTER, CodeWrong, code_for_people
from tenants.selectors import current_company

_UNCONFIRMED = (State.HELD, State.EXPIRED)


def appointment_code_send(*, appointment_pk: int, by_email: bool = False) -> Contact:
    """Send a code for a held window, and return where it goes.

    Raises AppointmentOver for one that is booked, CodeTooSoon, NoWayForCode and CodeNotSent.
    """
    appointment = Appointment.objects.get(pk=appointment_pk)
    contact = code_contact(appointment, by_email=by_email)
    if contact is None:
        raise NoWayForCode
    _refuse_early(appointment)
    if not may_code_be_sent(contact):
        raise CodeNotSent
    with transaction.atomic():
        appointment = appointment_locked(appointment_pk)
        _refuse_early(appointment)
        if code_contact(appointment, by_email=by_email) != contact:
            raise CodeTooSoon  # the form came again, with another contact, whose code it sends itself
        code = appointment.code_renew()
        appointment.code_sent_at, appointment.code_to = timezone.now(), contact.value
        appointment.save()
        code_write("appointment_code", contact, code, person=appointment.subscriber_id)
    return contact


def code_write(kind: str, contact: Contact, code: str, *, person: UUID | None = None) -> None:
    """Write a code to a contact, by SMS or by letter, in the caller's transaction."""
    company = current_company()
    message_send(
        kind=kind,
        recipient=contact.value,
        channel=Message.Channel.SMS if contact.kind == "phone" else Message.Channel.EMAIL,
        context={
            "code": code_for_people(code),
            "company_name": company.name if company else "",
        },
        person=person,
    )


def appointment_confirm(*, appointment_pk: int, code: str) -> str:
    """Book a held window by its code; return the secret of its link. The same code again returns it again.

    A hold that ran out is taken again if its window is free. Raises CodeSpent, CodeWrong (counted),
    WindowTaken, TooManyBookings, BookingClosed and AppointmentOver.
    """
    with transaction.atomic():
        appointment = appointment_locked(appointment_pk)
        right = appointment.code_check(code)
        secret = _book(appointment) if right else ""
    if not right:  # after the commit, so that the try is counted
        raise CodeWrong(appointment.code_tries_left)
    return secret


def appointment_book(*, appointment_pk: int) -> str:
    """Book a held window for whoever's contact is known; return the secret of its link.

    Raises WindowTaken, TooManyBookings, BookingClosed and AppointmentOver.
    """
    with transaction.atomic():
        return _book(appointment_locked(appointment_pk))


def _book(appointment: Appointment) -> str:
    if appointment.state == State.BOOKED:
        return appointment.link_secret or ""
    if appointment.state not in _UNCONFIRMED:
        raise AppointmentOver
    contact_limit(appointment)
    now = timezone.now()
    is_over = appointment.held_until is None or appointment.held_until <= now
    if appointment.state == State.EXPIRED or is_over:
        if appointment.starts_at <= now:
            raise BookingClosed
        # Held for this transaction.
        appointment.state, appointment.held_until = State.HELD, now
        window_take(appointment, appointment.starts_at)
    secret = link_renew(appointment)
    go_to(appointment, State.BOOKED, action="book", source=appointment.source)
    notify_booked(appointment)
    return secret


def _refuse_early(appointment: Appointment) -> None:
    if appointment.state not in _UNCONFIRMED:
        raise AppointmentOver
    if appointment.code_sent_at and appointment.code_sent_at > timezone.now() - RESEND_AFTER:
        raise CodeTooSoon
