"""What somebody wants to wait for, by the page's address: a centre and a service, or an earlier window."""

from dataclasses import dataclass

from django.utils import timezone

from cabinet.appointments.models import Appointment, AppointmentService
from cabinet.appointments.selectors import appointment_by_link, centres_bookable, services_of
from cabinet.appointments.waiting.notices import guest_ways
from cabinet.subscribers.http import CabinetRequest
from cms_pages.models import ServiceCentre


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Centre and service; with `appointment`, before its window."""

    centre: ServiceCentre
    service: AppointmentService
    appointment: Appointment | None = None


def subject_of(
    request: CabinetRequest, centre: int | None = None, service: int | None = None
) -> Subject | None:
    """Return what the address names, or None when it is nothing that one can wait for.

    Without centre and service it is an earlier window: `ticket` is the secret of a booking's link,
    `booking` the number of one's own.
    """
    if centre is not None:
        return _of_choice(centre, service)
    if secret := request.GET.get("ticket", ""):
        return _of_booking(appointment_by_link(secret))
    if number := request.GET.get("booking", ""):
        if request.subscriber is None or not number.isdecimal():
            return None
        mine = Appointment.objects.select_related("centre", "service")
        return _of_booking(mine.filter(number=number, subscriber_id=request.subscriber.pk).first())
    return None


def _of_booking(appointment: Appointment | None) -> Subject | None:
    if appointment is None or appointment.service is None:
        return None
    if appointment.state != Appointment.State.BOOKED or appointment.starts_at <= timezone.now():
        return None
    if not appointment.subscriber_id and not guest_ways(appointment.phone, appointment.email):
        return None  # nobody could be written to
    return Subject(centre=appointment.centre, service=appointment.service, appointment=appointment)


def _of_choice(pk: int, service: int | None) -> Subject | None:
    centre = next((one for one in centres_bookable() if one.pk == pk), None)
    if centre is None:
        return None
    found = next((one for one in services_of(centre) if one.pk == service), None)
    return Subject(centre=centre, service=found) if found else None
