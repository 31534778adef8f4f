"""By which channels people hear of what, and the way out of a letter."""

import pytest
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerDay

from cabinet.max.models import MaxChat
from cabinet.meters.readings import letters
from cabinet.notifications.kinds import KINDS
from cabinet.notifications.models import Notification, SmsNumber
from cabinet.notifications.services import Notice, notify
from cabinet.notifications.ways.choices import channels_of, choices_of, off_path
from cabinet.subscribers.models import NotificationWay, Subscriber
from portal.messaging.models import Message
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_link,
    make_subscriber,
    text_of,
)
from tests.support.guest_readings import account_path, find
from tests.support.readings import sent

WAYS = "/cabinet/settings/subscriptions/ways/"


def on(person, kind) -> set[str]:
    return set(channels_of(choices_of({person.pk}), person.pk, kind))


def boxes(page) -> set[tuple[str, str]]:
    """Kind and channel of the boxes, and of those that are ticked."""
    form = page.context["form"]
    return {(kind, value) for kind, one in form.fields.items() for value, _ in one.choices}


@pytest.fixture
def number(owner, pskov) -> SmsNumber:
    return SmsNumber.objects.create(
        subscriber_id=owner.pk, number="+79110000007", confirmed_at=timezone.now()
    )


@pytest.fixture
def chat(owner, pskov) -> MaxChat:
    return MaxChat.objects.create(
        subscriber_id=owner.pk, user_id=77, name="Елена О.", created_at=timezone.now()
    )


def test_only_what_the_person_has_is_offered(owner_client, owner):
    page = owner_client.get(WAYS)
    assert {channel for _, channel in boxes(page)} == {"email"}
    assert "добавьте телефон" in text_of(page)


def test_every_channel_can_be_chosen_and_left(owner, owner_client, number, chat):
    page = owner_client.get(WAYS)
    offered = boxes(page)
    assert ("readings_sent_by_other", "sms") in offered
    assert ("readings_received", "max") in offered and ("readings_received", "sms") not in offered
    assert "security" not in page.context["form"].fields
    chosen = {"readings_sent_by_other": ["sms"], "readings_received": ["email", "max"]}
    assert owner_client.post(WAYS, chosen).url == WAYS
    # Where no browser shows notifications, nobody has chosen against them.
    assert on(owner, "readings_sent_by_other") == {"sms", "push"}
    assert on(owner, "readings_received") == {"email", "max"}
    assert on(owner, "news_published") == set()
    usual = {kind: ["email", "max"] for kind, _ in offered} | {
        "readings_received": ["email"],
        "news_published": ["email"],
    }
    owner_client.post(WAYS, usual)
    assert {kind: on(owner, kind) - {"push"} for kind in usual} == {
        kind: set(ways) for kind, ways in usual.items()
    }


def test_what_is_not_offered_here_stays_as_it_was(owner, owner_client):
    NotificationWay.objects.create(
        subscriber=owner, kind="readings_reminder", channel="sms", is_on=True
    )
    owner_client.post(WAYS, {"readings_reminder": ["email", "sms"]})  # a forged box
    owner_client.post(WAYS, {"readings_reminder": ["email"]})
    assert "sms" in on(owner, "readings_reminder")


def test_messages_go_by_the_chosen_ways(owner, owner_client, link, account, number, chat):
    path = f"/cabinet/{link.pk}/readings/"
    meter = account.meters.get()
    owner_client.post(WAYS, {"readings_received": ["max"]})
    owner_client.post(path, sent(meter, 1905))
    (message,) = Message.objects.all()
    assert (message.channel, message.recipient) == ("max", "77")
    assert "Номер квитанции о приёме" in message.text
    owner_client.post(WAYS, {})
    owner_client.post(path, sent(meter, 1906))
    assert not Message.objects.exists()  # nor is the one that waited
    assert Notification.objects.filter(subscriber_id=owner.pk).count() == 2


def test_strangers_cannot_make_the_company_pay_without_end(
    owner, owner_client, link, account, number, monkeypatch, guest
):
    """Neither for a telephone that was added nor for that of a login without an address."""
    monkeypatch.setattr(letters.SMS, "item", RateLimitItemPerDay(1))
    owner_client.post(WAYS, {"readings_sent_by_other": ["email", "sms"]})
    by_phone = make_subscriber(phone="+79110000008")
    make_link(by_phone, link.company, account)
    guest.post(account_path(find(guest)), {f"value_{account.meters.get().pk}": "1905"})
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "sms"]
    assert Notification.objects.count() == 2


def test_the_way_out_of_a_letter_undoes_only_itself(owner, owner_client, link, account, stranger):
    owner_client.post(f"/cabinet/{link.pk}/readings/", sent(account.meters.get(), 1905))
    letter = Message.objects.get()
    assert letter.unsubscribe_url in letter.text and letter.unsubscribe_url in letter.html
    path = letter.unsubscribe_url.partition(PSKOV_HOST)[2].lstrip(":0123456789")
    anybody = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    for look in (anybody.get, anybody.head):
        assert look(path).status_code == 200
    assert not NotificationWay.objects.exists()
    assert anybody.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert on(owner, "readings_received") == set()
    assert on(owner, "readings_sent_by_other") == {"email", "max", "push"}
    assert on(stranger, "readings_received") == {"email"}
    anybody.post(path)
    assert NotificationWay.objects.count() == 1


def test_tokens_that_are_not_ours_are_404(owner, pskov, guest):
    path = off_path(owner.pk, "readings_received", "email")
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    protective = off_path(owner.pk, "security", "email")
    for client, wrong in ((guest, path[:-2] + "/"), (elsewhere, path), (guest, protective)):
        assert client.get(wrong).status_code == client.post(wrong).status_code == 404
    assert not NotificationWay.objects.exists()


def test_a_letter_of_somebody_who_is_gone(owner, pskov, guest):
    path = off_path(owner.pk, "readings_received", "email")
    Subscriber.objects.all().delete()
    assert guest.post(path).status_code == 200


def test_a_stranger_sees_his_own(owner, stranger, pskov):
    NotificationWay.objects.create(
        subscriber=owner, kind="readings_received", channel="email", is_on=False
    )
    page = logged_in(stranger, PSKOV_HOST).get(WAYS)
    assert page.context["form"]["readings_received"].value() == ["email"]


def test_what_waits_is_not_sent_by_a_way_that_is_off_now(owner, owner_client, chat, guest):
    for kind in ("bill_ready", "readings_reminder"):
        notify(Notice(subscriber=owner, kind=kind, title="Квитанция", path="/"))
    data = dict.fromkeys(KINDS, "email") | {"readings_reminder": ["email", "max"]}
    owner_client.post(WAYS, data)
    left = Message.objects.filter(channel="max")
    assert [one.kind for one in left] == ["readings_reminder"]
    guest.post(off_path(owner.pk, "bill_ready", "email"))
    left = Message.objects.filter(channel="email")
    assert [one.kind for one in left] == ["readings_reminder"]


def test_an_old_link_does_not_undo_a_later_yes(owner, owner_client, guest, pskov):
    old = off_path(owner.pk, "readings_received", "email")
    guest.post(old)
    all_on = dict.fromkeys(KINDS, "email")
    owner_client.post(WAYS, all_on)
    assert "больше не действует" in text_of(guest.post(old))
    assert on(owner, "readings_received") == {"email"}
    newer = off_path(owner.pk, "readings_received", "email")
    owner_client.post(WAYS, all_on)  # which changes nothing
    assert "Письма выключены" in text_of(guest.post(newer))
    assert on(owner, "readings_received") == set()
