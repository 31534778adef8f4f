"""What has become of an SMS: the gateway is asked for up to two days."""

import datetime
import re
import time
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.connection import current_schema
from portal.jobs import session_lock
from portal.messaging.contrib.smsaero.client import NotSent, Refused, SmsAero, SmsAeroError
from portal.messaging.models import Message

ASK_FIRST = datetime.timedelta(minutes=2)
ASK_AT_MOST_EVERY = datetime.timedelta(hours=3)
ASK_FOR = datetime.timedelta(days=2)
BATCH = 200
WORK_SECONDS = 100
# The gateway's clock against ours, and how long the SMS may have lain in its socket.
_CLOCKS_DIFFER = datetime.timedelta(minutes=10)
_MARK = "text:"
_DELIVERED = 1
_NOT_DELIVERED = (2, 6)  # by the operator; rejected by the gateway

State = Message.State
log = structlog.get_logger(__name__)


def digits(recipient: str) -> str:
    """Return the number as the gateway wants it: `79110000000`."""
    return re.sub(r"[^0-9]", "", recipient)


def text_mark(text: str) -> str:
    """Return what tells an SMS of ours among those to a number, once its text is wiped.

    Keyed: a plain hash would give a code of a few digits away.
    """
    return _MARK + salted_hmac("smsaero", text, algorithm="sha256").hexdigest()


def sms_states_update() -> int:
    """Write down of which SMS of the schema the gateway knows more; return of how many.

    One query where nothing is due. One worker a schema, for a minute or two; the rest waits for the next.
    """
    if settings.MESSAGE_SENDERS.get("sms") != "smsaero":
        return 0
    now = timezone.now()
    due = Message.objects.filter(ask_at__lte=now, state__in=[State.SENT, State.UNKNOWN])
    wanted = ("recipient", "state", "provider_id", "handed_at", "sent_at", "ask_at")
    messages = list(due.only(*wanted).order_by("ask_at")[:BATCH])
    if not messages:
        return 0
    count, end = 0, time.monotonic() + WORK_SECONDS
    with session_lock("sms_states", current_schema()) as mine, SmsAero() as gateway:
        for message in messages if mine else []:
            changes: dict[str, Any] = {}
            try:
                changes = _asked(gateway, message)
            except NotSent as error:
                log.warning("the SMS gateway is not reached", reason=error.reason)
                break
            except SmsAeroError as error:
                log.warning("no state of an SMS", pk=str(message.pk), reason=error.reason)
                is_of_all = not isinstance(error, Refused) or error.status in (401, 402, 403, 429)
                if is_of_all:  # the others would wait as long for as little
                    end = 0.0
            count += bool(changes)
            # Where another worker has written in between, its word stands.
            same = Message.objects.filter(pk=message.pk, state=message.state, ask_at=message.ask_at)
            same.update(**{"ask_at": _next(message), **changes})
            if time.monotonic() > end:
                break
    return count


def _asked(gateway: SmsAero, message: Message) -> dict[str, Any]:
    """Return the fields to set; nothing where the gateway knows nothing new. Raises SmsAeroError."""
    if message.provider_id.startswith(_MARK):
        sms = _found(gateway, message)
        if sms is None:
            return {}
        changes = {"state": State.SENT, "sent_at": message.handed_at, "provider_id": str(sms["id"])}
    elif message.provider_id.isdecimal():
        sms = gateway.call("sms/status", id=int(message.provider_id))
        changes = {}
    else:
        return {"ask_at": None}
    status = sms.get("status") if isinstance(sms, dict) else None
    if status == _DELIVERED:
        answered = sms.get("dateAnswer")
        changes |= {
            "state": State.DELIVERED,
            "delivered_at": _moment(answered) if isinstance(answered, int) else timezone.now(),
            "ask_at": None,
        }
    elif status in _NOT_DELIVERED:
        failure = Message.Failure.UNDELIVERED
        changes |= {"state": State.FAILED, "failure": failure, "ask_at": None}
    return changes


def _found(gateway: SmsAero, message: Message) -> dict[str, Any] | None:
    """Return the one SMS at the gateway that is this message: its number, its text, its moment."""
    if message.handed_at is None:
        return None
    listed = gateway.call("sms/list", number=digits(message.recipient))
    found = [
        one
        for one in (listed.values() if isinstance(listed, dict) else [])
        if isinstance(one, dict)
        and "id" in one
        and constant_time_compare(text_mark(str(one.get("text"))), message.provider_id)
        and isinstance(one.get("dateCreate"), int)
        and abs(_moment(one["dateCreate"]) - message.handed_at) < _CLOCKS_DIFFER
    ]
    return found[0] if len(found) == 1 else None


def _moment(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)


def _next(message: Message) -> datetime.datetime | None:
    """Return when to ask again: after as long as has passed already. None once it is too old."""
    now = timezone.now()
    waited = now - (message.handed_at or now)
    pause = min(max(waited, ASK_FIRST), ASK_AT_MOST_EVERY)
    return now + pause if waited + pause < ASK_FOR else None
