"""The services and rules of booking of one company, for a new one that is set up like it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from cabinet.appointments.models import AppointmentService, AppointmentSettings
from tenants.opening.copying import Part

_SERVICE = ("name", "hint", "bring", "minutes", "is_offered", "order")
_RULES = ("days_ahead", "notice_minutes", "offer_minutes")


def _rules() -> AppointmentSettings:
    found: AppointmentSettings = AppointmentSettings.for_site(
        Site.objects.get(is_default_site=True)
    )
    return found


def _read() -> dict[str, Any]:
    rules = _rules()
    return {
        "services": list(AppointmentService.objects.values(*_SERVICE)),
        "rules": {name: getattr(rules, name) for name in _RULES},
    }


def _write(said: dict[str, Any]) -> None:
    AppointmentService.objects.all().delete()
    AppointmentService.objects.bulk_create(AppointmentService(**one) for one in said["services"])
    rules = _rules()
    for name, value in said["rules"].items():
        setattr(rules, name, value)
    rules.save()


SERVICES = Part(
    code="appointment_services",
    label=_("услуги приёма и\u00a0правила записи, без окон и\u00a0центров"),
    read=_read,
    write=_write,
    order=40,
)
