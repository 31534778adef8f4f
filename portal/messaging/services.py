"""Messages: written with the change that they report, sent after it, found again if forgotten."""

import base64
import datetime
import json
import time
import uuid
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from portal.connection import current_schema
from portal.jobs import (
    INTERRUPTED,
    JobFailed,
    JobPostponed,
    LeaseLost,
    enqueue_on_commit,
    job_enqueue,
    job_finish,
    job_run,
    jobs_sweep,
    rows_work_off,
    session_lock,
)
from portal.messaging.base import ChannelDown, OutcomeUnknown, RecipientRefused, SendingFailed
from portal.messaging.events import message_refused
from portal.messaging.models import Attachment, Message
from portal.messaging.quiet import day_refund, day_spend, quiet_until
from portal.messaging.registry import sender_for, senders_in_use
from portal.messaging.wording import message_words, part_render, wordings_remembered

BULK = "bulk"
DRAIN_TASK = "portal.messaging.tasks.messages_drain"
DRAIN_SECONDS = 50
_DRAIN_BATCH = 100
_DROP_BATCH = 2000
URGENT = "urgent"
URGENT_GOOD_FOR = datetime.timedelta(hours=1)
# The recipient's doing: nothing more reaches them there.
REFUSALS = {
    Message.Failure.NO_SUCH,
    Message.Failure.FULL,
    Message.Failure.REFUSED,
    Message.Failure.BLOCKED,
}

log = structlog.get_logger(__name__)


class SecretInMax(ValueError):
    """A code or a password was to be written in MAX, which carries none."""


