"""«Текущие привязки»: names, others who have an account, disputes, and ending links."""

import json
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.links.disputes import DisputeClosed, dispute_close
from cabinet.accounts.links.ending import LinkHeld, link_end_by_operator, link_ended
from cabinet.accounts.models import LinkDispute, PersonalAccount
from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from cabinet.subscribers.personal_data.parts import PARTS
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.services import subscription_add
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.delegates import make_delegate
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)

LIST = "/cabinet/accounts/"


def at(link: AccountLink, page: str) -> str:
    return f"{LIST}{link.pk}/{page}/"


def listed(client: Client) -> str:
    """The list as it is read, without what stands above."""
    return " ".join(text_of(client.get(LIST)).partition('id="linked-accounts"')[2].split())


@pytest.fixture
def other(stranger, pskov, account) -> AccountLink:
    """Somebody else's link of the owner's account."""
    return make_link(stranger, pskov, account)


@pytest.fixture
def operator(pskov) -> StaffUser:
    return staff_create(username="operator", password=PASSWORD, groups=["Operators"])


class TestNames:
    def test_is_given_changed_and_taken_away(self, owner_client, link):
        page = text_of(owner_client.get(at(link, "name")))
        assert "Сохранить" in page
        owner_client.post(at(link, "name"), {"label": "  Дача\u200b у  озера "})
        for page in (listed(owner_client), text_of(owner_client.get(f"/cabinet/{link.pk}/"))):
            assert "Дача у озера" in page
        assert 'value="Дача у озера"' in text_of(owner_client.get(at(link, "name")))
        owner_client.post(at(link, "name"), {"label": ""})
        link.refresh_from_db()
        assert link.label == ""

    def test_a_long_one_is_refused_and_stays_in_the_field(self, owner_client, link):
        answer = owner_client.post(at(link, "name"), {"label": "Д" * 51})
        assert answer.status_code == 200 and "Д" * 51 in text_of(answer)
        link.refresh_from_db()
        assert link.label == ""


class TestUnlinking:
    def test_takes_along_what_hangs_on_the_link(self, owner, owner_client, link, account, other):
        for person in (owner, other.subscriber):
            subscription_add(subscriber=person, account=account, kind="reading_reminder")
        assert "Да" in text_of(owner_client.get(at(link, "unlink")))
        assert AccountLink.objects.filter(pk=link.pk).exists()
        answer = owner_client.post(at(link, "unlink"), follow=True)
        assert "Лицевой счёт 805107 отвязан" in text_of(answer)
        assert "Лицевой счёт не привязан" in text_of(answer)
        assert [one.subscriber_id for one in Subscription.objects.all()] == [other.subscriber_id]
        assert owner_client.get(f"/cabinet/{link.pk}/").status_code == 404
        assert PersonalAccount.objects.exists()

    def test_yes_in_a_second_tab(self, owner_client, link, stranger):
        page = owner_client.get(at(link, "unlink"))
        asked = page.context["asked"]
        for said in ("отвязан", "уже отвязан"):
            answer = owner_client.post(at(link, "unlink"), {"asked": asked}, follow=True)
            assert said in text_of(answer)
        assert owner_client.post(at(link, "unlink")).status_code == 404
        elsewhere = logged_in(stranger, PSKOV_HOST)
        assert elsewhere.post(at(link, "unlink"), {"asked": asked}).status_code == 404

    def test_what_is_under_way_keeps_it(self, owner_client, link, account, owner):
        subscription_add(subscriber=owner, account=account, kind="reading_reminder")

        def refuse(sender: Any, **_: Any) -> None:
            raise LinkHeld("Дождитесь окончания платежа.")

        link_ended.connect(refuse)
        try:
            answer = owner_client.post(at(link, "unlink"))
        finally:
            link_ended.disconnect(refuse)
        assert "Дождитесь окончания платежа." in text_of(answer)
        assert AccountLink.objects.exists() and Subscription.objects.exists()

    def test_an_account_of_another_company(self, owner, owner_client, link, novgorod):
        with schema_context("novgorod"):
            far = make_account("510080")
            subscription_add(subscriber=owner, account=far, kind="reading_reminder")
        theirs = make_link(owner, novgorod, far)
        with schema_context("public"):
            GasCompany.objects.filter(pk=novgorod.pk).update(status="suspended")
        answer = owner_client.post(at(theirs, "unlink"), follow=True)
        assert "сейчас закрыт" in text_of(answer)
        with schema_context("novgorod"):
            assert Subscription.objects.exists()
        with schema_context("public"):
            GasCompany.objects.filter(pk=novgorod.pk).update(status="active")
        owner_client.post(at(theirs, "unlink"))
        with schema_context("novgorod"):
            assert not Subscription.objects.exists()
        assert [one.pk for one in AccountLink.objects.all()] == [link.pk]

    def test_by_an_operator_its_holder_is_told(self, link, owner, owner_client, operator):
        assert link_end_by_operator(link=link, operator=operator, reason="Не ваш счёт.")
        assert not link_end_by_operator(link=link, operator=operator, reason="Ещё раз.")
        letter = Message.objects.get(kind="account_link_ended")
        assert (letter.person, letter.recipient) == (owner.pk, owner.email)
        assert (
            "Не ваш счёт." in letter.text
            and "подайте заявку" in letter.text
            and "/accounts/apply/" in letter.text
        )
        entry = AuditEntry.objects.get(action="link.end")
        assert (entry.actor_name, entry.subject) == ("operator", "805107")
        assert entry.details["reason"] == "Не ваш счёт."
        assert "Лицевой счёт не привязан" in text_of(owner_client.get(LIST))


