"""Contacts that were added after the one by which a password is recovered.

Whoever knew the password before may have added them, to come back by a recovery of their own. The other
way round nothing ends: a telephone that was added later does not touch the address that was there before.
"""

from collections.abc import Collection

from cabinet.subscribers.contacts import Contact, Kind
from cabinet.subscribers.models import Subscriber


def contact_added_later(subscriber: Subscriber, by: str) -> Contact | None:
    """Return the person's other contact if it is younger than the one of the kind `by`."""
    kind: Kind = "phone" if by == "email" else "email"
    value, since = getattr(subscriber, kind), getattr(subscriber, f"{kind}_since")
    proved, proved_since = getattr(subscriber, by), getattr(subscriber, f"{by}_since")
    if not value or not proved or since is None:
        return None
    return Contact(kind, value) if proved_since is None or since > proved_since else None


def contact_drop(locked: Subscriber, by: str, keep: Collection[str]) -> Contact | None:
    """Take the later contact from the person unless it is one of `keep`, and return it.

    In a transaction that holds `subscriber_lock`. Letters that went to contacts which are gone now undo
    nothing any more: of the changes since then only the first one, whose letter went to the contact
    before, can still be undone.
    """
    dropped = contact_added_later(locked, by)
    if dropped is None or dropped.value in keep:
        return None
    since = getattr(locked, f"{by}_since")
    changes = locked.contact_changes.filter(kind=dropped.kind).exclude(confirmed_at=None)
    later = changes.filter(confirmed_at__gt=since) if since else changes
    first = later.order_by("confirmed_at").first()
    if first:
        later.exclude(pk=first.pk).delete()
    setattr(locked, dropped.kind, None)
    setattr(locked, f"{dropped.kind}_since", None)
    locked.save(update_fields=[dropped.kind, f"{dropped.kind}_since"])
    return dropped
