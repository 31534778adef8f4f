"""Messages: written with the change that they report, sent after it, found again if forgotten."""

import base64
import datetime
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import timezone

from portal.jobs import JobFailed, job_enqueue, job_run
from portal.messaging.models import Attachment, Message
from portal.messaging.registry import sender_for

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class File:
    """A file to attach to an e-mail."""

    name: str
    content: bytes
    content_type: str


def message_send(
    *,
    kind: str,
    recipient: str,
    context: dict[str, Any],
    channel: str = Message.Channel.EMAIL,
    person: uuid.UUID | None = None,
    unsubscribe_url: str = "",
    attachments: Sequence[File] = (),
) -> Message:
    """Write an e-mail or SMS into the outbox, in the caller's transaction.

    `messages/<kind>.html` has its blocks: subject, title, html, footer and text of an e-mail, sms. The
    task goes out when the transaction commits, into the queue of the kind (portal/settings/queues.py).

    A message is rendered now, because later the data may have changed. One of a kind in the queue `bulk`,
    which goes to many, is rendered when it is sent: its context has to be JSON, so dates and sums in it
    are formatted already. `unsubscribe_url` cancels messages of this kind by a POST without login.
    """
    message = Message(
        kind=kind,
        channel=channel,
        recipient=recipient,
        person=person,
        unsubscribe_url=unsubscribe_url or None,
    )
    if message.queue == "bulk":
        message.context = json.dumps(context)
    else:
        message_render(message, context)
    message.save()
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name,
            content_type=file.content_type,
            content=base64.b64encode(file.content).decode(),
        )
        for file in attachments
    )
    job_enqueue(message)
    return message


def message_render(message: Message, context: dict[str, Any] | None = None) -> None:
    """Set the message's subject, text and markup from the context; by default its frozen one."""
    if context is None:
        context = json.loads(message.context or "{}")

    def part(name: str) -> str:
        return render_to_string(f"messages/{message.kind}.html", {**context, "part": name})

    if message.channel == Message.Channel.SMS:
        message.text = " ".join(part("sms").split())
        return
    message.subject = " ".join(part("subject").split())
    message.text, message.html = part("text"), part("html")


def messages_failed() -> int:
    """Return how many messages of the current schema were given up."""
    return Message.objects.filter(state=Message.State.FAILED).count()


def message_deliver(message_id: uuid.UUID) -> bool:
    """Send one message by its channel's sender. Return whether the other side took it.

    A kill between its answer and our note sends it again, under the same id: once too often is better
    than never.
    """
    return job_run(Message.objects.all(), message_id, _deliver)


def messages_forget() -> int:
    """Delete what was sent or given up long ago, and return how many. Their files go at once.

    To whom and about what is personal data.
    """
    Attachment.objects.exclude(message__state=Message.State.PENDING).delete()
    before = timezone.now() - datetime.timedelta(days=settings.MESSAGE_KEEP_DAYS)
    over = Message.objects.filter(
        state__in=[Message.State.SENT, Message.State.FAILED], created_at__lt=before
    )
    return over.delete()[0]


def _deliver(message: Message) -> dict[str, Any]:
    if message.context:
        message_render(message)
    try:
        sender_for(message.channel).send(message)
    except ImproperlyConfigured as error:  # said loudly at each try, and given up like the rest
        log.error("no sender", channel=message.channel, error=str(error))
        raise JobFailed("no sender") from error
    if message.channel == Message.Channel.EMAIL and message.files:
        message.attachments.all().delete()
    return {
        "state": Message.State.SENT,
        "sent_at": timezone.now(),
        "subject": message.subject,
        **Message.WIPED,
    }
