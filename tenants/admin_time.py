"""The admin in the company's time zone.

Wagtail runs each view of its admin in the zone of the person's profile, or else in `TIME_ZONE`, which is
Moscow's: a notice that begins at noon in Kamchatka would begin there at nine in the evening.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from wagtail.admin import localization


def _as_the_middleware_has_set(zone: Any) -> AbstractContextManager[None]:
    return nullcontext()


def install() -> None:
    """Leave the zone as the tenant's middleware sets it. Called once, in `AppConfig.ready`."""
    localization.override_tz = _as_the_middleware_has_set
