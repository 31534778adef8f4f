import datetime
import secrets

from django.conf import settings
from django.http import HttpResponseBase

from portal.secrets import secret_hash

__all__ = ["delete_secret_cookie", "new_secret", "secret_hash", "set_secret_cookie"]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def set_secret_cookie(
    response: HttpResponseBase, name: str, value: str, lifetime: datetime.timedelta
) -> None:
    """Host-only (no Domain), out of scripts' reach, not sent by other sites' forms."""
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def delete_secret_cookie(response: HttpResponseBase, name: str) -> None:
    # Not response.delete_cookie(): a `__Host-` cookie is only replaced by one that is Secure too.
    set_secret_cookie(response, name, "", datetime.timedelta(0))
