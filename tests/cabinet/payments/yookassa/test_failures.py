"""What goes wrong between the portal and the provider: each failure has its meaning."""

import json
import socket
import threading
from contextlib import closing, suppress
from typing import Any

import pytest
import requests
from limits import RateLimitItemPerHour

from cabinet.payments.base import (
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
)
from cabinet.payments.contrib.yookassa import client
from cabinet.payments.contrib.yookassa.gateway import YooKassa
from tests.support.payment_orders import payment_order
from tests.support.yookassa_api import PAYMENT_ID, Asked, payment_made, yookassa_api


def body_of(gateway: YooKassa) -> dict[str, Any]:
    return gateway.payment_body(payment_order())


UNKNOWN, UNAVAILABLE = OutcomeUnknown, GatewayUnavailable
REFUSAL = {"type": "error", "id": "1", "code": "invalid_request", "parameter": "amount.value"}


@pytest.mark.parametrize(
    ("status", "content", "after_post", "after_get"),
    [
        (200, None, UNKNOWN, UNAVAILABLE),
        (200, b"<html>Bad gateway</html>", UNKNOWN, UNAVAILABLE),
        (200, b"", UNKNOWN, UNAVAILABLE),
        (200, [], UNKNOWN, UNAVAILABLE),
        (200, {"id": PAYMENT_ID, "status": "new"}, UNKNOWN, UNAVAILABLE),
        (202, {"type": "processing", "retry_after": 1}, UNKNOWN, UNAVAILABLE),
        (302, b"", UNKNOWN, UNAVAILABLE),
        (500, {"type": "error", "code": "internal_server_error"}, UNKNOWN, UNAVAILABLE),
        (502, b"<html>", UNKNOWN, UNAVAILABLE),
        (403, b"<html>a firewall</html>", UNKNOWN, UNAVAILABLE),
        (408, {"type": "error"}, UNKNOWN, UNAVAILABLE),
        (429, {"type": "error", "code": "too_many_requests"}, UNAVAILABLE, UNAVAILABLE),
        (400, REFUSAL, GatewayRefused, GatewayRefused),
        (401, {"type": "error", "code": "invalid_credentials"}, *[CredentialsRefused] * 2),
        (403, {"type": "error", "code": "forbidden"}, *[CredentialsRefused] * 2),
        (404, {"type": "error", "code": "not_found"}, NotThere, NotThere),
        (410, {"type": "error", "code": "gone"}, NotThere, NotThere),
    ],
)
def test_each_answer_has_its_meaning(api, gateway, status, content, after_post, after_get):
    api.answer = lambda asked: (status, content)
    api.headers = {"Location": "/v3/me"}

    with pytest.raises(GatewayError) as post:
        gateway.payment_create(body_of(gateway), "key")
    with pytest.raises(GatewayError) as get:
        gateway.payment_get(PAYMENT_ID)

    assert (post.type, get.type) == (after_post, after_get)
    assert len(api.asked) == 2  # nothing was repeated, no redirect followed


def test_a_refusal_names_the_parameter_and_quotes_nobody(api, gateway):
    api.answer = lambda asked: (
        400,
        {**REFUSAL, "description": "Bad customer nina@example.ru +7 900 111-22-33"},
    )

    with pytest.raises(GatewayRefused) as refused:
        gateway.payment_create(body_of(gateway), "key")

    assert refused.value.parameter == "amount.value"
    assert refused.value.reason == "HTTP 400 invalid_request: amount.value: Bad customer … …"


@pytest.mark.parametrize("asks", ["post", "get"])
def test_a_silent_provider(api, gateway, monkeypatch, asks):
    monkeypatch.setattr(client, "_TIMEOUT", (5, 0.2))
    is_over = threading.Event()

    def never(asked: Asked) -> tuple[int, Any]:
        is_over.wait(30)
        return 200, None

    api.answer = never
    call = {
        "post": lambda: gateway.payment_create(body_of(gateway), "key"),
        "get": lambda: gateway.payment_get(PAYMENT_ID),
    }[asks]
    with pytest.raises(UNKNOWN if asks == "post" else UNAVAILABLE):
        call()
    is_over.set()
    assert len(api.asked) == 1


def test_a_dropped_post_goes_out_once(api, gateway):
    """The SDK repeats it four times by https, and never by http."""
    api.answer = lambda asked: (200, None)

    with pytest.raises(OutcomeUnknown):
        gateway.payment_create(body_of(gateway), "key")

    assert len(api.asked) == 1


def test_who_was_not_reached_has_done_nothing(settings, gateway, certificate):
    body = body_of(gateway)
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        refused = f"https://127.0.0.1:{closed.getsockname()[1]}/v3"
    for url in (refused, "https://no-such-host.invalid/v3"):
        settings.YOOKASSA_API_URL = url
        with pytest.raises(GatewayUnavailable):
            gateway.payment_create(body, "key")

    with yookassa_api(settings, certificate) as api:
        settings.YOOKASSA_CA_BUNDLE = ""  # a certificate that nobody vouches for
        with pytest.raises(GatewayUnavailable):
            gateway.payment_create(body, "key")
        assert api.asked == []


def test_an_endless_answer_is_not_read(api, gateway, monkeypatch):
    monkeypatch.setattr(client, "_ANSWER_BYTES", 100_000)
    api.answer = lambda asked: (200, b" " * 200_000)

    with pytest.raises(OutcomeUnknown):
        gateway.payment_create(body_of(gateway), "key")


def test_an_answer_cut_short_is_none(api, gateway):
    api.answer = lambda asked: (200, json.dumps(payment_made(asked)[1]).encode())
    api.headers = {"Content-Length": "5000"}

    with pytest.raises(OutcomeUnknown):
        gateway.payment_create(body_of(gateway), "key")


def test_nobody_waits_for_a_provider_that_hangs(db, api, gateway, monkeypatch):
    """A visitor and a worker each would, for twenty seconds: the day of payments has thousands."""
    calls = []

    def hang(*asked: Any) -> Any:
        calls.append(asked)
        raise requests.Timeout

    def called_in_vain(times: int) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(client.ShopClient, "_send", hang)
            for _ in range(times):
                with pytest.raises(GatewayUnavailable):
                    gateway.payment_create(body_of(gateway), "key-1")

    monkeypatch.setattr(client, "_WAITED", 0)
    monkeypatch.setattr(client.HANGS, "item", RateLimitItemPerHour(5))
    called_in_vain(4)
    gateway.payment_create(body_of(gateway), "key-1")  # an answer: counted anew
    called_in_vain(8)
    assert len(calls) == 4 + 5
    with pytest.raises(GatewayUnavailable):  # surely not sent, so it may be sent later
        gateway.payment_create(body_of(gateway), "key-1")
    with suppress(GatewayError):  # whatever it says
        gateway.payment_get(PAYMENT_ID)
    assert api.asked[-1].method == "GET"
