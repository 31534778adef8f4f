"""Messages: written with the change that they tell of, sent after it, found again if forgotten."""

import datetime
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.messaging.base import RecipientRefused, SendingFailed
from portal.messaging.models import Message
from portal.messaging.registry import sender_for
from portal.outbox import enqueue_on_commit

log = structlog.get_logger(__name__)

# A worker that was killed while sending is given this long before another one takes the row.
LEASE = datetime.timedelta(minutes=2)
RETRY_AFTER = [datetime.timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600)]
SWEEP_LIMIT = 200


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
        not_before=timezone.now(),
        **_rendered(kind, channel, context),
    )
    enqueue_on_commit("portal.messaging.tasks.message_deliver", str(message.pk))
    return message


def _rendered(kind: str, channel: str, context: dict[str, Any]) -> dict[str, str]:
    if channel == Message.Channel.SMS:
        return {"text": " ".join(render_to_string(f"sms/{kind}.txt", context).split())}
    return {
        "subject": " ".join(render_to_string(f"email/{kind}.subject.txt", context).split()),
        "text": render_to_string(f"email/{kind}.txt", context),
        "html": render_to_string(f"email/{kind}.html", context),
    }


def message_claim(message_id: uuid.UUID) -> Message | None:
    """Take a due message for sending; None if it is sent, not due, or in another worker's hands.

    Committed before anything goes over the network. The lease in `not_before` ends by itself.
    """
    now = timezone.now()
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(
                pk=message_id,
                state__in=[Message.State.PENDING, Message.State.SENDING],
                not_before__lte=now,
            )
            .first()
        )
        if message is None:
            return None
        message.state = Message.State.SENDING
        message.attempts += 1
        message.not_before = now + LEASE
        message.save(update_fields=["state", "attempts", "not_before"])
    return message


def message_deliver(message_id: uuid.UUID) -> bool:
    """Send one message by its channel's sender. True when the other side took it.

    A kill between its answer and our note sends it again, under the same id: once too often is better
    than never.
    """
    message = message_claim(message_id)
    if message is None:
        return False
    try:
        sender_for(message.channel).send(message)
    except SendingFailed as error:
        _postpone(message, error)
        return False
    except ImproperlyConfigured as error:  # said loudly at each try, and given up like the rest
        log.error("no sender", channel=message.channel, error=str(error))
        _postpone(message, SendingFailed("no sender"))
        return False
    message.state = Message.State.SENT
    message.sent_at = timezone.now()
    message.text = message.html = None
    message.last_error = ""
    message.save(update_fields=["state", "sent_at", "text", "html", "last_error"])
    return True


def messages_due() -> list[uuid.UUID]:
    """What a lost broker or a killed worker forgot, oldest first."""
    due = Message.objects.filter(
        state__in=[Message.State.PENDING, Message.State.SENDING], not_before__lte=timezone.now()
    )
    return list(due.order_by("not_before").values_list("pk", flat=True)[:SWEEP_LIMIT])


def messages_forget() -> int:
    """Delete what was sent or given up long ago: to whom and about what is somebody's data. How many."""
    before = timezone.now() - datetime.timedelta(days=settings.MESSAGE_KEEP_DAYS)
    over = Message.objects.filter(
        state__in=[Message.State.SENT, Message.State.FAILED], created_at__lt=before
    )
    return over.delete()[0]


def _postpone(message: Message, error: SendingFailed) -> None:
    """Later again; given up, and its text wiped, when it is refused for good or too often."""
    refused = isinstance(error, RecipientRefused)
    given_up = refused or message.attempts > len(RETRY_AFTER)
    message.last_error = error.reason[:100]
    if given_up:
        message.state = Message.State.FAILED
        message.text = message.html = None
    else:
        message.state = Message.State.PENDING
        message.not_before = timezone.now() + RETRY_AFTER[message.attempts - 1]
    message.save(update_fields=["state", "not_before", "last_error", "text", "html"])
    log.warning(
        "message not sent", message=str(message.pk), error=message.last_error, given_up=given_up
    )
