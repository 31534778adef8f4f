"""Messages to a subscriber."""

from typing import Any

from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from portal.messaging.services import message_send


def subscriber_notify(
    *, subscriber: Subscriber, kind: str, context: dict[str, Any], unsubscribe_url: str = ""
) -> Message:
    """Write a message in the caller's transaction: by e-mail, or by SMS to a telephone-only account."""
    return message_send(
        kind=kind,
        recipient=subscriber.email or str(subscriber.phone),
        context=context,
        channel=Message.Channel.EMAIL if subscriber.email else Message.Channel.SMS,
        person=subscriber.pk,
        unsubscribe_url=unsubscribe_url,
    )
