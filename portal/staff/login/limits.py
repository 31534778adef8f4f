"""Rate limits of staff: passwords by login and network, letters with a new password.

With Valkey down django-axes still counts by login and network, in the database.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit

MINUTES = 15
ACCOUNT = RateLimit("staff-login:account", RateLimitItemPerMinute(10, MINUTES))
# Wide, because an office shares one address.
NETWORK = RateLimit("staff-login:network", RateLimitItemPerMinute(50, MINUTES))
RESETS = RateLimit("staff-reset:network", RateLimitItemPerHour(30))
RESET_LETTERS = (
    RateLimit("staff-reset:letters", RateLimitItemPerHour(5)),
    RateLimit("staff-reset:letters", RateLimitItemPerDay(10)),
)


def login_allowed(request: HttpRequest, username: str) -> bool:
    """Count a guess of a password, and tell whether it may be looked at. Atomic over all processes.

    The same for a login that nobody has.
    """
    if NETWORK.is_exhausted(_network(request), when_down=False):
        return False
    return ACCOUNT.try_spend(_key(username), when_down=True)


def login_blocked(request: HttpRequest, username: str) -> bool:
    """Tell whether the next guess would not be looked at, without counting."""
    if getattr(request, "axes_locked_out", False):
        return True
    limits = ((NETWORK, _network(request)), (ACCOUNT, _key(username)))
    return any(limit.is_exhausted(key, when_down=False) for limit, key in limits)


def login_failed(request: HttpRequest) -> None:
    """Count a wrong password of the network."""
    NETWORK.try_spend(_network(request), when_down=True)


def login_succeeded(username: str) -> None:
    """Forget the guesses of a login whose owner has proved to be it."""
    ACCOUNT.forget(_key(username))


def lockout_answer(request: HttpRequest, response: HttpResponse, _credentials: Any) -> HttpResponse:
    """Return the login form, whose error says it; django-axes would answer with a bare line."""
    return response


def reset_allowed(request: HttpRequest, email: str) -> bool:
    """Count a request for a new password, and tell whether it may be answered.

    The same for an address that nobody has.
    """
    return RESETS.try_spend(_network(request), when_down=True) and all(
        limit.try_spend(_key(email), when_down=True) for limit in RESET_LETTERS
    )


def _network(request: HttpRequest) -> str:
    return f"{current_schema()}:{client_network(request)}"


def _key(name: str) -> str:
    """Return the key of a login or an address in this schema, whatever its letters' case."""
    return f"{current_schema()}:{name.strip().casefold()[:200]}"
