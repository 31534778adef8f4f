"""The services and rules of booking of one company, for a new one that is set up like it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cabinet.appointments.models import AppointmentService, AppointmentSettings
from tenants.opening.copying import Part, settings_read, settings_write

_SERVICE = ("name", "hint", "bring", "minutes", "is_offered", "order")
_RULES = ("days_ahead", "notice_minutes", "offer_minutes")


def _read() -> dict[str, Any]:
    return {
        "services": list(AppointmentService.objects.values(*_SERVICE)),
        "rules": settings_read(AppointmentSettings, _RULES),
    }


def _write(said: dict[str, Any]) -> None:
    AppointmentService.objects.all().delete()
    AppointmentService.objects.bulk_create(AppointmentService(**one) for one in said["services"])
    settings_write(AppointmentSettings, said["rules"])


SERVICES = Part(
    code="appointment_services",
    label=_("услуги приёма и\u00a0правила записи, без окон и\u00a0центров"),
    read=_read,
    write=_write,
    order=40,
)
