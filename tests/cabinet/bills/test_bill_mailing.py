"""Bills by subscription: after the package that brings the month's charges, once, to whom they belong."""

import datetime

import pytest
from wagtail.models import Site

from cabinet.accounts.models import SurnameChange
from cabinet.bills.mailing.bill_mailing import bills_mailing_begin
from cabinet.max.models import MaxChat
from cabinet.notifications.models import MailAddress, Notification, SmsNumber
from cabinet.subscribers.models import AccountLink, NotificationWay
from cabinet.subscriptions.models import Mailing, MailingSettings, Subscription
from cabinet.subscriptions.services import subscription_add
from portal.messaging.models import Message
from portal.messaging.services import message_render
from tests.exchange.builder import charge, charges
from tests.support.factories import make_account, make_charge, make_link, text_of
from tests.support.mailings import work_off

NOVEMBER = datetime.date(2026, 11, 1)
OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def subscription(owner, link, account, clock) -> Subscription:
    clock.at("2026-11-05T12:00")
    return subscription_add(subscriber=owner, account=account, kind="bill")


def letters() -> list[Message]:
    found = list(Message.objects.filter(kind="bill_ready").order_by("channel"))
    for message in found:
        message_render(message)
    return found


def said(message: Message) -> str:
    return (message.text or "").replace("\xa0", " ").replace("\u202f", " ")


def tell() -> list[Message]:
    bills_mailing_begin(NOVEMBER)
    work_off()
    return letters()


def test_after_the_package_with_the_months_charges(subscription, load, link, pskov):
    october = charge("2026-10", "-2.60", "7.39", "0.00", "0.00", "4.79")
    load(charges(october))
    mailing = Mailing.objects.get()
    assert (mailing.key, mailing.state) == ("2026-11", "waiting")
    work_off()
    (letter,) = letters()
    assert letter.recipient == "owner@mail.ru"
    text = said(letter)
    for part in ("ноябрь 2026 г.", "805107: к оплате 4,79 ₽ до 16 ноября."):
        assert part in text
    assert f"{pskov.url}/cabinet/{link.pk}/" in text
    assert letter.unsubscribe_url and letter.unsubscribe_url in letter.html
    (bell,) = Notification.objects.all()
    assert bell.title.replace("\xa0", " ") == "Квитанция за ноябрь 2026 г."
    load(charges(charge("2026-10", "-2.60", "9.39", "0.00", "0.00", "6.79")))
    work_off()
    assert len(letters()) == 1


def test_a_package_without_them_tells_nobody_and_the_next_one_does(subscription, load):
    load(charges(charge("2026-09", "0.00", "7.39", "0.00", "0.00", "7.39")))
    work_off()
    assert letters() == [] and Mailing.objects.get().state == "waiting"
    load(charges(charge("2026-10", "7.39", "0.00", "0.00", "0.00", "7.39")))
    work_off()
    assert len(letters()) == 1 and Mailing.objects.get().state == "done"


@pytest.mark.parametrize("as_of", ["2026-10-05T06:00:00+03:00", "2026-12-05T06:00:00+03:00"])
def test_data_of_another_month_tell_nobody(subscription, load, as_of):
    load(charges(charge("2026-10", "0.00", "7.39", "0.00", "0.00", "7.39")), as_of=as_of)
    assert not Mailing.objects.exists()


def test_by_hand_where_the_company_wants_it(subscription, load):
    MailingSettings.objects.create(site=Site.objects.get(), bills="hand")
    load(charges(charge("2026-10", "0.00", "7.39", "0.00", "0.00", "7.39")))
    assert not Mailing.objects.exists()
    assert len(tell()) == 1
    assert len(tell()) == 1


@pytest.mark.parametrize(
    ("opening", "text"),
    [
        ("1234.50", "к оплате 1 234,50 ₽ до 16 ноября."),
        ("0.00", "платить ничего не нужно."),
        ("-2.60", "платить не нужно, переплата 2,60 ₽."),
    ],
)
def test_what_the_month_opened_with(subscription, account, opening, text):
    """Its own row says it too, whatever has happened since."""
    make_charge(account, NOVEMBER, opening=opening, paid="500.00")
    (letter,) = tell()
    assert text in said(letter)


