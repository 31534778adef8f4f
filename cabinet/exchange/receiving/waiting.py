"""Waiting for a package, when its sender would rather not ask again and again."""

import time

from cabinet.exchange.loading.lock import lock_numbers
from cabinet.exchange.models import Package
from tenants.schemas import working_alone

_WAITING = 7_305_005
_ASK_SECONDS = 0.3


def package_wait(package: Package, seconds: float) -> bool:
    """Wait until the worker is through with it, `seconds` at most; the row is read again.

    False at once when somebody of this company waits already: a waiting request holds a web process,
    and a portal whose processes all wait serves no one.
    """
    if not package.is_moving:
        return False
    end = time.monotonic() + seconds
    _, company = lock_numbers()
    with working_alone(_WAITING, company) as alone:
        if not alone:
            return False
        while package.is_moving and time.monotonic() < end:
            time.sleep(_ASK_SECONDS)
            package.refresh_from_db()
    return True
