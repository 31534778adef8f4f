"""A mailing that is killed, done by two, started twice, stopped: each is told once, nobody left out."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connections

from cabinet.notifications.models import Notification
from cabinet.subscribers.models import UnreadCount
from cabinet.subscriptions.mailings import batches
from cabinet.subscriptions.mailings.batches import mailing_begin, mailing_stop, mailings_sweep
from cabinet.subscriptions.mailings.news import news_mail
from cabinet.subscriptions.models import Mailing, Subscription
from portal.connection import connection
from portal.messaging.models import Message
from portal.messaging.sending import messages_drain
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.inbox import smtp_server
from tests.support.mailings import news_subscriber, now_due, publish_news, work_off
from tests.support.processes import die_before, forked, wait_for
from tests.support.threads import in_threads

PEOPLE = 5


@pytest.fixture
def company(own_db: str, monkeypatch) -> Iterator[GasCompany]:
    monkeypatch.setattr(batches, "BATCH", 2)
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        for number in range(PEOPLE):
            news_subscriber(f"a-{number}@mail.ru")
    yield company
    connections.close_all()


def killed_at(number: int, company: GasCompany, mailing: Mailing, *, send: bool = False) -> bool:
    """Work it off in a process of its own that dies before this statement; False when it came to its end."""

    def until_then() -> None:
        with in_company(company), connection.execute_wrapper(die_before(number)):
            news_mail(mailing.pk)
            if send:
                messages_drain()

    return os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0


def told_once(mailing: Mailing, times: int = 1) -> None:
    wanted = dict.fromkeys(Subscription.objects.values_list("subscriber_id", flat=True), 1)
    assert Counter(Message.objects.filter(mailing=mailing.pk).values_list("person", flat=True)) == (
        wanted
    )
    bell = Notification.objects.filter(title=mailing.title)
    assert Counter(bell.values_list("subscriber_id", flat=True)) == wanted
    counts = UnreadCount.objects.values_list("subscriber_id", "count")
    assert dict(counts) == dict.fromkeys(wanted, times)


def test_killed_before_each_statement(company):
    """One page of news for each statement; the last one is that whose worker was not killed."""
    for number in range(1, 200):
        with in_company(company):
            publish_news(f"Новость {number}")
            now_due()
            mailing = Mailing.objects.get(title=f"Новость {number}")
            was_killed = killed_at(number, company, mailing)

            def is_done(mailing=mailing) -> bool:
                work_off()
                mailing.refresh_from_db()
                return mailing.state == "done"

            wait_for(is_done)
            assert mailing.people == PEOPLE
            told_once(mailing, number)
        if not was_killed:
            break
    else:
        raise AssertionError("never came to its end")
    assert number > 30


def test_killed_before_each_statement_with_a_real_mail_server(company, settings):
    """From the mailing's first statement to the last letter: each person has exactly one."""
    with smtp_server(settings) as inbox, in_company(company):
        for number in range(1, 500, 4):
            publish_news(f"Новость {number}")
            now_due()
            mailing = Mailing.objects.get(title=f"Новость {number}")
            was_killed = killed_at(number, company, mailing, send=True)

            def is_over(mailing=mailing) -> bool:
                work_off()
                due = Message.objects.filter(due_at__isnull=False)
                due.update(due_at="2020-01-01T00:00+03:00")
                messages_drain()
                mailing.refresh_from_db()
                return mailing.state == "done" and not due.exists()

            wait_for(is_over)
            told_once(mailing, len(range(1, number + 1, 4)))
            subject = f"Новость {number} —"
            got = Counter(
                letter["To"]
                for letter in inbox.letters
                if letter["Subject"].strip().startswith(subject)
            )
            assert got == {f"a-{n}@mail.ru": 1 for n in range(PEOPLE)}, number
            if not was_killed:
                break
        else:
            raise AssertionError("never came to its end")
    assert number > 60


def test_two_workers_at_once(company):
    with in_company(company):
        publish_news()
        now_due()
        mailing = Mailing.objects.get()

    def work() -> None:
        with in_company(company):
            news_mail(mailing.pk)

    assert in_threads(*[work] * 6) == []
    with in_company(company):
        told_once(mailing)


def test_started_twice_at_once(company):
    with in_company(company):
        page = publish_news()
        Mailing.objects.all().delete()
    begun: list[bool] = []

    def begin() -> None:
        with in_company(company):
            _, is_new = mailing_begin(kind="news", key=str(page.pk), title=page.title)
            begun.append(is_new)
            now_due()
            news_mail(Mailing.objects.get().pk)

    assert in_threads(*[begin] * 6) == [] and sorted(begun) == [False] * 5 + [True]
    with in_company(company):
        work_off()
        told_once(Mailing.objects.get())


def test_stopped_in_the_middle(company, monkeypatch):
    """The batch that was being written is not there; it goes on where it was."""
    with in_company(company):
        publish_news()
        now_due()
        mailing = Mailing.objects.get()
        notify, written = batches.notify_many, []

        def stopping(notices):
            written.append(len(notices))
            if len(written) == 2:

                def stop() -> None:
                    with in_company(company):
                        mailing_stop(mailing.pk)

                assert in_threads(stop) == []
            return notify(notices)

        monkeypatch.setattr(batches, "notify_many", stopping)
        assert not news_mail(mailing.pk)
        mailing.refresh_from_db()
        assert (mailing.state, mailing.people, Message.objects.count()) == ("stopped", 2, 2)
        mailings_sweep()
        batches.mailing_continue(mailing.pk)
        work_off()
        told_once(mailing)
