"""Keys of the billing system: made, revoked and recognised."""

import datetime
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from limits import RateLimitItemPerMinute

from cabinet.exchange.models import ExchangeKey
from portal.audit.services import audit_write, valid_address
from portal.connection import current_schema
from portal.http.addresses import address_group
from portal.limits import CountersDown, RateLimit
from portal.secrets import new_secret, secret_hash
from portal.staff.models import StaffUser


@dataclass(frozen=True)
class NewKey:
    """A key and its `token`, which the billing system sends; the portal stores a hash of it only."""

    key: ExchangeKey
    token: str


@transaction.atomic
def key_create(
    *,
    name: str,
    scopes: Collection[str],
    actor: StaffUser,
    expires_at: datetime.datetime | None = None,
) -> NewKey:
    """Create a key of the company whose schema is entered, with an audit row without the secret."""
    public_id, secret = secrets.token_hex(6), new_secret()
    key = ExchangeKey.objects.create(
        name=name,
        public_id=public_id,
        digest=secret_hash(secret),
        scopes=sorted(scopes),
        created_by=actor.get_username(),
        expires_at=expires_at,
    )
    audit_write(
        actor=actor, action="exchange.key_create", subject=name, details={"scopes": key.scopes}
    )
    return NewKey(key, f"{current_schema()}.{public_id}.{secret}")


@transaction.atomic
def key_revoke(*, key_id: int, actor: StaffUser) -> ExchangeKey:
    """Revoke a key; revoking it again changes nothing. Raises ExchangeKey.DoesNotExist."""
    key = ExchangeKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), actor.get_username()
        key.save(update_fields=["revoked_at", "revoked_by"])
        audit_write(actor=actor, action="exchange.key_revoke", subject=key.name)
    return key


log = structlog.get_logger(__name__)

# A secret cannot be guessed; this spares the database and the log. A good key is never held up by it.
_failures = RateLimit("exchange key", RateLimitItemPerMinute(20))
_USE_NOTED_EVERY = datetime.timedelta(minutes=1)
_NO_KEY_DIGEST = secret_hash("")


class KeyRefused(Exception):
    """No such key, or it is revoked or has expired: 401."""


class KeyOfAnother(Exception):
    """A key that names another company: 403."""


class ScopeMissing(Exception):
    """The key may not do this: 403."""


class TooManyFailures(Exception):
    """Too many wrong keys from this address: 429. `seconds`: when to come again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


def key_authenticate(token: str, *, scope: str, address: str) -> ExchangeKey:
    """Return the key, if it is valid in the company whose schema is entered and has the scope.

    A key names its company, so that another company's is told from a wrong one without a look into
    another schema. Raises KeyRefused, KeyOfAnother, ScopeMissing, TooManyFailures.
    """
    schema, _, rest = token.partition(".")
    public_id, _, secret = rest.partition(".")
    if secret and schema != current_schema():
        _failed(address, "another company's")
        raise KeyOfAnother
    key = ExchangeKey.objects.filter(public_id=public_id[:16]).first() if secret else None
    # Compared in any case, and in constant time: the time that it takes discloses nothing.
    matches = hmac.compare_digest(key.digest if key else _NO_KEY_DIGEST, secret_hash(secret))
    if key is None or not matches or not key.is_good:
        _failed(address, "unknown" if key is None or not matches else "revoked or expired")
        raise KeyRefused
    if scope not in key.scopes:
        raise ScopeMissing
    _note_use(key, address)
    return key


def _failed(address: str, reason: str) -> None:
    """Count a failure of the address. Raises TooManyFailures; with Valkey down nothing is counted."""
    try:
        seconds = _failures.seconds_left(address_group(address))
        if seconds:
            raise TooManyFailures(seconds)
        _failures.spend(address_group(address))
    except CountersDown:
        pass
    log.warning("exchange key refused", reason=reason)


def _note_use(key: ExchangeKey, address: str) -> None:
    """Note the use of a key, at most once a minute: a frequent reader must not write each time."""
    now = timezone.now()
    if key.last_used_at and key.last_used_at > now - _USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    ExchangeKey.objects.filter(stale, pk=key.pk).update(
        last_used_at=now, last_used_address=valid_address(address)
    )
