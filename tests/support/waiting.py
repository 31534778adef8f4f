"""A desk whose day is full, and those who wait there. Each works in the schema that is entered."""

import datetime
from typing import Any
from uuid import uuid4

from cabinet.appointments.models import Appointment, AppointmentService, Desk, WaitingEntry
from cabinet.appointments.selectors import days_free
from cabinet.appointments.waiting.joining import Who, Wish, waiting_join
from tests.support.appointments import booked, make_queue, make_service


def desk_open() -> Desk:
    """The desk of a centre that is open from 9:00 to 11:00 on every day."""
    return make_queue(code="waiting").desks.get()


def half_hour() -> AppointmentService:
    return make_service()


def day_filled(desk: Desk, day: datetime.date) -> list[Appointment]:
    """Book all windows of a day, each for somebody of his own."""
    (free,) = days_free(desk.centre, half_hour(), day, day)
    return [booked(desk.centre, half_hour(), window.starts_at) for window in free.windows]


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
