"""The hours in which a company's messages keep silent, for a new company that is set up like it.

Here, because `portal.messaging` knows no companies. Its sender's names are the company's own.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from portal.messaging.models import MessageSettings
from tenants.opening.copying import Part

_HOURS = ("quiet_from", "quiet_until")


def _settings() -> MessageSettings:
    found: MessageSettings = MessageSettings.for_site(Site.objects.get(is_default_site=True))
    return found


def _read() -> dict[str, int]:
    return {name: getattr(_settings(), name) for name in _HOURS}


def _write(hours: dict[str, int]) -> None:
    settings = _settings()
    for name, value in hours.items():
        setattr(settings, name, value)
    settings.save()


QUIET_HOURS = Part(
    code="quiet_hours",
    label=_("тихие часы сообщений"),
    read=_read,
    write=_write,
    order=50,
)
