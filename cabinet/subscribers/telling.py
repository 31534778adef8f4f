from typing import Any

from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from portal.messaging.services import message_send


def subscriber_tell(*, subscriber: Subscriber, kind: str, context: dict[str, Any]) -> Message:
    """Write to a person in the caller's transaction: by e-mail, by SMS to who has only a phone.

    `kind` names the templates `email/<kind>.*` and `sms/<kind>.txt`.
    """
    channel = Message.Channel.EMAIL if subscriber.email else Message.Channel.SMS
    return message_send(
        kind=kind,
        recipient=subscriber.email or str(subscriber.phone),
        context=context,
        channel=channel,
        person=subscriber.pk,
    )
