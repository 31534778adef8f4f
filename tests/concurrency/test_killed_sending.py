"""Workers killed at any line while they send: nobody gets a letter twice, and nobody is forgotten."""

import datetime
import itertools
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.utils import timezone

from portal.messaging.models import Message
from portal.messaging.sending import message_deliver, messages_drain
from portal.messaging.services import Letter, message_send, messages_write
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.portal.test_messaging import REMINDER
from tests.support.inbox import CONTEXT, Inbox, smtp_server
from tests.support.jobs import enqueued
from tests.support.processes import forked
from tests.support.threads import in_threads

PORTAL = str(Path(django_settings.BASE_DIR) / "portal")


def die_at_line(number: int) -> Callable[..., Any]:
    """For `sys.settrace`: no line of the outbox after so many others."""
    count = 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        ours = name.startswith(PORTAL) and ("/messaging/" in name or name.endswith("/jobs.py"))
        return line if ours else None

    return call


def write() -> Message:
    return message_send(kind="confirm_registration", recipient="nina@mail.ru", context=CONTEXT)


def lease_ended(message: Message) -> None:
    Message.objects.filter(pk=message.pk, due_at__isnull=False).update(
        due_at=timezone.now() - datetime.timedelta(seconds=1)
    )


def times_received(inbox: Inbox) -> Counter[str]:
    return Counter(letter["Message-ID"].split("@")[0].strip("<") for letter in inbox.letters)


@pytest.mark.parametrize(("answer", "step"), [("250 OK", 3), ("451 later", 11)])
def test_a_worker_killed_at_any_line(pskov: GasCompany, settings, answer, step):
    ends: Counter[str] = Counter()
    with smtp_server(settings) as inbox, in_company(pskov):
        for number in itertools.count(1, step):
            inbox.answer = answer
            message = write()

            def until_then(pk: Any = message.pk, number: int = number) -> None:
                with in_company(pskov):
                    sys.settrace(die_at_line(number))
                    message_deliver(pk)

            survived = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) == 0
            inbox.answer = "250 OK"
            for _ in range(2):
                lease_ended(message)
                message_deliver(message.pk)
            message.refresh_from_db()
            received = times_received(inbox)[str(message.pk)]
            assert message.due_at is None and message.text is None
            assert (message.state, received) in {("sent", 1), ("unknown", 0), ("unknown", 1)}
            ends[message.state] += 1
            if survived:
                break
        assert message.state == "sent"
        connections.close_all()
    assert max(times_received(inbox).values()) == 1
    assert ends["sent"] > 50 // step and ends["unknown"] > 10 // step


def test_a_worker_killed_at_any_line_while_it_sends_to_many(pskov: GasCompany, settings):
    """What one connection carries: a kill costs nobody else a letter, and gives nobody a second one."""
    rounds = 0
    with smtp_server(settings) as inbox, in_company(pskov):
        for number in itertools.count(1, 31):
            with enqueued():
                messages = messages_write(
                    Letter("readings_reminder", f"a{n}@mail.ru", REMINDER) for n in range(3)
                )

            def until_then(number: int = number) -> None:
                with in_company(pskov):
                    sys.settrace(die_at_line(number))
                    messages_drain()

            survived = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) == 0
            Message.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
            messages_drain()
            received = times_received(inbox)
            rows = list(Message.objects.filter(pk__in=[message.pk for message in messages]))
            ends = sorted((row.state, received[str(row.pk)]) for row in rows)
            assert ends.count(("sent", 1)) >= 2
            assert set(ends) <= {("sent", 1), ("unknown", 0), ("unknown", 1)}
            rounds += 1
            if survived:
                break
        connections.close_all()
    assert rounds > 5 and max(received.values()) == 1


def test_many_workers_send_each_letter_once(pskov: GasCompany, settings):
    with smtp_server(settings) as inbox:
        with in_company(pskov):
            messages = [write() for _ in range(5)]

        def work() -> None:
            with in_company(pskov):
                for message in messages:
                    message_deliver(message.pk)

        assert in_threads(*[work] * 6) == []
    assert times_received(inbox) == {str(message.pk): 1 for message in messages}
    connections.close_all()
