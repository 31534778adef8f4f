"""Messages: written with the change that they report, dropped and forgotten; `sending.py` sends them."""

import base64
import datetime
import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from portal.jobs import enqueue_on_commit, job_enqueue, rows_work_off
from portal.messaging.letterhead import letterhead_of
from portal.messaging.models import Attachment, Message
from portal.messaging.quiet import quiet_until
from portal.messaging.wording import message_words, part_render, wordings_remembered

BULK = "bulk"
DRAIN_TASK = "portal.messaging.tasks.messages_drain"
_DROP_BATCH = 2000
URGENT = "urgent"
URGENT_GOOD_FOR = datetime.timedelta(hours=1)
# For so long what was not sent has its content, so that staff may have it sent again.
REPEATED_FOR = datetime.timedelta(days=7)
UNSENT = (Message.State.FAILED, Message.State.UNKNOWN)


class SecretNotCarried(ValueError):
    """A code or a password was to go by MAX or to a browser, which carry none."""


@dataclass(frozen=True)
class File:
    """A file to attach to an e-mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class StoredFile:
    """A file of the private storage to attach to an e-mail; read when the e-mail is sent."""

    name: str
    path: str
    sha256: str
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
    # Whom an answer goes to; "" for the company's own address.
    reply_to: str = ""
    files: tuple[File | StoredFile, ...] = ()
    # Not sent later than this: a reminder of what is over helps nobody.
    expires_at: datetime.datetime | None = None


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
    reply_to: str = "",
    attachments: Sequence[File] = (),
    stored_files: Sequence[StoredFile] = (),
) -> Message:
    """Write a message into the outbox, in the caller's transaction.

    `messages/<kind>.html` has its blocks: subject, title, html, footer and text of an e-mail, sms of an SMS
    and of MAX; a browser gets the context as it is. The task goes out when the transaction commits, into
    the queue of the kind (portal/settings/queues.py).

    A message is rendered now, because later the data may have changed. One of a kind in the queue `bulk`,
    which goes to many, is rendered when it is sent: its context has to be JSON, so dates and sums in it
    are formatted already. `unsubscribe_url` cancels messages of this kind by a POST without login.
    `reply_to` is an address that was checked: whoever answers the e-mail writes there.
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
        reply_to=reply_to,
        files=(*attachments, *stored_files),
    )
    message = _message_of(letter)
    _hold([message])
    message.save()
    _files_attach([(message, letter)])
    job_enqueue(message)
    return message


def messages_write(letters: Iterable[Letter]) -> list[Message]:
    """Write many messages in the caller's transaction, by one statement, as `message_send` writes one.

    Those of the queue `bulk` are sent by one task of the schema, `messages_drain`; each of the others has
    its own.
    """
    letters = list(letters)
    with wordings_remembered():
        messages = [_message_of(letter) for letter in letters]
    _hold(messages)
    written = Message.objects.bulk_create(messages)
    _files_attach(zip(written, letters, strict=True))
    for message in written:
        if message.queue != BULK:
            job_enqueue(message)
    if any(message.queue == BULK for message in written):
        enqueue_on_commit(DRAIN_TASK, queue=BULK)
    return written


def _files_attach(written: Iterable[tuple[Message, Letter]]) -> None:
    attachments = [
        _attachment_of(message, file) for message, letter in written for file in letter.files
    ]
    if attachments:
        Attachment.objects.bulk_create(attachments)


def _attachment_of(message: Message, file: File | StoredFile) -> Attachment:
    attachment = Attachment(message=message, name=file.name, content_type=file.content_type)
    if isinstance(file, File):
        attachment.content = base64.b64encode(file.content).decode()
    else:
        attachment.path, attachment.sha256 = file.path, file.sha256
    return attachment


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
        reply_to=letter.reply_to or None,
        expires_at=letter.expires_at,
    )
    if message.is_secret and message.channel in (Message.Channel.MAX, Message.Channel.PUSH):
        raise SecretNotCarried(message.kind)
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

    The company's own text in force at this moment is used, and noted as `template`. `lost_files` tells the
    template that a file which was to go with it is gone.
    """
    if message.channel == Message.Channel.PUSH:
        message.text = message.context if context is None else json.dumps(context)
        return
    if context is None:
        context = json.loads(message.context or "{}") | {"lost_files": message.has_lost_files}
    if message.channel == Message.Channel.EMAIL:
        context = {**context, "letterhead": letterhead_of(message)}
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


def messages_forget() -> int:
    """Delete what was sent or given up long ago, and return how many. Their files go at once.

    To whom and about what is personal data. Flat in memory: a mailing has written many.
    """
    not_sent = Q(message__state__in=UNSENT, message__kind__in=settings.MESSAGES_REPEATED)
    recent = timezone.now() - REPEATED_FOR
    may_go = Q(message__created_at__gte=recent) & not_sent
    Attachment.objects.exclude(may_go | Q(message__state=Message.State.PENDING)).delete()
    old = Message.objects.filter(created_at__lt=recent, state__in=UNSENT, text__isnull=False)
    old.update(**Message.WIPED)
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


def messages_without_files(rows: QuerySet[Message], **context: Any) -> None:
    """Let those of these messages that nobody has begun to send go without files, and say so by `context`.

    In the caller's transaction. Of a queue whose messages are rendered when they are sent.
    """
    waiting = rows.filter(state=Message.State.PENDING, claimed_at=None, handed_at=None)
    for message in waiting.select_for_update(skip_locked=True):
        message.context = json.dumps(json.loads(message.context or "{}") | context)
        message.save(update_fields=["context"])
        message.attachments.all().delete()


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