@dataclass(frozen=True)
class File:
    """A file to attach to an e-mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Letter:
    """What is to be written to one recipient, by one channel."""

    kind: str
    recipient: str
    context: dict[str, Any]
    channel: str = Message.Channel.EMAIL
    person: uuid.UUID | None = None
    account_number: str = ""
    subscription: uuid.UUID | None = None
    mailing: uuid.UUID | None = None
    unsubscribe_url: str = ""


def message_send(
    *,
    kind: str,
    recipient: str,
    context: dict[str, Any],
    channel: str = Message.Channel.EMAIL,
    person: uuid.UUID | None = None,
    account_number: str = "",
    subscription: uuid.UUID | None = None,
    mailing: uuid.UUID | None = None,
    unsubscribe_url: str = "",
    attachments: Sequence[File] = (),
) -> Message:
    """Write a message into the outbox, in the caller's transaction.

    `messages/<kind>.html` has its blocks: subject, title, html, footer and text of an e-mail, sms of an SMS
    and of MAX. The task goes out when the transaction commits, into the queue of the kind
    (portal/settings/queues.py).

    A message is rendered now, because later the data may have changed. One of a kind in the queue `bulk`,
    which goes to many, is rendered when it is sent: its context has to be JSON, so dates and sums in it
    are formatted already. `unsubscribe_url` cancels messages of this kind by a POST without login.
    """
    letter = Letter(
        kind=kind,
        recipient=recipient,
        context=context,
        channel=channel,
        person=person,
        account_number=account_number,
        subscription=subscription,
        mailing=mailing,
        unsubscribe_url=unsubscribe_url,
    )
    message = _message_of(letter)
    _hold([message])
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


def messages_write(letters: Iterable[Letter]) -> list[Message]:
    """Write many messages in the caller's transaction, by one statement, as `message_send` writes one.

    Those of the queue `bulk` are sent by one task of the schema, `messages_drain`; each of the others has
    its own.
    """
    with wordings_remembered():
        messages = [_message_of(letter) for letter in letters]
    _hold(messages)
    written = Message.objects.bulk_create(messages)
    for message in written:
        if message.queue != BULK:
            job_enqueue(message)
    if any(message.queue == BULK for message in written):
        enqueue_on_commit(DRAIN_TASK, queue=BULK)
    return written


def _message_of(letter: Letter) -> Message:
    message = Message(
        kind=letter.kind,
        channel=letter.channel,
        recipient=letter.recipient,
        person=letter.person,
        account_number=letter.account_number,
        subscription=letter.subscription,
        mailing=letter.mailing,
        unsubscribe_url=letter.unsubscribe_url or None,
    )
    if message.is_secret and message.channel == Message.Channel.MAX:
        raise SecretInMax(message.kind)
    if message.queue == URGENT:
        message.expires_at = timezone.now() + URGENT_GOOD_FOR
    if message.queue == BULK:
        message.context = json.dumps(letter.context)
    else:
        message_render(message, letter.context)
    return message


def _hold(messages: Sequence[Message]) -> None:
    """Let what would come at night be due in the morning."""
    held = [message for message in messages if message.waits_for_day]
    until = quiet_until(timezone.now()) if held else None
    for message in held if until else ():
        message.due_at = until


def message_render(message: Message, context: dict[str, Any] | None = None) -> None:
    """Set the message's subject, text and markup from the context; by default its frozen one.

    The company's own text in force at this moment is used, and noted as `template`.
    """
    if context is None:
        context = json.loads(message.context or "{}")
    words = message_words(message, context)

    def part(name: str) -> str:
        if words:
            return part_render(name, message.kind, words, context)
        return render_to_string(f"messages/{message.kind}.html", {**context, "part": name})

    if message.channel != Message.Channel.EMAIL:
        message.text = " ".join(part("sms").split())
        return
    message.subject = " ".join(part("subject").split())
    message.text, message.html = part("text"), part("html")


def messages_failed() -> int:
    """Return how many messages of the current schema were given up for a reason of ours.

    Not those whose recipient does not exist or takes nothing, nor those above a limit: nobody has to act.
    """
    ours = ["", Message.Failure.UNREACHABLE, Message.Failure.LATE]
    return Message.objects.filter(state=Message.State.FAILED, failure__in=ours).count()


def message_deliver(message_id: uuid.UUID) -> bool:
    """Send one message by its channel's sender. Return whether the other side took it.

    It is taken once at most. A worker that dies after `handed_at` was committed leaves a message of which
    nobody knows whether it was taken: it ends as unknown.
    """
    return _attempt(message_id, set())


def _attempt(message_id: uuid.UUID, down: set[str]) -> bool:
    """Do as `message_deliver`, and add a channel that cannot be reached to `down`."""
    took = False

    def work(message: Message) -> dict[str, Any] | None:
        nonlocal took
        try:
            changes = _deliver(message)
        except ChannelDown:
            down.add(message.channel)
            raise
        took = message.state == Message.State.SENT
        return changes

    return job_run(Message.objects.all(), message_id, work) and took


def messages_sweep() -> None:
    """Enqueue in this schema what a lost broker or a killed worker left, the queue `bulk` by one task."""
    bulk, rows = set(_bulk_kinds()), Message.objects.filter(due_at__lte=timezone.now())
    due = set(rows.values_list("kind", flat=True).distinct())
    if due - bulk:
        own = rows.exclude(kind__in=bulk)
        jobs_sweep(own.defer("subject", "text", "html", "context"))
    if due & bulk:
        enqueue_on_commit(DRAIN_TASK, queue=BULK)


def messages_drain() -> int:
    """Send what waits in the queue `bulk`, for up to a minute; return how many went out.

    One worker a schema: a second one finds the lock taken and leaves. What is left goes to a new task.
    """
    with session_lock("messages_drain", current_schema()) as mine:
        if not mine:
            return 0
        sent, is_over = _drain()
    if not is_over:  # only now, or a quick worker would find the lock taken
        enqueue_on_commit(DRAIN_TASK, queue=BULK)
    return sent


def _drain() -> tuple[int, bool]:
    """Send, one message in memory at a time; return how many went out, and whether none is left.

    Messages of a channel that cannot be reached keep their attempts: the next sweep comes back to them.
    """
    sent, end = 0, time.monotonic() + DRAIN_SECONDS
    down: set[str] = set()
    tried: set[uuid.UUID] = set()
    stuck: set[uuid.UUID] = set()  # still due after an attempt: in another worker's hands
    with ExitStack() as stack:
        for sender in senders_in_use():
            stack.enter_context(sender.batch())
        while ids := _due_ids(down, stuck):
            stuck |= tried.intersection(ids)
            with wordings_remembered():
                for pk in ids:
                    if time.monotonic() > end:
                        return sent, False
                    if pk in stuck:
                        continue
                    tried.add(pk)
                    before = len(down)
                    try:
                        sent += _attempt(pk, down)
                    except Exception:  # even its failure cannot be written: the others go on
                        log.exception("message stuck", pk=str(pk))
                    if len(down) > before:
                        break
    return sent, True


def _due_ids(down: set[str], stuck: set[uuid.UUID]) -> list[uuid.UUID]:
    due = Message.objects.filter(kind__in=_bulk_kinds(), due_at__lte=timezone.now())
    due = due.exclude(channel__in=down).exclude(pk__in=stuck)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:_DRAIN_BATCH])


def _bulk_kinds() -> list[str]:
    return [kind for kind, queue in settings.MESSAGE_QUEUES.items() if queue == BULK]


def messages_forget() -> int:
    """Delete what was sent or given up long ago, and return how many. Their files go at once.

    To whom and about what is personal data. Flat in memory: a mailing has written many.
    """
    Attachment.objects.exclude(message__state=Message.State.PENDING).delete()
    before = timezone.now() - datetime.timedelta(days=settings.MESSAGE_KEEP_DAYS)
    over = Message.objects.filter(created_at__lt=before).exclude(state=Message.State.PENDING)
    return rows_work_off(over.only("pk"), _delete, batch=_DROP_BATCH)


def _delete(batch: list[Message]) -> None:
    Message.objects.filter(pk__in=[one.pk for one in batch]).only("pk").delete()


def messages_drop(rows: QuerySet[Message]) -> int:
    """Delete those of these messages that nobody has begun to send; return how many.

    In the caller's transaction. Flat in memory: a mailing has written many.
    """
    waiting = rows.filter(state=Message.State.PENDING, claimed_at=None, handed_at=None)
    waiting = waiting.select_for_update(skip_locked=True)
    count = 0
    while pks := list(waiting.values_list("pk", flat=True)[:_DROP_BATCH]):
        Message.objects.filter(pk__in=pks).only("pk").delete()
        count += len(pks)
    return count


def messages_drop_to(
    person: uuid.UUID, channel: str, *, recipient: str = "", kinds: Collection[str] = ()
) -> int:
    """Delete what waits to be sent to a person by a channel that is not wanted any more; return how many.

    Codes and passwords stay. `recipient`, such as one of several telephones, and `kinds` narrow it.
    """
    rows = Message.objects.filter(person=person, channel=channel, state=Message.State.PENDING)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    found = [
        one.pk
        for one in rows.only("kind", "recipient")
        if not one.is_secret and recipient in ("", one.recipient)
    ]
    return messages_drop(Message.objects.filter(pk__in=found)) if found else 0


def _deliver(message: Message) -> dict[str, Any] | None:
    """Send, and return what is set with the end; None where the end is written already."""
    if message.handed_at:  # the worker that had it died
        return _unknown(message, INTERRUPTED)
    if message.expires_at and message.expires_at <= timezone.now():
        _give_up(message, "late", Message.Failure.LATE)
        return None
    if message.waits_for_day and (until := quiet_until(timezone.now())):
        raise JobPostponed(until)
    if message.context:
        message_render(message)
    if not day_spend(message):
        _give_up(message, "limit", Message.Failure.LIMIT)
        return None
    try:
        sender_for(message.channel).send(message)
    except ImproperlyConfigured as error:  # said loudly at each try, and given up like the rest
        log.error("no sender", channel=message.channel, error=str(error))
        raise JobFailed("no sender") from error
    except RecipientRefused as refused:
        _give_up(message, refused.reason, refused.failure)
        return None
    except SendingFailed as failed:
        message.handed_at, message.failure = None, failed.failure or ""
        raise
    except OutcomeUnknown as unknown:
        return _unknown(message, unknown.reason)
    except LeaseLost:
        raise
    except Exception as error:
        if message.handed_at is None:
            raise
        log.exception("message handed over, then an error", pk=str(message.pk))
        return _unknown(message, type(error).__name__)
    finally:
        if message.handed_at is None:
            day_refund(message)
    if message.channel == Message.Channel.EMAIL and message.files:
        message.attachments.all().delete()
    message.state = Message.State.SENT
    return {
        "state": message.state,
        "sent_at": timezone.now(),
        "subject": message.subject,
        "template_id": message.template_id,
        "provider_id": message.provider_id,
        "failure": "",
        **Message.WIPED,
    }


def _unknown(message: Message, reason: str) -> dict[str, Any]:
    log.warning("nobody knows whether a message was taken", pk=str(message.pk), error=reason)
    return {
        "state": Message.State.UNKNOWN,
        "error": reason,
        "provider_id": message.provider_id,
        "failure": "",
        **Message.WIPED,
    }


def _give_up(message: Message, reason: str, failure: Message.Failure) -> None:
    log.warning("message given up", pk=str(message.pk), error=reason, failure=failure)
    with transaction.atomic():
        job_finish(
            message,
            state=Message.State.FAILED,
            error=reason,
            failure=failure,
            handed_at=None,
            **Message.WIPED,
        )
        if failure in REFUSALS:
            message_refused.send(Message, message=message)
