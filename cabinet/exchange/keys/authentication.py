"""Whose key is this, and may it?"""

import datetime
import hmac

import structlog
from django.db.models import Q
from django.utils import timezone
from limits import RateLimitItemPerMinute

from cabinet.exchange.keys.models import ExchangeKey
from cabinet.exchange.keys.services import secret_digest
from portal.addresses import address_group
from portal.audit.services import valid_address
from portal.connection import current_schema
from portal.limits import CountersDown, RateLimit

log = structlog.get_logger(__name__)

# A secret cannot be guessed; this spares the database and the log. A good key is never held up by it.
_failures = RateLimit("exchange key", RateLimitItemPerMinute(20))
_USE_NOTED_EVERY = datetime.timedelta(minutes=1)
_NOBODY = secret_digest("")


class KeyRefused(Exception):
    """No such key, or it is revoked or has expired: 401."""


class KeyOfAnother(Exception):
    """A key that names another company: 403."""


class ScopeMissing(Exception):
    """The key may not do this: 403."""


class TooManyFailures(Exception):
    """From this address: 429. `seconds`: when to come again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


def key_authenticate(token: str, *, scope: str, address: str) -> ExchangeKey:
    """The key, if it is a good one of the company whose schema is entered and may do this.

    A key names its company, so that another company's is told from a wrong one without a look into
    another schema. Raises KeyRefused, KeyOfAnother, ScopeMissing, TooManyFailures.
    """
    schema, _, rest = token.partition(".")
    public_id, _, secret = rest.partition(".")
    if secret and schema != current_schema():
        _failed(address, "another company's")
        raise KeyOfAnother
    key = ExchangeKey.objects.filter(public_id=public_id[:16]).first() if secret else None
    # Compared in any case, and in constant time: how long it takes tells nothing.
    matches = hmac.compare_digest(key.digest if key else _NOBODY, secret_digest(secret))
    if key is None or not matches or not key.is_good:
        _failed(address, "unknown" if key is None or not matches else "revoked or expired")
        raise KeyRefused
    if scope not in key.scopes:
        raise ScopeMissing
    _note_use(key, address)
    return key


def _failed(address: str, reason: str) -> None:
    """Raises TooManyFailures. With Valkey down nobody counts."""
    try:
        seconds = _failures.seconds_left(address_group(address))
        if seconds:
            raise TooManyFailures(seconds)
        _failures.spend(address_group(address))
    except CountersDown:
        pass
    log.warning("exchange key refused", reason=reason)


def _note_use(key: ExchangeKey, address: str) -> None:
    """Once a minute at most: a program that asks each second must not write each second."""
    now = timezone.now()
    if key.last_used_at and key.last_used_at > now - _USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    ExchangeKey.objects.filter(stale, pk=key.pk).update(
        last_used_at=now, last_used_address=valid_address(address)
    )
