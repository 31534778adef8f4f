"""What a provider of the captcha must do, and which one the settings choose."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CaptchaFailed(Exception):
    """The answer is missing, wrong, too old or used already; the text says what to do, in Russian."""


class CaptchaProvider(ABC):
    """One way to tell people from programs.

    The field that a form calls `name` may send several inputs: `name` itself and `name_…`, of which
    `name_pass` is the field's own. A provider need not remember whom it has let in: a form that comes
    back because of another field carries a pass and does not ask the provider again.
    """

    identifier: str
    template_name: str

    @abstractmethod
    def context(self) -> dict[str, Any]:
        """Return the variables of the template, with a fresh challenge each time."""

    @abstractmethod
    def verify(self, *, data: Mapping[str, Any], name: str) -> None:
        """Accept the answer in a form's `data`, once.

        Raises CaptchaFailed, or CountersDown when it cannot be told whether the answer is used already.
        """


_providers: dict[str, CaptchaProvider] = {}


def register(provider: CaptchaProvider) -> None:
    """Make a provider available under its identifier."""
    _providers[provider.identifier] = provider


def current_provider() -> CaptchaProvider:
    """Return the provider of `CAPTCHA_PROVIDER`. Raises ImproperlyConfigured for an unknown name."""
    try:
        return _providers[settings.CAPTCHA_PROVIDER]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"CAPTCHA_PROVIDER {settings.CAPTCHA_PROVIDER!r} is none of {sorted(_providers)}."
        ) from error
