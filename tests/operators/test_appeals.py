"""Appeals of an account: its tab, and what an operator writes down by telephone."""

import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.models import Appeal, AppealField, AppealKind, AppealQuestion
from portal.audit.models import AuditEntry
from tests.operators.conftest import REASON
from tests.support.factories import make_account, make_link, make_subscriber, text_of


@pytest.fixture
def kind(pskov) -> AppealKind:
    kind = AppealKind(name="Поверка ПУГ проверочная", hint="Спросите номер счётчика.")
    kind.questions = [AppealQuestion(text="Прислать мастера")]
    kind.fields = [AppealField(label="Этаж", type="number", is_required=True)]
    kind.save()
    return kind


@pytest.fixture
def tab(path) -> str:
    return f"{path}appeals/"


@pytest.fixture
def typed(kind) -> dict[str, str]:
    return {
        "kind": str(kind.pk),
        "form_key": str(uuid4()),
        "question": str(kind.questions.get().pk),
        "contact_name": "Елена Олеговна",
        "phone": "8 911 555-01-01",
        f"field_{kind.fields.get().pk}": "3",
        "text": "Просит мастера в субботу.",
    }


def test_an_appeal_by_telephone(opened, tab, kind, typed, account):
    page = text_of(opened.get(tab))
    assert "Записать обращение по телефону" in page and "ещё никто не писал" in page
    page = text_of(opened.get(f"{tab}?kind={kind.pk}"))
    assert "Спросите номер счётчика." in page and "Этаж" in page
    wrong = text_of(opened.post(tab, typed | {"phone": "", "text": "🙂"}))
    assert "ещё не записано" in wrong and 'value="Елена Олеговна"' in wrong
    assert not Appeal.objects.exists()

    answer = opened.post(tab, typed)
    assert opened.post(tab, typed).url == answer.url  # the same form again
    appeal = Appeal.objects.get()
    assert answer.url == f"{tab}?sent={appeal.pk}"
    assert (appeal.source, appeal.account, appeal.subscriber_id) == ("operator", account, None)
    assert appeal.answers == [["Этаж", "3"]] and appeal.question == "Прислать мастера"
    page = text_of(opened.get(answer.url))
    assert "Продиктуйте номер" in page and "Просит мастера в субботу." in page
    assert AuditEntry.objects.get(action="appeal.open").actor_name == "operator"


def test_a_holder_sees_it_in_the_cabinet_and_nobody_else_can_be_named(
    opened, tab, typed, account, link, owner, pskov
):
    other = make_link(make_subscriber("other@mail.ru"), pskov, make_account("805999"))
    page = text_of(opened.get(f"{tab}?kind={typed['kind']}"))
    assert str(link.pk) in page and str(other.pk) not in page
    without = {**typed, "phone": "", "writer": str(other.pk)}
    assert "ещё не записано" in text_of(opened.post(tab, without))
    opened.post(tab, {**without, "writer": str(link.pk)})
    assert Appeal.objects.get().subscriber_id == owner.pk


def test_a_form_that_back_has_brought_again_is_another_appeal(opened, tab, typed, link):
    first = opened.post(tab, typed).url
    for more in ({"text": "И ещё просит акт."}, {"writer": str(link.pk)}):
        second = opened.post(tab, typed | more)
        assert second.status_code == 302 and second.url != first
        assert opened.post(tab, typed | more).url == second.url
    assert Appeal.objects.count() == 3


def test_what_was_typed_outlives_the_half_hour(opened, path, tab, typed, clock):
    clock.forward(datetime.timedelta(minutes=31))
    asked = text_of(opened.post(tab, typed))
    assert "Введённое сохранено" in asked and "Просит мастера в субботу." in asked
    again = text_of(opened.post(f"{path}open/", {"reason": REASON, **typed}))
    assert "Просит мастера в субботу." in again and typed["form_key"] in again
    assert not Appeal.objects.exists()
    assert opened.post(tab, typed).status_code == 302


def test_a_kind_that_is_gone_keeps_what_was_typed(opened, tab, kind, typed):
    kind.delete()
    page = text_of(opened.post(tab, typed))
    assert "Такого вида обращений больше нет" in page and "Просит мастера в субботу." in page


def test_the_tab_shows_this_accounts_and_is_closed_without_a_reason(opened, tab, account, novgorod):
    for of, text in ((account, "Своё обращение"), (make_account("805999"), "Чужое обращение")):
        appeal_open(source="cabinet", kind=None, account=of, text=text, form_key=uuid4())
    with schema_context("novgorod"):
        appeal_open(source="cabinet", kind=None, text="В Новгороде", form_key=uuid4())
    page = text_of(opened.get(tab))
    assert "Своё обращение" in page
    assert "Чужое обращение" not in page and "В Новгороде" not in page
    session = opened.session
    session.pop("accounts_open")
    session.save()
    assert "Своё обращение" not in text_of(opened.get(tab))


def test_queries_do_not_grow(opened, tab, account):
    def appeals(count: int) -> None:
        for _ in range(count):
            appeal_open(source="cabinet", kind=None, account=account, text="Ещё", form_key=uuid4())

    appeals(1)
    opened.get(tab)
    with CaptureQueriesContext(connection) as one:
        opened.get(tab)
    appeals(10)
    with CaptureQueriesContext(connection) as many:
        opened.get(tab)
    assert len(many) == len(one)
