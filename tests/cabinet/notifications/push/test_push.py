"""Notifications of browsers: from the page's subscription to what the browser reads."""

import datetime
import logging
import socket
import threading

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.notifications.kinds import KINDS
from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push import sender
from cabinet.notifications.push.keys import public_key
from cabinet.subscribers.personal_data.parts import PARTS
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from portal.messaging.services import SecretNotCarried, message_send
from tenants.schemas import in_company
from tests.cabinet.notifications.push.conftest import ADD, PAGE
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in
from tests.support.push_service import Browser

WAYS = "/cabinet/settings/subscriptions/ways/"
REFUND = {
    "kind": "payment_refunded",
    "only_bell": False,
    "path": "/cabinet/payments/7/",
    "context": {"amount": "1 085,87 ₽", "number": 7, "account_number": "805107", "url": "x"},
}


@pytest.fixture
def browser(service) -> Browser:
    return service.browser()


@pytest.fixture
def row(owner_client, subscribe, browser) -> PushSubscription:
    """The owner's browser."""
    return subscribe(owner_client, browser)


@pytest.fixture
def message(row, tell) -> Message:
    tell("Возвращено 1 085,87 ₽", **REFUND)
    return Message.objects.get(channel="push")


def after(one: Message) -> Message:
    message_deliver(one.pk)
    one.refresh_from_db()
    return one


def test_what_has_happened_is_read_by_the_browser_alone(message, row, browser, service, caplog):
    caplog.set_level(logging.INFO)
    assert message.recipient == str(row.pk)
    one = after(message)
    assert (one.state, one.text) == ("sent", None) and one.handed_at
    (taken,) = service.taken
    said = browser.read(taken.body)
    # Nothing that may not lie on a table for all to see.
    assert said == {"title": "Платёж возвращён", "path": "/cabinet/payments/7/"}
    assert taken.headers["ttl"] == "259200" and taken.headers["content-encoding"] == "aes128gcm"
    assert taken.claims["aud"] == service.url and taken.claims["sub"] == "https://gas.localhost"
    assert not message_deliver(one.pk) and len(service.taken) == 1
    assert browser.endpoint not in caplog.text


@pytest.mark.parametrize(
    ("status", "state", "is_there"),
    [
        (200, "sent", True),
        (404, "failed", False),
        (410, "failed", False),
        (429, "pending", True),
        (503, "pending", True),
        (307, "pending", True),
        (403, "pending", True),
        (413, "pending", True),
        (500, "unknown", True),
        (None, "unknown", True),  # taken, and dropped before the answer
    ],
)
def test_what_becomes_of_it(message, row, service, status, state, is_there):
    service.status = status
    assert after(message).state == state
    assert PushSubscription.objects.filter(pk=row.pk).exists() == is_there
    assert [one.path for one in service.taken] == ["/send/one"]


def test_an_answer_after_the_time_out(message, service, monkeypatch):
    answered = threading.Event()
    service.meanwhile = answered.wait
    monkeypatch.setattr(sender, "TIMEOUT", (5, 0.2))
    one = after(message)
    answered.set()
    assert one.state == "unknown" and one.due_at is None and len(service.taken) == 1


