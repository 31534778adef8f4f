"""Messages: written with the change that they report, sent after it, found again if forgotten."""

import datetime
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import timezone

from portal.jobs import JobFailed, job_enqueue, job_run
from portal.messaging.models import Message
from portal.messaging.registry import sender_for

log = structlog.get_logger(__name__)


def message_send(
    *,
    kind: str,
    recipient: str,
    context: dict[str, Any],
    channel: str = Message.Channel.EMAIL,
    person: uuid.UUID | None = None,
) -> Message:
    """Write an e-mail or SMS into the outbox, in the caller's transaction.

    Rendered now, because later the data may have changed: an e-mail from `email/<kind>.subject.txt`,
    `.txt` and `.html`, an SMS from `sms/<kind>.txt`. The task goes out when the transaction commits.
    """
    message = Message.objects.create(
        kind=kind,
        channel=channel,
        recipient=recipient,
        person=person,
        **_rendered(kind, channel, context),
    )
    job_enqueue(message)
    return message


def message_deliver(message_id: uuid.UUID) -> bool:
    """Send one message by its channel's sender. Return whether the other side took it.

    A kill between its answer and our note sends it again, under the same id: once too often is better
    than never.
    """
    return job_run(Message.objects.all(), message_id, _deliver)


def messages_forget() -> int:
    """Delete what was sent or given up long ago, and return how many.

    To whom and about what is personal data.
    """
    before = timezone.now() - datetime.timedelta(days=settings.MESSAGE_KEEP_DAYS)
    over = Message.objects.filter(
        state__in=[Message.State.SENT, Message.State.FAILED], created_at__lt=before
    )
    return over.delete()[0]


def _rendered(kind: str, channel: str, context: dict[str, Any]) -> dict[str, str]:
    if channel == Message.Channel.SMS:
        return {"text": " ".join(render_to_string(f"sms/{kind}.txt", context).split())}
    return {
        "subject": " ".join(render_to_string(f"email/{kind}.subject.txt", context).split()),
        "text": render_to_string(f"email/{kind}.txt", context),
        "html": render_to_string(f"email/{kind}.html", context),
    }


def _deliver(message: Message) -> dict[str, Any]:
    try:
        sender_for(message.channel).send(message)
    except ImproperlyConfigured as error:  # said loudly at each try, and given up like the rest
        log.error("no sender", channel=message.channel, error=str(error))
        raise JobFailed("no sender") from error
    return {"state": Message.State.SENT, "sent_at": timezone.now(), **Message.WIPED}
