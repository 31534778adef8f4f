"""Sending messages of the outbox: one, or what waits in the queue `bulk`; each once at most."""

import time
import uuid
from contextlib import ExitStack
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from portal.connection import current_schema
from portal.jobs import (
    INTERRUPTED,
    JobFailed,
    JobPostponed,
    LeaseLost,
    enqueue_on_commit,
    job_finish,
    job_run,
    jobs_sweep,
    session_lock,
)
from portal.messaging.base import ChannelDown, OutcomeUnknown, RecipientRefused, SendingFailed
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from portal.messaging.quiet import day_refund, day_spend, quiet_until
from portal.messaging.registry import sender_for, senders_in_use
from portal.messaging.services import BULK, DRAIN_TASK, message_render
from portal.messaging.wording import wordings_remembered

DRAIN_SECONDS = 50
_DRAIN_BATCH = 100
# The recipient's doing: nothing more reaches them there.
REFUSALS = {
    Message.Failure.NO_SUCH,
    Message.Failure.FULL,
    Message.Failure.REFUSED,
    Message.Failure.BLOCKED,
}

log = structlog.get_logger(__name__)


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
    if message.all_files:
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
        **message.wiped,
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
            **message.wiped,
        )
        if failure in REFUSALS:
            message_refused.send(Message, message=message)