def test_a_service_that_is_down_holds_up_nobody(message, row, settings, tell, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    settings.WEBPUSH_HOSTS = [place]
    row.endpoint = f"https://{place}/send/one"
    row.save()
    assert after(message).error == "ConnectionError"
    tell("Возвращено 2 ₽", **REFUND)
    later = Message.objects.filter(channel="push").latest("created_at")
    monkeypatch.setattr(sender, "webpush", None)  # it is not asked again for a minute
    later = after(later)
    assert (later.state, later.error) == ("pending", "the push service rests")


def test_no_other_host_is_written_to(owner_client, pskov):
    fields = Browser("").fields(public_key())
    for endpoint in (
        "",
        "http://fcm.googleapis.com/x",
        "https://example.ru/x",
        "https://fcm.googleapis.com.example.ru/x",
        "https://fcm.googleapis.com@example.ru/x",
        "https://fcm.googleapis.com:8443/x",
        "https://example.ru\\.push.apple.com/x",
        "https://push.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://example.ru%2f.push.apple.com/x",
        "https://two..push.apple.com/x",
        f"https://{'x' * 64}.push.apple.com/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "https://fcm.googleapis.com/\nx",
    ):
        answer = owner_client.post(ADD, fields | {"endpoint": endpoint})
        assert answer.status_code == 400, endpoint
    assert not PushSubscription.objects.exists()


def test_known_services_and_false_keys(owner_client, owner, pskov):
    right = Browser("https://web.push.apple.com/x").fields(public_key())
    for wrong in (
        {"p256dh": "AAAA"},
        {"p256dh": right["p256dh"][:-4]},
        {"auth": "я"},
        {"auth": ""},
    ):
        assert owner_client.post(ADD, right | wrong).status_code == 400
    assert owner_client.post(ADD, right | {"key": "another"}).status_code == 409
    for place in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"):
        endpoint = f"https://{place}/{place}"
        assert owner_client.post(ADD, right | {"endpoint": endpoint}).status_code == 200
    # One login is one browser.
    assert PushSubscription.objects.get().endpoint == endpoint
    (exported,) = PARTS["push_subscriptions"].export(owner.pk)
    assert exported["endpoint"] == endpoint
    PARTS["push_subscriptions"].delete(owner.pk)
    assert not PushSubscription.objects.exists()


def test_a_browser_made_for_another_key_or_service_is_let_go(message, row, settings):
    settings.WEBPUSH_HOSTS = ["fcm.googleapis.com"]
    assert after(message).failure == "no_such" and not PushSubscription.objects.exists()


def test_a_portal_without_a_key_offers_nothing(owner_client, row, tell, settings):
    settings.WEBPUSH_PRIVATE_KEY = ""
    tell("Возвращено 2 ₽", **REFUND)
    assert not Message.objects.filter(channel="push").exists()
    page = owner_client.get(PAGE)
    assert page.status_code == 200 and "data-push" not in page.content.decode()


def test_nobody_else_switches_it_off_and_who_may_drops_what_waits(
    message, row, owner_client, stranger, pskov
):
    other = logged_in(stranger, PSKOV_HOST)
    path = f"{PAGE}remove/{row.pk}/"
    assert other.post(path).status_code == 404 and "Где включены" not in str(
        other.get(PAGE).content
    )
    assert owner_client.get(path).headers["Location"] == PAGE
    assert Message.objects.filter(pk=message.pk).exists()
    owner_client.post(path)
    assert not PushSubscription.objects.exists()
    assert not Message.objects.filter(pk=message.pk).exists()


def test_it_can_be_chosen_by_kind(owner_client, row, tell, message):
    form = owner_client.get(WAYS).context["form"]
    offered = {kind for kind, one in form.fields.items() if "push" in dict(one.choices)}
    assert offered == {kind for kind in form.fields if KINDS[kind].message}
    assert "push" not in form["readings_received"].value()  # the person has just done it
    owner_client.post(WAYS, {"payment_refunded": ["email"]})
    tell("Возвращено 2 ₽", **REFUND)
    assert not Message.objects.filter(channel="push").exists()


def test_it_keeps_silent_at_night_and_carries_no_code(row, tell, monkeypatch):
    morning = timezone.now() + datetime.timedelta(hours=5)
    monkeypatch.setattr("portal.messaging.services.quiet_until", lambda _now: morning)
    tell("Возвращено 2 ₽", **REFUND)
    assert Message.objects.get(channel="push").due_at == morning
    with pytest.raises(SecretNotCarried):
        message_send(kind="phone_code", recipient=str(row.pk), channel="push", context={})


def test_another_company_does_not_write_to_it(row, owner, tell, novgorod):
    with in_company(novgorod):
        tell("Возвращено 2 ₽", **REFUND)
        assert not Message.objects.filter(channel="push").exists()
    elsewhere = logged_in(owner, NOVGOROD_HOST)
    assert "Где включены" not in elsewhere.get(PAGE).content.decode()


def test_a_stranger_without_a_login_is_led_there(browser, pskov):
    anybody = Client(headers={"host": PSKOV_HOST})
    assert anybody.get(PAGE).status_code == 302
    assert anybody.post(ADD, browser.fields(public_key())).status_code == 302
    assert not PushSubscription.objects.exists()
