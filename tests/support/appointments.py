"""Appointments: centres with desks, and bookings through the services that make them."""

import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cabinet.appointments.lifecycle.confirming import appointment_book
from cabinet.appointments.lifecycle.holding import appointment_hold
from cabinet.appointments.models import Appointment, AppointmentService, Desk
from cms_pages.models import OpeningHours, ServiceCentre
from tests.cms_pages.conftest import make_centre

# A Monday.
MONDAY = datetime.date(2026, 9, 14)


def make_queue(*, desks: int = 1, code: str = "queue", **fields: Any) -> ServiceCentre:
    """A centre open from 9:00 to 11:00 on every day, and its desks, which serve everything."""
    centre = make_centre(code, **fields)
    centre.hours = [  # type: ignore[misc]
        OpeningHours(first_day=0, last_day=6, opens=datetime.time(9), closes=datetime.time(11))
    ]
    centre.save()
    for number in range(1, desks + 1):
        Desk.objects.create(centre=centre, name=f"Окно {number}", order=number)
    return ServiceCentre.objects.get(pk=centre.pk)


def make_service(name: str = "Сверка", minutes: int = 30, **fields: Any) -> AppointmentService:
    return AppointmentService.objects.update_or_create(
        name=name, defaults={"minutes": minutes, **fields}
    )[0]


def at(time: str, day: datetime.date = MONDAY) -> datetime.datetime:
    """A time of the company's day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(time)))


def held(
    centre: ServiceCentre, service: AppointmentService, starts_at: datetime.datetime, **fields: Any
) -> Appointment:
    return appointment_hold(
        **{
            "centre": centre,
            "service": service,
            "starts_at": starts_at,
            "source": Appointment.Source.GUEST,
            "form_key": uuid4(),
            "contact_name": "Осипова Е. Г.",
            "phone": f"+7911{uuid4().int % 10_000_000:07}",
            **fields,
        }
    )


def booked(
    centre: ServiceCentre, service: AppointmentService, starts_at: datetime.datetime, **fields: Any
) -> Appointment:
    appointment = held(centre, service, starts_at, **fields)
    appointment_book(appointment_pk=appointment.pk)
    appointment.refresh_from_db()
    return appointment
