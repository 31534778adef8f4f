"""Where bills go: the login's address, or another one that is confirmed by a letter (figure 23)."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.links.ending import link_end
from cabinet.notifications.models import MailAddress
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.personal_data.parts import account_unlinked
from cabinet.subscriptions.mailings.batches import notice_ways
from cabinet.subscriptions.models import Subscription
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)

PAGE = "/cabinet/settings/subscriptions/"
OTHER = "daughter@mail.ru"


def window(link: AccountLink) -> str:
    return f"{PAGE}receipts/{link.pk}/address/"


def page(client) -> str:
    return " ".join(text_of(client.get(PAGE)).replace("\xa0", " ").split())


def link_in_letter() -> str:
    letter = Message.objects.filter(kind="mail_address").latest("created_at")
    return re.search(r"http://[^/]+(/subscriptions/address/\S+/)", letter.text)[1]


@pytest.fixture
def asked(owner_client, link) -> str:
    """Another address was asked for; the path in its letter."""
    owner_client.post(window(link), {"email": OTHER})
    return link_in_letter()


def test_the_logins_own_address_is_offered_and_needs_no_letter(owner, owner_client, link):
    assert f'value="{owner.email}"' in text_of(owner_client.get(window(link)))
    assert not Subscription.objects.exists()
    typed = f" {owner.email.upper()} "
    said = text_of(owner_client.post(window(link), {"email": typed}, follow=True))
    assert f"Квитанции по счёту 805107 будут приходить на {owner.email}" in said
    subscription = Subscription.objects.get()
    assert subscription.address is None and subscription.wanted_address is None
    assert not MailAddress.objects.exists() and not Message.objects.exists()


def test_another_address_is_written_to_after_its_confirmation(
    owner, owner_client, link, guest, asked
):
    said = page(owner_client)
    assert f'Присылаем на <strong class="break">{owner.email}' in said
    assert f"{OTHER}</strong> ждёт подтверждения" in said and "присылаем, как раньше" in said
    assert Subscription.objects.get().address is None
    assert OTHER in text_of(guest.get(asked))
    for _ in range(2):  # the second time says the same
        assert "Адрес подтверждён" in text_of(guest.post(asked))
    assert "Адрес подтверждён" in text_of(guest.get(asked))
    subscription = Subscription.objects.get()
    assert subscription.address.address == OTHER and subscription.wanted_address is None
    said = page(owner_client)
    assert f'Присылаем на <strong class="break">{OTHER}' in said and "ждёт" not in said


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_what_only_looks_at_the_link_confirms_nothing(asked, guest, method):
    getattr(guest, method)(asked)
    assert MailAddress.objects.get().confirmed_at is None


def test_a_forged_post_confirms_nothing(asked):
    client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    assert client.post(asked).status_code == 403
    assert MailAddress.objects.get().confirmed_at is None


def test_links_that_lead_nowhere(asked, guest, owner_client, link, novgorod, clock):
    assert Client(headers={"host": NOVGOROD_HOST}).post(asked).status_code == 410
    owner_client.post(f"{PAGE}receipts/{link.pk}/", {"on": "no"})
    assert guest.post(asked).status_code == 410
    assert not MailAddress.objects.exists()


def test_after_three_days_the_link_is_over(asked, guest, owner_client, link):
    MailAddress.objects.update(
        link_expires_at="2020-01-01T12:00+03:00", link_sent_at="2020-01-01T12:00+03:00"
    )
    for answer in (guest.get(asked), guest.post(asked)):
        assert answer.status_code == 410 and "больше не действует" in text_of(answer)
    resend = f"{window(link)}resend/"
    assert "Мы отправили письмо" in text_of(owner_client.post(resend, follow=True))
    assert link_in_letter() != asked
    assert "через минуту" in text_of(owner_client.post(resend, follow=True))
    assert Message.objects.filter(kind="mail_address").count() == 2
    assert "Адрес подтверждён" in text_of(guest.post(link_in_letter()))


def test_only_the_hash_is_kept(asked):
    row = MailAddress.objects.get()
    assert row.link_hash not in asked and asked.split("/")[-2] != row.link_hash


def test_letters_are_limited(owner_client, link):
    said = [
        text_of(owner_client.post(window(link), {"email": f"n{number}@mail.ru"}, follow=True))
        for number in range(7)
    ]
    assert "Слишком много попыток" in said[-1]
    assert Message.objects.filter(kind="mail_address").count() == 6


def test_whoever_has_only_a_telephone_gets_bills_by_mail(owner_client, owner, link, guest):
    Subscriber.objects.update(email=None, phone="+79111234567")
    owner_client.post(window(link), {"email": OTHER})
    assert "До этого квитанции не приходят" in page(owner_client)
    owner.refresh_from_db()
    assert "email" not in notice_ways(Subscription.objects.get(), owner)["channels"]
    guest.post(link_in_letter())
    assert f'Присылаем на <strong class="break">{OTHER}' in page(owner_client)


def test_a_confirmed_address_stays_until_the_next_is_confirmed(asked, guest, owner_client, link):
    guest.post(asked)
    owner_client.post(window(link), {"email": "son@mail.ru"})
    row = Subscription.objects.get()
    assert (row.address.address, row.wanted_address.address) == (OTHER, "son@mail.ru")
    guest.post(link_in_letter())
    assert Subscription.objects.get().address.address == "son@mail.ru"
    assert [one.address for one in MailAddress.objects.all()] == ["son@mail.ru"]


def test_an_account_of_another_region_is_asked_about_by_its_company(
    owner, owner_client, link, novgorod
):
    with schema_context("novgorod"):
        far = make_link(owner, novgorod, make_account("510080"))
    owner_client.post(window(far), {"email": OTHER})
    assert not MailAddress.objects.exists() and not Message.objects.exists()
    with schema_context("novgorod"):
        path = link_in_letter()
        assert Client(headers={"host": NOVGOROD_HOST}).post(path).status_code == 200
        assert Subscription.objects.get().address.address == OTHER


def test_strangers_and_bad_addresses(link, stranger, owner_client):
    client = logged_in(stranger, PSKOV_HOST)
    for path in (window(link), f"{window(link)}resend/"):
        assert client.post(path, {"email": OTHER}).status_code == 404
    for typed in ("", "нет", "a@b@c", f"{'x' * 300}@mail.ru"):
        answer = owner_client.post(window(link), {"email": typed})
        assert 'aria-invalid="true"' in text_of(answer), typed
    assert not Subscription.objects.exists()


def test_a_closed_account_has_no_window(owner_client, link, account):
    type(account).objects.update(closed_on="2026-05-01")
    assert "Лицевой счёт закрыт" in text_of(owner_client.post(window(link), {"email": OTHER}))
    assert not Subscription.objects.exists() and not MailAddress.objects.exists()


def test_an_address_that_bounces_is_said_and_chosen_anew(asked, guest, owner_client, link):
    guest.post(asked)
    bills = Subscription.objects.get()
    letter = Message(channel="email", kind="bill_ready", recipient=OTHER, subscription=bills.pk)
    message_refused.send(Message, message=letter)
    bills.refresh_from_db()
    assert bills.refused_at
    assert "не доходят" in page(owner_client)
    owner_client.post(window(link), {"email": OTHER})
    bills.refresh_from_db()
    assert bills.refused_at is None and bills.address.address == OTHER
    assert "не доходят" not in page(owner_client)


def test_an_unlinked_account_leaves_no_subscription(asked, link):
    account_unlinked(link)
    assert not Subscription.objects.exists()


def test_a_letter_that_comes_back_from_the_address_before_stops_nothing(
    owner, owner_client, link, guest, asked
):
    guest.post(asked)
    bills = Subscription.objects.get()
    for refused in (owner.email, "once@mail.ru"):
        letter = Message(channel="email", recipient=refused, subscription=bills.pk)
        message_refused.send(Message, message=letter)
        bills.refresh_from_db()
        assert bills.refused_at is None
    owner_client.post(window(link), {"email": owner.email})
    letter = Message(channel="email", recipient=OTHER, subscription=bills.pk)
    message_refused.send(Message, message=letter)
    bills.refresh_from_db()
    assert bills.refused_at is None
    letter.recipient = owner.email
    message_refused.send(Message, message=letter)
    bills.refresh_from_db()
    assert bills.refused_at


def test_an_unlinked_account_takes_what_waits_along(owner, link, account, pskov):
    """Such as what waits for the morning: sums are not told to who has given the account up."""
    bills = Subscription.objects.create(subscriber_id=owner.pk, account=account, kind="bill")
    about = {"subscriber": owner, "account": account, "title": "Квитанция", "path": "/"}
    notify(Notice(kind="bill_ready", subscription=bills.pk, **about))
    notify(Notice(kind="readings_received", only_bell=True, **about))
    link_end(link=link)
    assert not Message.objects.filter(kind="bill_ready").exists()


def test_a_new_address_of_the_login_is_written_to_again(
    owner, owner_client, link, account, novgorod
):
    with schema_context("novgorod"):
        make_link(owner, novgorod, make_account("510080"))
        Subscription.objects.create(subscriber_id=owner.pk, kind="news", refused_at=timezone.now())
    own = MailAddress.objects.create(subscriber_id=owner.pk, address=OTHER)
    for kind, address in (("bill", own), ("reading_reminder", None)):
        Subscription.objects.create(
            subscriber_id=owner.pk,
            account=account,
            kind=kind,
            address=address,
            reminded_on="2026-11-01",
            refused_at=timezone.now(),
        )
    owner_client.post(
        "/cabinet/settings/email/", {"email": "new@mail.ru", "current_password": PASSWORD}
    )
    letter = Message.objects.get(kind="email_change")
    assert Subscription.objects.filter(refused_at=None).count() == 0
    owner_client.post(re.search(rf"{PSKOV_HOST}(?::\d+)?(/\S+)", letter.text)[1])
    owner.refresh_from_db()
    assert owner.email == "new@mail.ru"
    assert Subscription.objects.get(refused_at=None).kind == "reading_reminder"
    with schema_context("novgorod"):
        assert Subscription.objects.get().refused_at is None


def test_a_bill_comes_as_a_file_or_a_link(owner, owner_client, link):
    """As a file where nothing is said; who only changes the address keeps the choice."""
    said = text_of(owner_client.get(window(link)))
    assert 'value="file"' in said and "Его увидит каждый, кто читает эту почту" in said
    owner_client.post(window(link), {"email": owner.email})
    assert Subscription.objects.get().bills_as == "file" and "файлом в письме" in page(owner_client)
    owner_client.post(window(link), {"email": owner.email, "bills_as": "link"})
    assert Subscription.objects.get().bills_as == "link" and "ссылкой на квитанцию" in page(
        owner_client
    )
    owner_client.post(window(link), {"email": owner.email})
    assert Subscription.objects.get().bills_as == "link"
    refused = owner_client.post(window(link), {"email": owner.email, "bills_as": "fax"})
    assert refused.status_code == 200 and Subscription.objects.get().bills_as == "link"
