"""Production. Everything comes from the environment; a development convenience stops the start."""

import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.settings import webpush
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    MAX_API_URL,
    MESSAGE_SENDERS,
    SMSAERO_SIGN,
    caches,
    database,
    env,
)


def _secret(name: str, minimum: int) -> str:
    value: str = env(name, default="")
    if len(value) < minimum or len(set(value)) < 10 or "development" in value or "test" in value:
        raise ImproperlyConfigured(
            f"{name} must be a random secret of at least {minimum} characters, not a default."
        )
    return value


def _required(name: str) -> str:
    value: str = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return value


for _convenience in ("DEMO", "DEBUG"):
    if env.bool(_convenience, default=False):
        raise ImproperlyConfigured(f"{_convenience} is a development convenience: unset it.")

SECRET_KEY = _secret("SECRET_KEY", 50)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SALT_KEY = _secret("SALT_KEY", 16)
DATABASES = {"default": database(_required("DATABASE_URL"))}
CACHES = caches(_required("REDIS_URL"))
CELERY_BROKER_URL = env("BROKER_URL", default="") or _required("REDIS_URL")
BASE_HOST = _required("BASE_HOST")
if BASE_HOST.endswith("localhost"):
    raise ImproperlyConfigured("BASE_HOST is a development host.")
# Believing a header that no proxy wrote lets a visitor choose an address; believing none behind a proxy
# makes all visitors one for the limits.
_proxies = _required("TRUSTED_PROXY_COUNT")
if not re.fullmatch(r"[0-9]", _proxies):
    raise ImproperlyConfigured(
        "TRUSTED_PROXY_COUNT must be the number of your proxies that add to X-Forwarded-For, 0 for none."
    )
TRUSTED_PROXY_COUNT = int(_proxies)
MEDIA_ROOT = Path(_required("MEDIA_ROOT"))
STATIC_ROOT = Path(_required("STATIC_ROOT"))
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", default=str(MEDIA_ROOT.parent / "private")))
CELERY_BEAT_SCHEDULE_FILENAME = env("BEAT_SCHEDULE", default="beat-schedule")

EMAIL_HOST = _required("EMAIL_HOST")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = _required("DEFAULT_FROM_EMAIL")

# Without a sender nobody is offered to register, or to recover a password, by telephone.
SMSAERO_EMAIL = env("SMSAERO_EMAIL", default="")
SMSAERO_API_KEY = env("SMSAERO_API_KEY", default="")
SMSAERO_SIGN = env("SMSAERO_SIGN", default=SMSAERO_SIGN)
_sms_sender = env("SMS_SENDER", default="smsaero" if SMSAERO_API_KEY else "")
if _sms_sender == "demo":
    raise ImproperlyConfigured("SMS_SENDER demo is a development convenience: it sends nothing.")
if _sms_sender == "smsaero" and not (SMSAERO_EMAIL and SMSAERO_API_KEY):
    raise ImproperlyConfigured("SMS Aero needs both SMSAERO_EMAIL and SMSAERO_API_KEY.")
MESSAGE_SENDERS = {**MESSAGE_SENDERS, "sms": _sms_sender}
MAX_API_URL = env("MAX_API_URL", default=MAX_API_URL)
MAX_CA_BUNDLE = env("MAX_CA_BUNDLE", default="")
if MAX_CA_BUNDLE and not Path(MAX_CA_BUNDLE).is_file():
    raise ImproperlyConfigured(f"MAX_CA_BUNDLE names no file: {MAX_CA_BUNDLE}")

WEBPUSH_PRIVATE_KEY = env("WEBPUSH_PRIVATE_KEY", default="")
WEBPUSH_CONTACT = env("WEBPUSH_CONTACT", default=f"https://{BASE_HOST}")
if WEBPUSH_PRIVATE_KEY and not webpush.is_key(WEBPUSH_PRIVATE_KEY):
    raise ImproperlyConfigured(
        "WEBPUSH_PRIVATE_KEY is no key: `manage.py webpush_key` makes one, once for all time."
    )
if not WEBPUSH_CONTACT.startswith(("https://", "mailto:")):
    raise ImproperlyConfigured("WEBPUSH_CONTACT begins with https:// or mailto:.")

# Host-only cookies: a neighbour's host, or a subdomain, can neither read nor plant them.
SESSION_COOKIE_NAME = "__Host-staff"
CSRF_COOKIE_NAME = "__Host-csrf"
SUBSCRIBER_COOKIE = "__Host-subscriber"
REGISTRATION_COOKIE = "__Host-registration"
APPLICATION_COOKIE = "__Host-application"
BROWSER_COOKIE = "__Host-browser"
FORM_RECOVERY_COOKIE = "__Host-form_recovery"
VISITOR_COOKIE = "__Host-visitor"
LOW_VISION_COOKIE = "__Host-low_vision"
PAGE_CACHE_NEUTRAL_COOKIES = [CSRF_COOKIE_NAME, VISITOR_COOKIE, BROWSER_COOKIE, LOW_VISION_COOKIE]
ENTRY_COOKIE = "__Host-entry"
HANDOFF_COOKIE = "__Host-handoff"
MAX_COOKIE = "__Host-max"
PUSH_COOKIE = "__Host-push"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
