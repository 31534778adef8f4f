"""Passes: a solved captcha stays solved while another field of the form is corrected.

An answer is spent when it is checked. If the form comes back all the same, it carries a pass: signed,
bound to the form and to the browser (by the secret behind its CSRF token), used once over all hosts,
and worth a new one only a few times, so that one answer never opens a form to a program for an hour.
"""

import datetime
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.middleware import csrf

from portal.secrets import OneTimeToken, keyed_hash

PURPOSE = "portal.captcha.pass"
LIFETIME = datetime.timedelta(hours=1)  # since the captcha itself was passed
SENDINGS = 5  # of one form, the first one included
_token = OneTimeToken(PURPOSE, lifetime=LIFETIME, any_schema=True)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A passed captcha: for which form, when, and how often that was sent since."""

    holder: str
    since: int
    sendings: int

    def token(self) -> str:
        """Return a pass for the next sending; empty when there is none left."""
        if self.sendings >= SENDINGS:
            return ""
        return _token.make([self.holder, self.since, self.sendings])


def passed_now(*, data: Mapping[str, Any], form: str) -> Passed:
    """Return a pass for an answer that the provider has just accepted."""
    return Passed(holder=_holder(data, form), since=int(time.time()), sendings=1)


def pass_use(token: str, *, data: Mapping[str, Any], form: str) -> Passed | None:
    """Use a pass; None if it is forged, too old, used or not of this form and browser.

    Raises CountersDown when it cannot be told whether it is used.
    """
    holder, since, sendings = _token.read(token) or ("", 0, 0)
    if holder != _holder(data, form) or since + LIFETIME.total_seconds() < time.time():
        return None
    if not _token.spend(token):
        return None
    return Passed(holder=holder, since=since, sendings=sendings + 1)


def _holder(data: Mapping[str, Any], form: str) -> str:
    browser = _csrf_secret(str(data.get("csrfmiddlewaretoken", "")))
    return keyed_hash(f"{form}\n{browser}", purpose=PURPOSE)[:32]


def _csrf_secret(token: str) -> str:
    """Return the secret of the CSRF cookie, which the middleware has compared with the token."""
    if len(token) != csrf.CSRF_TOKEN_LENGTH or not set(token) <= set(csrf.CSRF_ALLOWED_CHARS):
        return token
    secret: str = csrf._unmask_cipher_token(token)  # type: ignore[attr-defined]  # noqa: SLF001
    return secret
