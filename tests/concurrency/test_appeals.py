"""Two operators, and an operator and the writer, at the same moment: real commits, real threads."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from cabinet.appeals.exceptions import AppealChanged, AppealOver
from cabinet.appeals.lifecycle.by_staff import appeal_answer
from cabinet.appeals.lifecycle.by_subscriber import appeal_withdraw
from cabinet.appeals.lifecycle.holding import appeal_lock, appeal_take_next
from cabinet.appeals.models import Appeal, AppealMessage
from cabinet.outgoing.models import ExportPending
from portal.audit.models import AuditEntry
from portal.staff.models import StaffUser
from tenants.schemas import in_company
from tests.support.appeals import make_operator, opened
from tests.support.factories import make_account, make_link
from tests.support.threads import in_threads


@pytest.fixture
def company(pskov):
    with in_company(pskov):
        yield pskov


@pytest.fixture
def operators(company) -> list[StaffUser]:
    return [make_operator(name) for name in ("anna", "boris")]


@pytest.fixture
def make(company, owner) -> Callable[[], Appeal]:
    account = make_account()
    make_link(owner, company, account)
    return partial(opened, owner, account)


def in_pskov(company, work, *args, **kwargs):
    def run() -> None:
        with in_company(company):
            work(*args, **kwargs)

    return run


def answering(company, appeal, actor):
    return in_pskov(
        *(company, appeal_answer),
        appeal_pk=appeal.pk,
        actor=actor,
        text=f"Отвечает {actor.username}.",
        form_key=uuid4(),
        outcome="answered",
        seen=0,
    )


def test_of_two_answers_at_once_one_is_given(company, operators, make):
    appeal = make()
    errors = in_threads(*(answering(company, appeal, one) for one in operators))
    assert [type(one) for one in errors] == [AppealChanged]
    message = AppealMessage.objects.get()
    # Who was late is shown what his colleague has answered.
    assert [one.pk for one in errors[0].news] == [message.pk]
    assert AuditEntry.objects.filter(action="appeal.answer").count() == 1
    appeal.refresh_from_db()
    assert (appeal.state, appeal.assigned_to.username) == ("answered", message.text[9:-1])


def test_an_answer_and_a_withdrawal_at_once_leave_one_of_them(company, operators, make, owner):
    for _round in range(6):
        appeal = make()
        withdrawing = in_pskov(
            company, appeal_withdraw, appeal_pk=appeal.pk, subscriber_id=owner.pk
        )
        errors = in_threads(answering(company, appeal, operators[0]), withdrawing)
        appeal.refresh_from_db()
        answered = appeal.messages.exists()
        assert appeal.state == ("answered" if answered else "withdrawn")
        assert [type(one) for one in errors] == [AppealOver if answered else AppealChanged]
        # Billing hears of what is so now.
        assert ExportPending.objects.filter(object_id=appeal.pk).count() == 2


def test_two_operators_who_take_the_next_get_two(company, operators, make):
    wanted = {make().pk for _ in range(4)}
    next_of = [in_pskov(company, appeal_take_next, actor=one) for one in operators]
    assert in_threads(*next_of, *next_of) == []
    rows = Appeal.objects.values_list("pk", "assigned_to__username")
    assert {pk for pk, _name in rows} == wanted
    assert sorted(name for _pk, name in rows) == ["anna", "anna", "boris", "boris"]
    assert in_threads(*next_of) == []
    assert AuditEntry.objects.filter(action="appeal.take").count() == 4


def test_of_two_who_begin_at_once_one_holds_it(company, operators, make):
    appeal = make()
    locks = [in_pskov(company, appeal_lock, appeal_pk=appeal.pk, actor=one) for one in operators]
    assert in_threads(*locks) == []
    first = Appeal.objects.get(pk=appeal.pk).locked_by
    assert in_threads(*locks) == []
    assert Appeal.objects.get(pk=appeal.pk).locked_by == first
