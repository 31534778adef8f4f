"""Passes: a solved captcha stays solved while another field of the form is corrected.

An answer is spent when it is checked. If the form comes back all the same, it carries a pass: signed,
bound to the form and to the browser (by the secret behind its CSRF token), used once over all hosts,
and worth a new one only a few times, so that one answer never opens a form to a program for an hour.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.cache import caches
from django.middleware import csrf
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from portal.limits import CountersDown

SALT = "portal.captcha.pass"
LIFETIME = 3600  # seconds since the captcha itself was passed
SENDINGS = 5  # of one form, the first one included


@dataclass(frozen=True, kw_only=True)
class Passed:
    """That the captcha was passed for a form, when, and how often it has been sent since."""

    holder: str
    since: int
    sendings: int

    def token(self) -> str:
        """Return a pass for the next sending; empty when there is none left."""
        if self.sendings >= SENDINGS:
            return ""
        number = secrets.token_hex(8)
        return signing.dumps([number, self.holder, self.since, self.sendings], salt=SALT)


def passed_now(*, data: Mapping[str, Any], form: str) -> Passed:
    """Return a pass for an answer that the provider has just accepted."""
    return Passed(holder=_holder(data, form), since=int(time.time()), sendings=1)


def pass_use(token: str, *, data: Mapping[str, Any], form: str) -> Passed | None:
    """Use a pass; None if it is forged, too old, used or not of this form and browser.

    Raises CountersDown when it cannot be told whether it is used.
    """
    try:
        number, holder, since, sendings = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    if holder != _holder(data, form) or since + LIFETIME < time.time():
        return None
    try:
        # `add` is atomic: of two at once, one wins.
        fresh = caches["shared"].add(f"captcha:pass:{number}", 1, LIFETIME)
    except (RedisError, OSError) as error:
        raise CountersDown from error
    return Passed(holder=holder, since=since, sendings=sendings + 1) if fresh else None


def _holder(data: Mapping[str, Any], form: str) -> str:
    browser = _csrf_secret(str(data.get("csrfmiddlewaretoken", "")))
    return salted_hmac(SALT, f"{form}\n{browser}", algorithm="sha256").hexdigest()[:32]


def _csrf_secret(token: str) -> str:
    """Return the secret of the CSRF cookie, which the middleware has compared with the token."""
    if len(token) != csrf.CSRF_TOKEN_LENGTH or not set(token) <= set(csrf.CSRF_ALLOWED_CHARS):
        return token
    secret: str = csrf._unmask_cipher_token(token)  # type: ignore[attr-defined]  # noqa: SLF001
    return secret
