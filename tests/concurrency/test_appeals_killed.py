"""Forms of appeals that are sent many times at once, and changes that are killed at any statement."""

import os
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.db.models import Model

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.lifecycle import by_subscriber as subscriber
from cabinet.appeals.lifecycle.closing import appeals_close
from cabinet.appeals.models import Appeal, AppealFile, AppealMessage
from cabinet.notifications.models import Notification
from cabinet.outgoing.models import ExportPending
from cabinet.subscribers.models import UnreadCount
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.appeals import answered, make_file, make_operator, opened
from tests.support.factories import make_account, make_link
from tests.support.processes import die_before, forked

# Each change is a row in all of these, or in none.
WRITTEN: list[type[Model]] = [
    *(Appeal, AppealMessage, AuditEntry, ExportPending, Message, Notification),
]
OF_ONE = [1, 0, 1, 1, 1, 1]


def counts() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


@pytest.fixture
def account(pskov: GasCompany, owner) -> PersonalAccount:
    with in_company(pskov):
        account = make_account()
    make_link(owner, pskov, account)
    return account


@pytest.fixture
def appeal(pskov, owner, account) -> Appeal:
    with in_company(pskov):
        return opened(owner, account)


def test_one_form_sent_five_times_at_once(pskov, owner, account, at_once):
    key, files = uuid.uuid4(), uuid.uuid4()
    with in_company(pskov):
        before = counts()
        make_file(None, form_key=key, subscriber_id=owner.pk)
    assert at_once(*[lambda: opened(owner, account, form_key=key)] * 5) == []
    with in_company(pskov):
        assert [now - then for now, then in zip(counts(), before, strict=True)] == OF_ONE
        appeal = Appeal.objects.get()
        assert AppealFile.objects.get().appeal == appeal
        anna = make_operator()
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk, "form_key": files}
    assert at_once(*[lambda: subscriber.appeal_ask(text="Когда?", **mine)] * 5) == []
    with in_company(pskov):
        assert AppealMessage.objects.count() == 1
        seen = AppealMessage.objects.get().pk
    answer = {"form_key": uuid.uuid4(), "seen": seen}
    assert at_once(*[lambda: answered(appeal, anna, **answer)] * 5) == []
    with in_company(pskov):
        assert AppealMessage.objects.count() == 2
        assert Message.objects.filter(kind="appeal_answered").count() == 1


def test_an_answer_while_it_is_added_to(pskov, owner, account, at_once):
    """Whoever is first: the added question is never taken for answered."""
    for _ in range(4):
        with in_company(pskov):
            appeal, anna = opened(owner, account), make_operator()
        mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk, "form_key": uuid.uuid4()}
        errors = at_once(
            partial(answered, appeal, anna, seen=0),
            partial(subscriber.appeal_ask, text="И ещё вопрос", **mine),
        )
        with in_company(pskov):
            appeal.refresh_from_db()
            assert appeal.has_news and appeal.state in ("new", "in_work")
            assert len(errors) == (0 if appeal.messages.count() == 2 else 1)


def test_closing_and_a_further_question_at_once(pskov, owner, appeal, at_once, settings):
    with in_company(pskov):
        answered(appeal, make_operator())
    settings.APPEALS_CLOSE_DAYS = -1
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk, "form_key": uuid.uuid4()}
    assert at_once(appeals_close, lambda: subscriber.appeal_ask(text="Ещё", **mine)) == []
    with in_company(pskov):
        appeal.refresh_from_db()
        assert appeal.state == "in_work" and appeal.closed_at is None


@pytest.mark.parametrize("what", ["open", "answer", "ask", "rate", "withdraw", "read"])
def test_killed_at_any_statement(pskov, owner, account, what):
    """All of a change is there, with its message, bell, audit row and note for billing, or nothing."""
    with in_company(pskov):
        appeal, anna = opened(owner, account), make_operator()
        if what in ("rate", "read"):
            answered(appeal, anna)
    key = uuid.uuid4()
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk}
    works: dict[str, Callable[[], object]] = {
        "open": lambda: opened(owner, account, form_key=key),
        "answer": lambda: answered(appeal, anna, outcome="waiting", form_key=key),
        "ask": lambda: subscriber.appeal_ask(**mine, text="Когда?", form_key=key),
        "rate": lambda: subscriber.appeal_rate(**mine, is_solved=False, mark=1),
        "withdraw": lambda: subscriber.appeal_withdraw(**mine),
        "read": lambda: subscriber.appeal_read(**mine),
    }
    added = {
        "open": OF_ONE,
        "answer": [0, 1, 1, 1, 1, 1],
        "ask": [0, 1, 1, 0, 0, 0],
        "rate": [0, 1, 1, 1, 0, 0],
        "withdraw": [0, 0, 1, 1, 0, 0],
        "read": [0, 0, 0, 0, 0, 0],
    }[what]

    def stored() -> tuple[list[int], int, object]:
        with in_company(pskov):
            unread = sum(UnreadCount.objects.values_list("count", flat=True))
            return counts(), unread, Appeal.objects.values_list().get(pk=appeal.pk)

    before = stored()
    for number in range(1, 60):

        def until_then(number: int = number) -> None:
            with in_company(pskov), connection.execute_wrapper(die_before(number)):
                works[what]()

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        if died:
            assert stored() == before, number
            continue
        after, unread, _ = stored()
        assert [now - then for now, then in zip(after, before[0], strict=True)] == added
        assert unread == (0 if what == "read" else before[1] + added[-1])
        return
    raise AssertionError("never came to its end")
