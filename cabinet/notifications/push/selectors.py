"""What the pages say of notifications in browsers."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push.keys import public_key
from cabinet.subscribers.models import SubscriberSession


@dataclass(frozen=True)
class Device:
    """A browser that shows the person's notifications."""

    row: PushSubscription
    is_this: bool


@dataclass(frozen=True)
class PushState:
    """`key`: what a browser is to subscribe with, empty where the portal sends no notifications."""

    key: str
    devices: list[Device]

    @property
    def is_shown(self) -> bool:
        return bool(self.key or self.devices)

    @property
    def is_here(self) -> bool:
        """Tell whether the browser of this login shows them."""
        return any(one.is_this for one in self.devices)


def push_state(subscriber_id: uuid.UUID, session: SubscriberSession) -> PushState:
    """Return what the person has in this company; this browser first."""
    rows = _live({subscriber_id})
    devices = [Device(row, row.session_id == session.pk) for row in reversed(rows)]
    return PushState(public_key(), sorted(devices, key=lambda one: not one.is_this))


def push_is_on(subscriber_id: uuid.UUID) -> bool:
    """Tell whether any browser shows the person's notifications."""
    return bool(push_recipients({subscriber_id}))


def push_recipients(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return the recipients of messages by person: at most two queries, none where push is not set up."""
    found: dict[uuid.UUID, list[str]] = {}
    for row in _live(persons) if public_key() else ():
        found.setdefault(row.subscriber_id, []).append(str(row.pk))
    return found


def with_login(rows: Collection[PushSubscription]) -> list[PushSubscription]:
    """Return those whose login nobody has ended; one that has expired by itself is there. One query.

    Of a company that was restored into another database the numbers of logins are somebody else's.
    """
    wanted = {row.session_id for row in rows}
    logins = SubscriberSession.objects.filter(pk__in=wanted).values_list("pk", "subscriber_id")
    there = set(logins) if wanted else set()
    return [row for row in rows if (row.session_id, row.subscriber_id) in there]


def _live(persons: Collection[uuid.UUID]) -> list[PushSubscription]:
    """Return the browsers of people, the oldest first, without those in which the login has ended."""
    mine = PushSubscription.objects.filter(subscriber_id__in=persons)
    rows = list(
        mine.only("subscriber_id", "session_id", "device", "created_at").order_by("created_at")
    )
    return with_login(rows)
