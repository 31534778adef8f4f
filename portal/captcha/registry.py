from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.captcha.base import CaptchaProvider

_providers: dict[str, CaptchaProvider] = {}


def register(provider: CaptchaProvider) -> None:
    """Make a provider available under its identifier."""
    _providers[provider.identifier] = provider


def current_provider() -> CaptchaProvider:
    """The one of `CAPTCHA_PROVIDER`. Raises ImproperlyConfigured for an unknown name."""
    try:
        return _providers[settings.CAPTCHA_PROVIDER]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"CAPTCHA_PROVIDER {settings.CAPTCHA_PROVIDER!r} is none of {sorted(_providers)}."
        ) from error
