"""The keepers of the queue that there are, and the one of the company whose schema is entered."""

from cabinet.appointments.base import AppointmentBackend
from cabinet.appointments.models import AppointmentSettings

_BACKENDS: dict[str, type[AppointmentBackend]] = {}


def backend_register(backend: type[AppointmentBackend]) -> None:
    _BACKENDS[backend.code] = backend


def backend_choices() -> list[tuple[str, str]]:
    return [(code, str(backend.title)) for code, backend in _BACKENDS.items()]


def appointment_settings() -> AppointmentSettings:
    """Return the company's rules of booking, or the usual ones while it has set none. One query."""
    stored = AppointmentSettings.objects.filter(site__is_default_site=True).first()
    return stored or AppointmentSettings()


def backend_of(settings: AppointmentSettings | None = None) -> AppointmentBackend:
    """Return the keeper of the queue; without the settings they are asked for, by one query."""
    return _BACKENDS[(settings or appointment_settings()).backend]()