def test_services_and_penalty_are_one_sum(subscription, account):
    make_charge(account, OCTOBER, accrued="100.00")
    make_charge(account, OCTOBER, accrued="1.05", kind="penalty")
    make_charge(account, OCTOBER, accrued="20.00", service="to", bill_kind="то")
    make_charge(account, datetime.date(2026, 3, 1), accrued="5.00", service="ended")
    (letter,) = tell()
    assert "к оплате 126,05 ₽" in said(letter)


def test_sms_and_max_carry_month_sum_and_link(subscription, owner, link, account):
    SmsNumber.objects.create(
        subscriber_id=owner.pk, number="+79111234567", confirmed_at="2026-11-01T12:00+03:00"
    )
    NotificationWay.objects.create(subscriber=owner, kind="bill_ready", channel="sms", is_on=True)
    make_charge(account, OCTOBER, accrued="4.79")
    mail, sms = tell()
    assert (mail.channel, sms.channel) == ("email", "sms")
    for part in ("ноябрь 2026 г.", "4,79 ₽", f"/cabinet/{link.pk}/"):
        assert part in said(sms)


def test_a_telephone_or_max_is_enough(owner, link, account, clock, pskov, owner_client):
    """Also for an account that was linked afterwards; an e-mail was not asked for."""
    clock.at("2026-11-05T12:00")
    row = SmsNumber.objects.create(
        subscriber_id=owner.pk, number="+79111234567", confirmed_at="2026-11-01T12:00+03:00"
    )
    MaxChat.objects.create(subscriber_id=owner.pk, user_id=7, name="Анна")
    NotificationWay.objects.create(subscriber=owner, kind="bill_ready", channel="sms", is_on=True)
    make_charge(account, OCTOBER, accrued="4.79")
    other = make_account("806018")
    make_link(owner, pskov, other)
    make_charge(other, OCTOBER, accrued="5.00")
    assert [letter.channel for letter in tell()] == ["max", "max", "sms", "sms"]
    page = "/cabinet/settings/subscriptions/"
    assert 'aria-label="Квитанция по email' in text_of(owner_client.get(page))
    assert Subscription.objects.filter(by_mail=True).count() == 0
    # The switch of e-mail is its own.
    owner_client.post(f"{page}receipts/{link.pk}/", {"on": "yes"})
    assert Subscription.objects.filter(by_mail=True).get().account == account
    Message.objects.all().delete()
    Mailing.objects.all().delete()
    MaxChat.objects.all().delete()
    SmsNumber.objects.filter(pk=row.pk).update(is_on=False)
    assert [letter.channel for letter in tell()] == ["email"]


@pytest.mark.parametrize(
    "why", ["unlinked", "unconfirmed", "surname", "leaving", "closed", "no charges", "old charges"]
)
def test_nothing_where_it_is_not_known_whose_it_is_or_how_much(
    subscription, owner, account, link, why
):
    if why != "no charges":
        make_charge(account, datetime.date(2026, 8 if why == "old charges" else 10, 1))
    if why == "unlinked":
        AccountLink.objects.all().delete()
    elif why == "unconfirmed":
        AccountLink.objects.update(unconfirmed_since="2026-11-01T12:00+03:00")
    elif why == "surname":
        SurnameChange.objects.create(
            account_number=account.account_number, changed_at="2026-11-01T12:00+03:00"
        )
    elif why == "leaving":
        owner.deletion_due_at = "2026-12-10T12:00+03:00"
        owner.save()
    elif why == "closed":
        account.closed_on = OCTOBER
        account.save()
    assert tell() == [] and not Notification.objects.exists()


def test_another_address_and_one_that_refuses(subscription, owner, account):
    make_charge(account, OCTOBER, accrued="4.79")
    other = MailAddress.objects.create(
        subscriber_id=owner.pk, address="bills@mail.ru", confirmed_at="2026-11-01T12:00+03:00"
    )
    Subscription.objects.update(address=other)
    assert [letter.recipient for letter in tell()] == ["bills@mail.ru"]
    Message.objects.all().delete()
    Mailing.objects.all().delete()
    Subscription.objects.update(refused_at="2026-11-02T12:00+03:00")
    assert tell() == []
    assert Notification.objects.count() == 2  # the bell takes it all the same


def test_who_unsubscribes_before_it_is_sent_gets_nothing(subscription, account, guest, pskov):
    make_charge(account, OCTOBER, accrued="4.79")
    (letter,) = tell()
    guest.post(letter.unsubscribe_url.removeprefix(pskov.url), {"List-Unsubscribe": "One-Click"})
    assert not Message.objects.exists()
