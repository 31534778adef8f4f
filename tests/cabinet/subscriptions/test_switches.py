"""Switched on and off: on the page, among subscriptions, by the link in the letter, with the account."""

import re

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.personal_data.parts import account_unlinked
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.reminding import reminders_send
from cabinet.subscriptions.services import off_path, subscription_add
from tests.cabinet.subscriptions.conftest import letters
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)


def test_the_switch_on_the_page(owner_client, owner, link, account):
    path = f"/cabinet/{link.pk}/readings/"
    page = text_of(owner_client.get(path))
    assert "Напоминать о показаниях" in page and "18-го и 23-го числа" in page
    switch = f"{path}reminder/"
    assert "Будем напоминать" in text_of(owner_client.post(switch, {"on": "yes"}, follow=True))
    row = Subscription.objects.get()
    assert (row.subscriber_id, row.account) == (owner.pk, account)
    assert owner.email in text_of(owner_client.get(path))
    owner_client.post(switch, {"on": "yes"})
    assert Subscription.objects.count() == 1
    owner_client.post(switch, {"on": "no"})
    assert not Subscription.objects.exists()
    owner_client.get(switch + "?on=yes")
    assert not Subscription.objects.exists()


def test_a_strangers_switch(owner_client, link, stranger, owner, novgorod):
    switch = f"/cabinet/{link.pk}/readings/reminder/"
    assert logged_in(stranger, PSKOV_HOST).post(switch, {"on": "yes"}).status_code == 404
    assert logged_in(owner, NOVGOROD_HOST).post(switch, {"on": "yes"}).status_code == 404
    assert not Subscription.objects.exists()


def test_subscriptions_have_a_switch_an_account_of_every_region(
    owner, owner_client, link, novgorod
):
    with schema_context("novgorod"):
        far = make_link(owner, novgorod, make_account("510080"))
    page = "/cabinet/settings/subscriptions/"
    assert text_of(owner_client.get(page)).count(f"{page}reminders/") == 2
    switch = f"{page}reminders/{far.pk}/"
    said = text_of(owner_client.post(switch, {"on": "yes"}, follow=True))
    assert "Будем напоминать о показаниях счёта 510080" in said
    assert said.count('aria-checked="true"') == 1
    assert not Subscription.objects.exists()  # not in this company's tables
    with schema_context("novgorod"):
        assert Subscription.objects.get().subscriber_id == owner.pk
    owner_client.post(switch, {"on": "no"})
    with schema_context("novgorod"):
        assert not Subscription.objects.exists()
    assert owner_client.get(switch, {"on": "yes"}).status_code == 302
    with schema_context("novgorod"):
        assert not Subscription.objects.exists()


def test_a_strangers_switch_on_subscriptions(link, stranger):
    client = logged_in(stranger, PSKOV_HOST)
    path = f"/cabinet/settings/subscriptions/reminders/{link.pk}/"
    assert client.post(path, {"on": "yes"}).status_code == 404
    assert not Subscription.objects.exists()


def test_an_unlinked_account_takes_its_reminder_along(reminder, link, stranger, pskov, account):
    other = make_link(stranger, pskov, account)
    account_unlinked(other)
    assert Subscription.objects.exists()
    account_unlinked(link)
    assert not Subscription.objects.exists()


def test_the_link_in_the_letter_asks_and_then_switches_off(reminder, guest, clock):
    clock.at("2026-11-18T12:00")
    reminders_send()
    (letter,) = letters()
    path = re.search(r"http://pskov\.gas\.localhost(/subscriptions/off/\S+/)", letter.text)[1]
    assert letter.unsubscribe_url == f"http://pskov.gas.localhost{path}"
    assert "Не напоминать больше" in text_of(guest.get(path))
    assert Subscription.objects.exists()  # mail programs open links by themselves
    for _ in range(2):
        assert "Напоминания выключены" in text_of(guest.post(path))
    assert not Subscription.objects.exists()
    assert guest.get("/subscriptions/off/forged/").status_code == 404
    assert Client(headers={"host": NOVGOROD_HOST}).get(path).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_what_only_looks_at_the_link_uses_nothing_up(reminder, guest, method):
    getattr(guest, method)(off_path(reminder))
    assert Subscription.objects.exists()


