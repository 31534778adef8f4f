"""What can be booked, and what is booked."""

import datetime
import itertools
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from cabinet.appointments.base import Window
from cabinet.appointments.models import Appointment, AppointmentService, Desk
from cabinet.appointments.registry import appointment_settings, backend_of
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Subscriber
from cms_pages.centres.page import centres_to_show
from cms_pages.models import ServiceCentre
from portal.messaging.registry import channel_available
from portal.secrets import secret_hash

A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class DayWindows:
    """A day that can be asked for, with its free windows; perhaps none."""

    day: datetime.date
    windows: tuple[Window, ...] = ()


def centres_bookable() -> list[ServiceCentre]:
    """Return the centres that take bookings now, with all that a list shows: at most ten queries."""
    if not appointment_settings().is_on:
        return []
    centres = centres_to_show().filter(desks__is_open=True).distinct()
    services = _offered()
    open_desks = list(_open_desks())
    return [
        centre
        for centre in centres
        if centre.schedule.rules and _served(centre.pk, services, open_desks)
    ]


def services_of(centre: ServiceCentre) -> list[AppointmentService]:
    """Return what one can come with to a centre: offered, and served by an open desk. Four queries."""
    return _served(centre.pk, _offered(), list(_open_desks().filter(centre=centre)))


def booking_days() -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day that can be asked for."""
    today = timezone.localdate()
    return today, today + appointment_settings().days_ahead * A_DAY


def days_free(
    centre: ServiceCentre,
    service: AppointmentService,
    first: datetime.date,
    last: datetime.date,
    *,
    by_staff: bool = False,
) -> list[DayWindows]:
    """Return each of these days that can be asked for, with its free windows.

    The number of queries is the same for a day and for a month.
    """
    if not by_staff:
        today, horizon = booking_days()
        first, last = max(first, today), min(last, horizon)
    if first > last:
        return []
    found = backend_of().free_windows(centre, service, first, last, by_staff=by_staff)
    by_day = {
        day: tuple(windows)
        for day, windows in itertools.groupby(
            found, lambda window: timezone.localdate(window.starts_at)
        )
    }
    numbers = range((last - first).days + 1)
    days = (first + number * A_DAY for number in numbers)
    return [DayWindows(day, by_day.get(day, ())) for day in days]


def nearest_free(
    centre: ServiceCentre,
    service: AppointmentService,
    after: datetime.datetime,
    count: int,
) -> list[Window]:
    """Return the next free windows that begin at this moment or later."""
    _today, horizon = booking_days()
    first = timezone.localdate(after)
    if first > horizon:
        return []
    found = backend_of().free_windows(centre, service, first, horizon)
    return [window for window in found if window.starts_at >= after][:count]


def appointments_of(subscriber_id: UUID) -> QuerySet[Appointment]:
    """Return what a person has booked in this company, the latest first: confirmed at least once."""
    rows = Appointment.objects.select_related("centre", "service", "desk")
    unconfirmed = (Appointment.State.HELD, Appointment.State.EXPIRED)
    mine = rows.filter(subscriber_id=subscriber_id).exclude(state__in=unconfirmed)
    return mine.order_by("-starts_at")


def appointment_by_link(secret: str) -> Appointment | None:
    """Return the appointment that a link opens; None for one that has been used."""
    if not secret:
        return None
    rows = Appointment.objects.select_related("centre", "service", "desk")
    found: Appointment | None = rows.filter(link_hash=secret_hash(secret)).first()
    return found


def appointments_found(contact: Contact) -> QuerySet[Appointment]:
    """Return what is to come of who has booked without a login and given this contact, the next first."""
    rows = Appointment.objects.select_related("centre", "service", "desk")
    guests = rows.filter(subscriber_id=None, state=Appointment.State.BOOKED, **contact.lookup())
    return guests.filter(starts_at__gt=timezone.now()).order_by("starts_at")


def code_contact(appointment: Appointment, *, by_email: bool = False) -> Contact | None:
    """Return where the code goes: to the telephone where the company has SMS, else to the address."""
    if appointment.phone and not by_email and channel_available("sms"):
        return Contact("phone", appointment.phone)
    return Contact("email", appointment.email) if appointment.email else None


def contacts_known(appointment: Appointment) -> tuple[str, ...]:
    """Return those contacts of an appointment that are known to be the person's own.

    Of a login what it is entered with, of a guest where the code went; an operator has asked for them.
    """
    given = {appointment.phone, appointment.email}
    if appointment.subscriber_id:
        person = Subscriber.objects.filter(pk=appointment.subscriber_id).first()
        given &= {person.phone, person.email} if person else set()
    elif appointment.code_to:
        given &= {appointment.code_to}
    return tuple(one for one in given if one)


def same_contact(contacts: Collection[str], subscriber_id: UUID | None) -> Q:
    """Return the condition of an appointment or a place in the list of a login, or of one of the contacts."""
    mine = Q(pk=None)
    if found := [one for one in contacts if one]:
        mine |= Q(phone__in=found) | Q(email__in=found)
    return mine | Q(subscriber_id=subscriber_id) if subscriber_id else mine


def _offered() -> list[AppointmentService]:
    offered = AppointmentService.objects.filter(is_offered=True)
    return list(offered.prefetch_related(Prefetch("centres", ServiceCentre.published.only("pk"))))


def _open_desks() -> QuerySet[Desk]:
    services = Prefetch("services", AppointmentService.objects.only("pk"))
    return Desk.objects.filter(is_open=True).prefetch_related(services)


def _served(
    centre_pk: int, services: list[AppointmentService], desks: list[Desk]
) -> list[AppointmentService]:
    """Return the services of a centre; nothing chosen at a desk or a service means all."""
    here = [
        {one.pk for one in desk.services.all()} for desk in desks if desk.centre_id == centre_pk
    ]
    return [
        service
        for service in services
        if not (centres := {one.pk for one in service.centres.all()}) or centre_pk in centres
        if any(not chosen or service.pk in chosen for chosen in here)
    ]