class TestOthers:
    def test_are_counted_but_not_named(self, owner_client, link, other, stranger):
        assert "привязан ещё у 1 человека" in listed(owner_client)
        assert stranger.email not in text_of(owner_client.get(at(link, "dispute")))
        AccountLink.objects.filter(pk=other.pk).update(unconfirmed_since=timezone.now())
        assert "привязан ещё" not in listed(owner_client)

    def test_a_dispute_and_its_answer(self, owner, owner_client, link, other, operator, pskov):
        path = at(link, "dispute")
        owner_client.post(path, {"text": "Живу одна."})
        assert "Обращение к оператору отправлено" in listed(owner_client)
        again = owner_client.post(path, {"text": "Ну что?"}, follow=True)
        assert "уже на рассмотрении" in text_of(again)
        assert "<form" not in text_of(owner_client.get(path)).partition("data-dialog-part")[2]
        dispute = LinkDispute.objects.get()
        assert (dispute.text, dispute.subscriber_id) == ("Живу одна.", owner.pk)
        closing = {"dispute": dispute, "company": pskov, "operator": operator}
        dispute_close(**closing, answer="Это ваш сын.")
        with pytest.raises(DisputeClosed):
            dispute_close(**closing, answer="Это не ваш сын.")
        assert "Это ваш сын." in listed(owner_client)
        letter = Message.objects.get(kind="link_dispute_answered")
        assert letter.person == owner.pk and "Это ваш сын." in letter.text
        owner_client.post(path, {"text": "У меня дочь."})
        assert LinkDispute.objects.filter(closed_at=None).count() == 1

    def test_with_nobody_else_there_is_nothing_to_report(self, owner_client, link):
        answer = owner_client.post(at(link, "dispute"), {"text": "Кто там?"})
        assert "больше ни у кого" in text_of(answer)
        assert not LinkDispute.objects.exists()

    def test_a_link_that_waits_for_a_proof_says_nothing(self, owner_client, link, other):
        AccountLink.objects.filter(pk=link.pk).update(
            unconfirmed_since=timezone.now(), label="Дача", place="Рижский пр., 20"
        )
        assert owner_client.get(at(link, "dispute")).status_code == 404
        page = listed(owner_client)
        assert "подтвердите счёт" in page
        assert "привязан ещё" not in page and "Рижский" not in page


def test_a_delegate_says_so_and_gives_it_up(stranger, owner_client, link):
    theirs = make_delegate(link, stranger)
    delegate = logged_in(stranger, PSKOV_HOST)
    page = listed(delegate)
    assert "доверенное лицо, доступ открыт по" in page and "Отказаться от доступа" in page
    assert "привязан ещё" not in page and "привязан ещё" not in listed(owner_client)
    assert delegate.get(at(theirs, "dispute")).status_code == 404
    answer = delegate.post(at(theirs, "unlink"), follow=True)
    assert "Вы отказались от доступа к лицевому счёту 805107" in text_of(answer)
    assert Delegation.objects.get().ended_at
    assert [one.pk for one in AccountLink.objects.all()] == [link.pk]


def test_accesses_end_with_the_link_that_gave_them(stranger, owner_client, link):
    make_delegate(link, stranger)
    assert "Доступ доверенных лиц тоже закроется" in text_of(owner_client.get(at(link, "unlink")))
    owner_client.post(at(link, "unlink"))
    assert Delegation.objects.get().ended_at and not AccountLink.objects.exists()


def test_a_closed_account_is_marked(owner_client, link, account):
    PersonalAccount.objects.update(closed_on="2026-03-01")
    assert "Счёт закрыт 1 марта 2026" in listed(owner_client)


def test_a_list_of_many_costs_no_more(owner, owner_client, pskov, link, other):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner_client.get(LIST)
        return len(captured)

    queries()
    few = queries()
    for number in range(900001, 900008):
        make_link(owner, pskov, make_account(str(number)))
    assert queries() == few


def test_strangers_and_other_hosts(owner, link, stranger, novgorod, other):
    for person, host, status in (
        (stranger, PSKOV_HOST, 404),
        (stranger, NOVGOROD_HOST, 404),
        (owner, NOVGOROD_HOST, 200),  # the list is over all companies
    ):
        client = logged_in(person, host)
        for page in ("name", "unlink", "dispute"):
            assert client.get(at(link, page)).status_code == status, (host, page)
            if status == 404:
                assert client.post(at(link, page), {"label": "x"}).status_code == 404
    link.refresh_from_db()
    assert link.label == "" and not LinkDispute.objects.exists()


def test_the_copy_of_ones_data_names_disputes(owner: Subscriber, link, account, other):
    LinkDispute.objects.create(account_number="805107", subscriber_id=owner.pk, text="Кто?")
    assert "Кто?" in json.dumps(PARTS["link_disputes"].export(owner.pk), ensure_ascii=False)
    PARTS["link_disputes"].delete(owner.pk)
    assert not LinkDispute.objects.exists()
