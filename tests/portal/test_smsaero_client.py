"""The gateway of SMS is asked once, over TLS, and what it has answered is told apart."""

import logging
import socket

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.messaging.contrib.smsaero import client
from portal.messaging.contrib.smsaero.client import NoAnswer, NotSent, Refused, SmsAero
from tests.support.sms_gateway import EMAIL, KEY, sms_gateway

SMS = {"number": "79110000000", "sign": "Gas", "text": "Код 482 913"}


@pytest.fixture
def gateway(settings, monkeypatch, tmp_path):
    with sms_gateway(settings, monkeypatch, tmp_path) as gateway:
        yield gateway


def send():
    with SmsAero() as session:
        return session.call("sms/send", **SMS)


def test_an_sms_is_taken(gateway):
    assert send()["id"] == 1000
    assert gateway.asked == [("/v2/sms/send", SMS)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "<h1>Error</h1>"),
        (502, ""),
        (200, "<html>"),
        (200, {"data": {}}),
        (302, {}),
        (200, []),
    ],
)
def test_an_answer_that_says_nothing_is_no_refusal(gateway, status, body):
    gateway.answer = (status, body)
    with pytest.raises(NoAnswer):
        send()
    assert len(gateway.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "fields"),
    [
        (
            400,
            {"success": False, "message": "Validation error.", "data": {"number": ["?"]}},
            {"number"},
        ),
        (200, {"success": False, "message": "Not enough money", "data": None}, set()),
        (402, {"success": False, "message": "Payment required"}, set()),
        (200, {"result": "no credits"}, set()),
        (403, "<html>", set()),
    ],
)
def test_a_refusal(gateway, status, body, fields):
    gateway.answer = (status, body)
    with pytest.raises(Refused) as caught:
        send()
    assert caught.value.fields == fields and caught.value.status == status


def test_a_dropped_and_a_late_answer(gateway, monkeypatch):
    gateway.drops = True
    with pytest.raises(NoAnswer):
        send()
    gateway.may_answer.clear()
    monkeypatch.setattr(client, "TIMEOUT", (5, 0.2))
    with pytest.raises(NoAnswer):
        send()
    assert len(gateway.sms) == 2


def test_a_gateway_that_is_not_reached(gateway, settings, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.SMSAERO_URL = f"https://127.0.0.1:{free.getsockname()[1]}/v2"
    with pytest.raises(NotSent):  # refused
        send()
    settings.SMSAERO_URL = "https://gateway.invalid/v2"
    with pytest.raises(NotSent):  # no such name
        send()


def test_a_false_certificate_gets_nothing(gateway, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(NotSent):
        send()
    assert gateway.asked == []


def test_what_has_to_be_written_first_stops_the_request(gateway):
    def opened():
        raise RuntimeError("the lease is lost")

    with pytest.raises(RuntimeError), SmsAero(opened) as session:
        session.call("sms/send", **SMS)
    assert gateway.asked == []


def test_never_without_tls(gateway, settings):
    settings.SMSAERO_URL = "http://127.0.0.1:1/v2"
    with pytest.raises(ImproperlyConfigured):
        send()


def test_the_key_is_in_no_log_and_no_error(gateway, settings, caplog):
    caplog.set_level(logging.DEBUG)
    send()
    settings.SMSAERO_API_KEY = f"{KEY}-ключ"
    with pytest.raises(Refused) as refused:
        send()
    gateway.drops = True
    settings.SMSAERO_API_KEY = KEY
    with pytest.raises(NoAnswer) as dropped:
        send()
    said = caplog.text + repr(refused.value) + repr(dropped.value)
    for secret in (KEY, EMAIL, SMS["number"], "482 913"):
        assert secret not in said
    assert dropped.value.__suppress_context__
