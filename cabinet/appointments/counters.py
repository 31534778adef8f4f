"""A counter of the fleet page, and what holds a company from being archived."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.models import Appointment
from tenants.fleet import Counter
from tenants.models import GasCompany
from tenants.schemas import has_table


def appointments_to_come(company: GasCompany) -> int:
    """Return how many people are to come. One query by the index of moments."""
    booked = Appointment.objects.filter(state=Appointment.State.BOOKED)
    return booked.filter(starts_at__gt=timezone.now()).count()


def appointments_open_said(company: GasCompany) -> str:
    """Return a sentence about appointments to come and what to do; empty where there are none."""
    if not has_table("appointments_appointment"):  # the schema is of before appointments
        return ""
    count = appointments_to_come(company)
    if not count:
        return ""
    return _(
        "Люди записаны в центры обслуживания: %(n)s. Сначала отмените их записи, чтобы портал предупредил "
        "каждого."
    ) % {"n": count}


def zone_moves_appointments(company: GasCompany, zone: str) -> str:
    """Return what another time zone does to appointments to come; empty without any."""
    count, now = appointments_to_come(company), timezone.now()
    offsets = [now.astimezone(ZoneInfo(name)).utcoffset() for name in (company.time_zone, zone)]
    if not count or offsets[0] == offsets[1]:
        return ""
    return _(
        "Записей на\u00a0приём впереди: %(n)s. Их\u00a0время и, возможно, день на\u00a0часах посетителей "
        "изменятся: предупредите людей или перенесите записи заранее."
    ) % {"n": count}


COUNTERS = (Counter("appointments", "Записей на приём", appointments_to_come, order=76),)
