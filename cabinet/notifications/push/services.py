"""Browsers that show a person's notifications: switched on in the browser, off there or with the login."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push.endpoints import endpoint_checked, keys_checked
from cabinet.notifications.push.keys import key_mark, public_key
from cabinet.notifications.push.selectors import with_login
from cabinet.subscribers.models import Subscriber, SubscriberSession
from cabinet.subscribers.sessions import subscriber_locked
from portal.http.devices import device_in_words
from portal.messaging.models import Message
from portal.messaging.services import messages_drop_to
from portal.secrets import keyed_hash

MOST = 10  # of one person and company; the oldest makes room
BATCH = 1000


@dataclass(frozen=True)
class Browser:
    """What a browser says of itself when it subscribes; `server_key` is the portal's key that it has used."""

    endpoint: str
    p256dh: str
    auth: str
    server_key: str


class KeyChanged(Exception):
    """The browser has subscribed by another key than the portal's: it has to subscribe again."""


@transaction.atomic
def push_add(
    *, subscriber: Subscriber, session: SubscriberSession, browser: Browser
) -> PushSubscription:
    """Let the browser of this login show the person's notifications, and nobody else's.

    Raises SubscriptionWrong, KeyChanged, and Subscriber.DoesNotExist or SubscriberSession.DoesNotExist for
    what has ended meanwhile.
    """
    endpoint = endpoint_checked(browser.endpoint)
    p256dh, auth = keys_checked(browser.p256dh, browser.auth)
    if browser.server_key != public_key():
        raise KeyChanged
    locked = subscriber_locked(subscriber.pk)
    now = SubscriberSession.objects.get(pk=session.pk)
    hashed = keyed_hash(endpoint, purpose="push endpoint")
    mine = PushSubscription.objects.filter(subscriber_id=locked.pk)
    _drop(PushSubscription.objects.filter(endpoint_hash=hashed))
    _drop(mine.filter(session_id=now.pk))
    _drop(mine.order_by("-created_at")[MOST - 1 :])
    return PushSubscription.objects.create(
        subscriber_id=locked.pk,
        session_id=now.pk,
        endpoint_hash=hashed,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        server_key=key_mark(browser.server_key),
        device=device_in_words(now.device)[:200],
    )


@transaction.atomic
def push_remove(*, subscriber: Subscriber, subscription_id: uuid.UUID) -> None:
    """Write nothing more to one of the person's browsers. Raises PushSubscription.DoesNotExist."""
    _drop([PushSubscription.objects.get(subscriber_id=subscriber.pk, pk=subscription_id)])


@transaction.atomic
def push_goes_on(*, subscription_id: uuid.UUID, session: SubscriberSession) -> None:
    """Let the subscription of a browser go with the login that has begun there; a stranger's ends."""
    found = PushSubscription.objects.filter(pk=subscription_id)
    _drop(found.exclude(subscriber_id=session.subscriber_id))
    found.update(session_id=session.pk)


def refused_forget(*, message: Message, **_: Any) -> None:
    """Forget a browser that takes no messages any more (a receiver)."""
    if message.channel == Message.Channel.PUSH:
        PushSubscription.objects.filter(pk=message.recipient).delete()


def push_forget() -> int:
    """Delete the browsers in which the login has ended; return how many.

    Nothing was sent there since: whoever ends a login on any host need not know of them.
    """
    count, last = 0, uuid.UUID(int=0)
    rows = PushSubscription.objects.only("session_id", "subscriber_id").order_by("pk")
    while some := list(rows.filter(pk__gt=last)[:BATCH]):
        last = some[-1].pk
        live = {row.pk for row in with_login(some)}
        gone = [row.pk for row in some if row.pk not in live]
        count += PushSubscription.objects.filter(pk__in=gone).delete()[0]
    return count


def _drop(rows: Iterable[PushSubscription]) -> None:
    """Delete subscriptions, and what waits to be sent there."""
    for one in list(rows):
        messages_drop_to(one.subscriber_id, Message.Channel.PUSH, recipient=str(one.pk))
        one.delete()