def test_a_mail_programs_one_click_needs_neither_cookie_nor_form(reminder):
    """RFC 8058: the program posts this body, and nothing of what a browser would bring along."""
    client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    answer = client.post(off_path(reminder), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    assert not Subscription.objects.exists()


def test_the_link_cancels_its_own_subscription_once(owner, account, reminder, guest):
    path = off_path(reminder)
    bills = subscription_add(subscriber=owner, account=account, kind="bill")
    guest.post(path)
    assert Subscription.objects.get() == bills
    again = subscription_add(subscriber=owner, account=account, kind="reading_reminder")
    assert "Напоминания выключены" in text_of(guest.post(path))
    assert set(Subscription.objects.all()) == {bills, again}


def test_bills_are_cancelled_by_a_link_too(owner, account, link, guest):
    path = off_path(subscription_add(subscriber=owner, account=account, kind="bill"))
    assert "Не присылать" in text_of(guest.get(path)).replace("\xa0", " ")
    assert "Подписка отменена" in text_of(guest.post(path))
    assert not Subscription.objects.exists()


def test_a_closed_account_is_not_reminded_of(owner_client, link, account):
    type(account).objects.update(closed_on="2026-05-01")
    assert "Напоминать" not in text_of(owner_client.get(f"/cabinet/{link.pk}/readings/"))
    for path in (
        f"/cabinet/{link.pk}/readings/reminder/",
        f"/cabinet/settings/subscriptions/reminders/{link.pk}/",
    ):
        said = text_of(owner_client.post(path, {"on": "yes"}, follow=True))
        assert "Лицевой счёт закрыт: показания по нему не принимаются." in said
    assert not Subscription.objects.exists()


def test_news_have_a_switch_a_company(owner, owner_client, link, novgorod, pskov, guest):
    page = "/cabinet/settings/subscriptions/"
    with schema_context("novgorod"):
        make_link(owner, novgorod, make_account("510080"))
    for company in (pskov, novgorod):
        for _ in range(2):
            said = text_of(
                owner_client.post(f"{page}news/{company.pk}/", {"on": "yes"}, follow=True)
            )
        assert "Будем присылать новости" in said
    here = Subscription.objects.get()
    assert (here.kind, here.account) == ("news", None)
    with schema_context("novgorod"):
        assert Subscription.objects.get().subscriber_id == owner.pk
    path = off_path(here)
    assert "Не присылать больше новости" in text_of(guest.get(path)).replace("\xa0", " ")
    assert "Подписаться снова" in text_of(guest.post(path))
    assert not Subscription.objects.exists()
    with schema_context("novgorod"):
        assert Subscription.objects.exists()
    owner_client.post(f"{page}news/{novgorod.pk}/", {"on": "no"})
    with schema_context("novgorod"):
        assert not Subscription.objects.exists()


def test_news_of_a_company_that_is_not_the_persons(owner_client, link, novgorod):
    page = "/cabinet/settings/subscriptions/news/"
    assert owner_client.post(f"{page}{novgorod.pk}/", {"on": "yes"}).status_code == 404
    assert owner_client.post(f"{page}999/", {"on": "yes"}).status_code == 404
    with schema_context("novgorod"):
        assert not Subscription.objects.exists()


def test_who_has_left_everything_gets_nothing_and_may_come_back(
    reminder, owner, owner_client, link, account, clock, guest
):
    news = subscription_add(subscriber=owner, kind="news")
    bills = subscription_add(subscriber=owner, account=account, kind="bill")
    for one in (reminder, news, bills):
        guest.post(off_path(one))
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0 and not Subscription.objects.exists()
    page = "/cabinet/settings/subscriptions/"
    assert 'aria-checked="true"' not in text_of(owner_client.get(page))
    owner_client.post(f"{page}receipts/{link.pk}/", {"on": "yes"})
    assert Subscription.objects.get().kind == "bill"


@pytest.mark.parametrize("kind", ["bill", "reading_reminder", "news"])
def test_who_was_deleted_meanwhile_leaves_no_subscription(owner, link, account, kind):
    """Between the click and the row: the deletion has been in this company already."""
    person = Subscriber.objects.get(pk=owner.pk)
    owner.delete()
    about = None if kind == "news" else account
    with pytest.raises(Subscriber.DoesNotExist):
        subscription_add(subscriber=person, kind=kind, account=about)
    assert not Subscription.objects.exists()
