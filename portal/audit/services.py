import ipaddress
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractUser

from portal.audit.changes import Change
from portal.audit.context import current_address
from portal.audit.models import AuditEntry


def audit_write(
    *,
    actor: AbstractUser | None,
    action: str,
    subject: object = "",
    address: str = "",
    details: dict[str, Any] | None = None,
    changes: Sequence[Change] = (),
) -> AuditEntry:
    """Log an action in the current schema, in the caller's transaction: both happen or neither.

    `actor` is staff of either level, None for the portal itself. `action` is a key of
    `portal.audit.actions`. `subject` is stored as text. `address` is the visitor's; left out, that of the
    request being answered. No secret belongs in `details` or `changes`.
    """
    return AuditEntry.objects.create(
        level=_level(actor),
        actor_number=actor.pk if actor else None,
        actor_name=actor.get_username()[:150] if actor else "",
        action=action,
        subject=str(subject)[:255],
        address=valid_address(address or current_address()),
        details=(details or {})
        | ({"changes": [change.as_row() for change in changes]} if changes else {}),
    )


def _level(actor: AbstractUser | None) -> str:
    if actor is None:
        return AuditEntry.Level.SYSTEM
    central = getattr(actor, "is_central", False)
    return AuditEntry.Level.CENTRAL if central else AuditEntry.Level.COMPANY


def valid_address(address: str) -> str | None:
    """Return the address for the column; None for what is none, such as a unix socket's."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
