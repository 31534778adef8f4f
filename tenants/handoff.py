"""From one host to another, whose cookies it cannot see: what staff and subscribers do alike.

The target host marks the browser with a nonce → the host where the person is known writes a token for
this nonce → the target takes the token. A link that is mailed or planted has no nonce in the victim's
browser.
"""

import datetime
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tenants.models.handoff import HandOffToken

LIFETIME = datetime.timedelta(seconds=60)


def secret_hash(secret: str) -> str:
    """Fit for a look-up: the secret has 256 bits of its own, so a plain hash gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def nonce_new() -> str:
    return secrets.token_urlsafe(32)


def is_nonce_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def nonce_set(response: HttpResponse, cookie: str, nonce: str) -> None:
    """Mark the browser. An empty nonce takes the mark away."""
    response.set_cookie(
        cookie,
        nonce,
        max_age=int(LIFETIME.total_seconds()) if nonce else 0,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    response.headers["Cache-Control"] = "no-store"


def token_write(model: type[HandOffToken], *, nonce_hash: str, **bound_to: Any) -> str:
    """A secret for one use within LIFETIME by the browser that has the nonce. Old ones are dropped."""
    now = timezone.now()
    rows = model._default_manager
    rows.filter(expires_at__lt=now).delete()
    token = secrets.token_urlsafe(32)
    rows.create(
        token_hash=secret_hash(token), nonce_hash=nonce_hash, expires_at=now + LIFETIME, **bound_to
    )
    return token


def token_condition(*, token: str, nonce: str) -> dict[str, Any]:
    """Which row a token of this browser is; it has expired otherwise, or was never written."""
    return {
        "token_hash": secret_hash(token),
        "nonce_hash": secret_hash(nonce),
        "expires_at__gt": timezone.now(),
    }


def nonce_of(request: HttpRequest, cookie: str) -> str:
    return request.COOKIES.get(cookie, "")
