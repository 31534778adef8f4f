"""A centre with one desk, its bookings, and those who wait there. Each works in the schema entered."""

import datetime
from typing import Any
from uuid import uuid4

from cabinet.appointments.lifecycle.confirming import appointment_book
from cabinet.appointments.lifecycle.holding import appointment_hold
from cabinet.appointments.models import Appointment, AppointmentService, Desk, WaitingEntry
from cabinet.appointments.selectors import days_free
from cabinet.appointments.waiting.joining import Who, Wish, waiting_join
from cms_pages.models import District, OpeningHours, ServiceCentre


def desk_open(code: str = "p", hours: tuple[int, int] = (9, 11)) -> Desk:
    """A centre with one desk that takes people on weekdays."""
    district = District.objects.get_or_create(name="Псков")[0]
    centre = ServiceCentre(
        code=code, name="Псковский", district=district, address="Псков, Рижский, 20"
    )
    opens, closes = (datetime.time(hour) for hour in hours)
    centre.hours = [OpeningHours(first_day=0, last_day=4, opens=opens, closes=closes)]
    centre.save()
    return Desk.objects.create(centre=centre, name="Окно 1")


def half_hour() -> AppointmentService:
    return AppointmentService.objects.get_or_create(name="Договор", defaults={"minutes": 30})[0]


def booked_at(desk: Desk, starts_at: datetime.datetime, **who: Any) -> Appointment:
    held = appointment_hold(
        centre=desk.centre,
        service=half_hour(),
        starts_at=starts_at,
        source=Appointment.Source.GUEST,
        form_key=uuid4(),
        **{"contact_name": "Анна", **who},
    )
    appointment_book(appointment_pk=held.pk)
    held.refresh_from_db()
    return held


def day_filled(desk: Desk, day: datetime.date) -> list[Appointment]:
    """Book all windows of a day, each for somebody of his own."""
    (free,) = days_free(desk.centre, half_hour(), day, day)
    return [
        booked_at(desk, window.starts_at, phone=f"+7911000{number:04d}")
        for number, window in enumerate(free.windows)
    ]


def waits(
    desk: Desk,
    first: datetime.date,
    last: datetime.date | None = None,
    appointment: Appointment | None = None,
    **who: Any,
) -> WaitingEntry:
    wish = Wish(centre=desk.centre, service=half_hour(), first_day=first, last_day=last or first)
    asker = Who.of(appointment) if appointment else Who(**{"contact_name": "Зина", **who})
    return waiting_join(form_key=uuid4(), wish=wish, who=asker, appointment=appointment)[0]
