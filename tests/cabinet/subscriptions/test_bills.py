"""Bills by e-mail: subscribed to, cancelled, offered."""

import datetime
import uuid

import pytest
from django_tenants.utils import schema_context

from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.personal_data.parts import account_unlinked, parts
from cabinet.subscriptions.models import Subscription
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)

PAGE = "/cabinet/settings/subscriptions/"


def switch(link: AccountLink) -> str:
    return f"{PAGE}receipts/{link.pk}/"


def page(client, path: str) -> str:
    return " ".join(text_of(client.get(path)).split())


def test_offered_on_information_until_it_is_asked_for(owner_client, owner, link, account):
    information = f"/cabinet/{link.pk}/"
    offered = page(owner_client, information)
    for text in ("Квитанция на электронную почту", f"{switch(link)}address/"):
        assert text in offered, text
    answer = owner_client.post(switch(link), {"on": "yes"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    said = text_of(answer)
    assert f"Квитанции по счёту 805107 будут приходить на {owner.email}" in said
    assert said.count('aria-checked="true"') == 1
    subscription = Subscription.objects.get()
    assert (subscription.subscriber_id, subscription.account) == (owner.pk, account)
    assert not Message.objects.exists()
    assert "Квитанция на электронную почту" not in page(owner_client, information)


def test_asking_twice_is_asking_once_and_it_can_be_taken_back(owner_client, link):
    for _ in range(2):
        owner_client.post(switch(link), {"on": "yes"})
    (subscription,) = Subscription.objects.all()
    assert subscription.created_at
    said = text_of(owner_client.post(switch(link), {"on": "no"}, follow=True))
    assert "отменена" in said
    assert not Subscription.objects.exists()


def test_a_look_changes_nothing(owner_client, link):
    assert owner_client.get(switch(link), {"on": "yes"}).headers["Location"] == PAGE
    assert not Subscription.objects.exists()


def test_an_account_of_another_region_is_kept_there(owner, owner_client, link, novgorod):
    with schema_context("novgorod"):
        far = make_link(owner, novgorod, make_account("510080"))
    owner_client.post(switch(far), {"on": "yes"})
    assert not Subscription.objects.exists()
    with schema_context("novgorod"):
        assert Subscription.objects.get().subscriber_id == owner.pk
    assert page(owner_client, PAGE).count('aria-checked="true"') == 1
    there = logged_in(owner, NOVGOROD_HOST)
    assert "Квитанция на электронную почту" not in page(there, f"/cabinet/{far.pk}/")


def test_strangers_links_and_those_that_wait_for_a_proof(link, stranger, owner_client):
    client = logged_in(stranger, PSKOV_HOST)
    assert client.post(switch(link), {"on": "yes"}).status_code == 404
    assert owner_client.post(f"{PAGE}receipts/{uuid.uuid4()}/").status_code == 404
    AccountLink.objects.update(unconfirmed_since="2026-11-01T12:00+03:00")
    assert owner_client.post(switch(link), {"on": "yes"}).status_code == 404
    assert not Subscription.objects.exists()


def test_without_an_address_it_is_asked_for_first(owner, owner_client, link):
    Subscriber.objects.update(email=None, phone="+79111234567")
    answer = owner_client.post(switch(link), {"on": "yes"}, follow=True)
    assert answer.redirect_chain == [(f"{switch(link)}address/", 302)]
    assert "На какой адрес" in text_of(answer).replace("\xa0", " ")
    assert not Subscription.objects.exists()


def test_a_closed_account_has_no_more_bills(owner_client, link, account):
    type(account).objects.update(closed_on=datetime.date(2026, 5, 1))
    assert "Квитанция на электронную почту" not in page(owner_client, f"/cabinet/{link.pk}/")
    owner_client.post(switch(link), {"on": "yes"})
    assert not Subscription.objects.exists()


def test_a_company_that_is_away(owner_client, owner, novgorod, pskov):
    with schema_context("novgorod"):
        far = make_link(owner, novgorod, make_account("510080"))
    GasCompany.objects.filter(pk=novgorod.pk).update(status="suspended")
    assert "закрыт" in text_of(owner_client.post(switch(far), {"on": "yes"}, follow=True))
    with schema_context("novgorod"):
        assert not Subscription.objects.exists()


def test_without_an_account_the_tab_says_what_to_do(owner_client, pskov):
    assert "на привязанный лицевой счёт" in page(owner_client, PAGE)


def test_in_the_words_of_the_fund(owner, link, pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    client = logged_in(owner, PSKOV_HOST)
    assert f'href="{PAGE}">Подписаться</a>' in page(client, "/cabinet/settings/")
    tab = page(client, PAGE)
    assert "Получение квитанций по электронной почте" in tab and "Подписаться" in tab
    assert "Отписаться" in page_after(client, link)


def page_after(client, link: AccountLink) -> str:
    return text_of(client.post(switch(link), {"on": "yes"}, follow=True))


@pytest.mark.parametrize("goes", ["unlinked", "deleted"])
def test_it_is_in_the_copy_and_goes_with_the_person(owner, owner_client, link, goes):
    owner_client.post(switch(link), {"on": "yes"})
    part = next(one for one in parts(in_public=False) if one.code == "subscriptions")
    (row,) = part.export(owner.pk)
    assert row["account_number"] == "805107" and set(row) == set(part.columns)
    if goes == "unlinked":
        account_unlinked(link)
    else:
        part.delete(owner.pk)
    assert not Subscription.objects.exists()
