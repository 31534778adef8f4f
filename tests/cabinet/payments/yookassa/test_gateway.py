"""One shop's gateway: what goes out byte by byte, what is read, and that nothing leaks."""

import base64
import datetime
import json
import logging
from typing import Any

import pytest
from yookassa import Configuration

from cabinet.payments.base import (
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
    frozen_text,
)
from cabinet.payments.contrib.yookassa.gateway import YooKassa
from tests.cabinet.payments.yookassa.conftest import SECRET
from tests.support.payment_orders import payment_order
from tests.support.threads import in_threads
from tests.support.yookassa_api import PAYMENT_ID, Asked, YooKassaApi, payment_made

MORROW = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)


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
