"""Making and revoking keys. The whole key is seen once, by whoever makes it."""

import datetime
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cabinet.exchange.keys.models import ExchangeKey
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.staff.models import StaffUser


@dataclass(frozen=True)
class NewKey:
    """`token` is what the billing system sends; the portal does not know it afterwards."""

    key: ExchangeKey
    token: str


def secret_digest(secret: str) -> str:
    """Of a random secret of 256 bits: a slow hash would only slow down every request."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def key_create(
    *,
    name: str,
    scopes: Collection[str],
    actor: StaffUser,
    expires_at: datetime.datetime | None = None,
) -> NewKey:
    """A key of the company whose schema is entered. The audit log has it, without the secret."""
    public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ExchangeKey.objects.create(
        name=name,
        public_id=public_id,
        digest=secret_digest(secret),
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
    """From now on it opens nothing. Revoking again changes nothing. Raises ExchangeKey.DoesNotExist."""
    key = ExchangeKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), actor.get_username()
        key.save(update_fields=["revoked_at", "revoked_by"])
        audit_write(actor=actor, action="exchange.key_revoke", subject=key.name)
    return key
