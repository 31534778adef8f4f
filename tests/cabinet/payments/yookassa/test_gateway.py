"""The gateway to YooKassa against a server of TLS: what goes out, and what each answer means."""

import base64
import datetime
import json
import logging
import socket
import threading
from contextlib import closing, suppress
from typing import Any

import pytest
import requests
from limits import RateLimitItemPerHour
from yookassa import Configuration

from cabinet.payments.base import (
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
    frozen_text,
)
from cabinet.payments.contrib.yookassa import client
from cabinet.payments.contrib.yookassa.gateway import YooKassa
from tests.support.certificates import certificate_written
from tests.support.payment_orders import payment_order
from tests.support.threads import in_threads
from tests.support.yookassa_api import PAYMENT_ID, Asked, YooKassaApi, payment_made, yookassa_api

SECRET = "live_Zx81secretQpY"
MORROW = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
REFUSAL = {"type": "error", "id": "1", "code": "invalid_request", "parameter": "amount.value"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_written(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def api(settings, certificate):
    with yookassa_api(settings, certificate) as api:
        yield api


@pytest.fixture
def gateway() -> YooKassa:
    return YooKassa(shop_id="100500", secret_key=SECRET)


def body_of(gateway: YooKassa) -> dict[str, Any]:
    return gateway.payment_body(payment_order())


def test_the_frozen_body_is_what_goes_out_byte_by_byte(api: YooKassaApi, gateway):
    stored = frozen_text(body_of(gateway))

    made = gateway.payment_create(json.loads(stored), "key-1")
    gateway.payment_create(json.loads(stored), "key-1")

    assert [asked.body for asked in api.asked] == [stored.encode()] * 2
    assert {asked.headers["Idempotence-Key"] for asked in api.asked} == {"key-1"}
    assert {asked.credentials for asked in api.asked} == {f"100500:{SECRET}"}
    assert made.shop_id == "100500"
    assert made.metadata["company"] == "pskov"
    assert made.raw["id"] == PAYMENT_ID


def test_a_frozen_refund_is_what_goes_out(api: YooKassaApi, gateway):
    order = payment_order(receipts="receipt", email="a@example.ru")
    stored = frozen_text(
        gateway.refund_body(
            provider_id=PAYMENT_ID,
            refund_id="r-1",
            amount=order.amount,
            reason="Ошибся счётом",
            order=gateway.payment_body(order),
        )
    )
    api.answer = lambda asked: (
        200,
        {**payment_made(asked)[1], "status": "succeeded", "payment_id": PAYMENT_ID},
    )

    refund = gateway.refund_create(json.loads(stored), "key-2")

    assert api.asked[0].body == stored.encode()
    assert (refund.status, refund.payment_id) == ("succeeded", PAYMENT_ID)


def test_shops_never_mix_in_one_process(api: YooKassaApi):
    """The SDK's own client sent a third of such requests with the other shop's key."""
    Configuration.configure("999", "global-key")
    shops = {shop: YooKassa(shop_id=shop, secret_key=f"key-of-{shop}") for shop in ("11", "22")}

    def work(shop: str) -> None:
        gateway = shops[shop]
        body = gateway.payment_body(payment_order(payment_id=f"{shop}-payment"))
        for number in range(25):
            assert gateway.payment_create(body, f"{shop}-{number}").shop_id == shop
            assert gateway.payment_get(f"{shop}-id").shop_id == shop

    try:
        errors = in_threads(*[lambda shop=shop: work(shop) for shop in ("11", "22") * 8])
    finally:
        Configuration.account_id = Configuration.secret_key = None

    assert errors == []
    assert len(api.asked) == 800
    for asked in api.asked:
        shop, _, key = asked.credentials.partition(":")
        assert key == f"key-of-{shop}"
        if asked.method == "POST":
            assert json.loads(asked.body)["metadata"]["payment_id"] == f"{shop}-payment"
            assert asked.headers["Idempotence-Key"].startswith(f"{shop}-")
        else:
            assert asked.path == f"/v3/payments/{shop}-id"


UNKNOWN, UNAVAILABLE = OutcomeUnknown, GatewayUnavailable


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


def what_a_report_prints(error: BaseException) -> list[str]:
    found, frames = [repr(error)], error.__traceback__.tb_next  # without the test's own
    while frames:
        found += [repr(value) for value in frames.tb_frame.f_locals.values()]
        frames = frames.tb_next
    return found + (what_a_report_prints(error.__context__) if error.__context__ else [])


def test_secrets_stand_in_no_log_and_no_repr(api, gateway, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.payment_create(body_of(gateway), "key")
    seen = [repr(gateway)]
    for answer in ((500, b"broken"), (200, None)):
        api.answer = lambda asked, answer=answer: answer
        with pytest.raises(OutcomeUnknown) as unknown:
            gateway.payment_create(body_of(gateway), "key")
        seen += what_a_report_prints(unknown.value)
    basic = base64.b64encode(f"100500:{SECRET}".encode()).decode()

    assert api.asked[0].headers["Authorization"] == f"Basic {basic}"
    for text in (*seen, caplog.text):
        assert SECRET not in text
        assert basic not in text


def test_lists_are_read_page_by_page(api, gateway):
    begin = datetime.datetime(2026, 11, 28, 21, tzinfo=datetime.UTC)
    pages = {"": ("a", "next-1"), "next-1": ("b", "next-2"), "next-2": ("c", "")}

    def listed(asked: Asked) -> tuple[int, Any]:
        name, cursor = pages[asked.params.get("cursor", [""])[0]]
        item = {**payment_made(asked)[1], "id": name, "payment_id": PAYMENT_ID}
        return 200, {"type": "list", "items": [item], "next_cursor": cursor or None}

    api.answer = listed
    payments = gateway.payments_between(begin, begin + datetime.timedelta(days=1))

    assert [one.id for one in payments] == ["a", "b", "c"]
    assert [one.path for one in api.asked] == ["/v3/payments"] * 3
    for one in api.asked:
        assert one.params["created_at.gte"] == ["2026-11-28T21:00:00.000Z"]
        assert one.params["created_at.lt"] == ["2026-11-29T21:00:00.000Z"]
        assert one.params["limit"] == ["100"]
    refunds = gateway.refunds_between(begin, begin + datetime.timedelta(days=1))
    assert [one.id for one in refunds] == ["a", "b", "c"]


def test_a_list_without_an_end_is_given_up(api, gateway):
    api.answer = lambda asked: (200, {"items": [], "next_cursor": "again"})

    with pytest.raises(GatewayUnavailable):
        list(gateway.payments_between(datetime.datetime.now(datetime.UTC), MORROW))

    assert len(api.asked) == 2


def test_what_the_provider_says_is_read_as_it_is(api, gateway):
    """The SDK writes «unknown» for a reason that it does not know."""
    api.answer = lambda asked: (
        200,
        {
            **payment_made(asked)[1],
            "status": "canceled",
            "cancellation_details": {"party": "new_party", "reason": "reason_of_2027"},
            "payment_method": {"type": "way_of_2027", "id": "m-1", "saved": True, "title": "М"},
            "receipt_registration": "canceled",
        },
    )

    found = gateway.payment_get(PAYMENT_ID)

    assert (found.status, found.cancellation_reason) == ("canceled", "reason_of_2027")
    assert (found.method_id, found.method_is_saved) == ("m-1", True)
    assert found.raw["payment_method"]["type"] == "way_of_2027"
    assert found.receipt_state == "canceled"


def test_the_shop_is_described(api, gateway):
    api.answer = lambda asked: (
        200,
        {
            "account_id": "100500",
            "status": "enabled",
            "test": False,
            "fiscalization": {"enabled": True, "provider": "avanpost"},
            "payment_methods": ["bank_card", "sbp"],
            "itn": "6027000001",
        },
    )

    facts = gateway.shop_facts()

    assert api.asked[0].path == "/v3/me"
    assert (facts.shop_id, facts.inn, facts.is_test) == ("100500", "6027000001", False)
    assert (facts.is_enabled, facts.has_till) == (True, True)
    assert facts.methods == ["bank_card", "sbp"]


@pytest.mark.parametrize("provider_id", ["", "../me", "a/b", "a?limit=1", "x" * 51])
def test_a_strange_number_is_not_asked_for(api, gateway, provider_id):
    with pytest.raises(NotThere):
        gateway.payment_get(provider_id)

    assert api.asked == []


def test_nobody_waits_for_a_provider_that_hangs(api, gateway, monkeypatch):
    """A visitor and a worker each would, for twenty seconds: the day of payments has thousands."""
    calls = []

    def hang(*asked: Any) -> Any:
        calls.append(asked)
        raise requests.Timeout

    def asked_in_vain(times: int) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(client.ShopClient, "_send", hang)
            for _ in range(times):
                with pytest.raises(GatewayUnavailable):
                    gateway.payment_get(PAYMENT_ID)

    monkeypatch.setattr(client, "_WAITED", 0)
    monkeypatch.setattr(client.HANGS, "item", RateLimitItemPerHour(5))
    asked_in_vain(4)
    with suppress(GatewayError):  # whatever it says, it answers
        gateway.payment_get(PAYMENT_ID)
    asked_in_vain(8)
    assert len(calls) == 4 + 5
    with pytest.raises(GatewayUnavailable):  # surely not sent, so it may be sent later
        gateway.payment_create(body_of(gateway), "key-1")
