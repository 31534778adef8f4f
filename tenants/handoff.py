"""The hand-off of a login from one host to another, for staff and subscribers alike.

The target host marks the browser with a nonce → the host where the person is known writes a token for
this nonce → the target takes the token. A link that is mailed or planted has no nonce in the victim's
browser.
"""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.secrets import new_secret, secret_cookie_delete, secret_cookie_set, secret_hash
from tenants.models.handoff import HandOffToken

LIFETIME = datetime.timedelta(seconds=60)


def is_nonce_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def nonce_set(response: HttpResponse, cookie: str, nonce: str) -> None:
    """Mark the browser with a nonce; an empty one takes the mark away."""
    if nonce:
        secret_cookie_set(response, cookie, nonce, LIFETIME)
    else:
        secret_cookie_delete(response, cookie)
    response.headers["Cache-Control"] = "no-store"


def token_write(model: type[HandOffToken], *, nonce_hash: str, **bound_to: Any) -> str:
    """Return a secret for one use within LIFETIME by the browser that has the nonce.

    Expired rows are deleted.
    """
    now = timezone.now()
    rows = model._default_manager
    rows.filter(expires_at__lt=now).delete()
    token = new_secret()
    rows.create(
        token_hash=secret_hash(token), nonce_hash=nonce_hash, expires_at=now + LIFETIME, **bound_to
    )
    return token


def token_condition(*, token: str, nonce: str) -> dict[str, Any]:
    """Return the look-ups of a token's row: of this browser, and not expired."""
    return {
        "token_hash": secret_hash(token),
        "nonce_hash": secret_hash(nonce),
        "expires_at__gt": timezone.now(),
    }


def nonce_of(request: HttpRequest, cookie: str) -> str:
    return request.COOKIES.get(cookie, "")
