"""The API by itself: keys, shops apart, lists."""

import datetime
from decimal import Decimal

import requests

from tests.devtools.sandbox.asking import money, payment_body


def test_a_payment_is_created_paid_and_told_of_once(payment_sandbox, pskov_shop):
    created = pskov_shop.create()
    assert created["status"] == "pending"
    assert created["confirmation"]["confirmation_url"].startswith("http://127.0.0.1:")
    assert payment_sandbox.taken("pskov") == 0

    payment_sandbox.pay(created["id"])
    payment_sandbox.pay(created["id"])  # the button pressed twice

    paid = pskov_shop.get(f"/payments/{created['id']}").json()
    assert (paid["status"], paid["paid"]) == ("succeeded", True)
    assert payment_sandbox.taken("pskov") == Decimal("194.39")
    [told] = payment_sandbox.notifications()
    assert told == {"type": "notification", "event": "payment.succeeded", "object": paid}
    assert payment_sandbox.notifications() == []


def test_the_same_key_and_body_is_one_payment_for_a_day(payment_sandbox, pskov_shop):
    first = pskov_shop.post("/payments", payment_body(), "a key")
    payment_sandbox.pay(first.json()["id"])
    again = pskov_shop.post("/payments", payment_body(), "a key")
    assert again.json() == first.json()

    other = pskov_shop.post("/payments", payment_body("1.00"), "a key")
    assert other.status_code == 400
    assert other.json()["type"] == "error"
    assert (other.json()["code"], other.json()["parameter"]) == (
        "invalid_request",
        "Idempotence-Key",
    )

    payment_sandbox.forward(datetime.timedelta(hours=24, seconds=1))
    late = pskov_shop.post("/payments", payment_body(), "a key")
    assert late.json()["id"] != first.json()["id"]


def test_shops_do_not_see_each_other(payment_sandbox, pskov_shop, novgorod_shop):
    created = pskov_shop.create()
    assert novgorod_shop.get(f"/payments/{created['id']}").status_code == 404
    assert novgorod_shop.get("/payments").json()["items"] == []
    payment_sandbox.pay(created["id"])
    refund = {"payment_id": created["id"], "amount": money("1.00")}
    assert novgorod_shop.post("/refunds", refund).status_code == 400
    keys = payment_sandbox.shop("pskov"), payment_sandbox.shop("novgorod")
    mixed = requests.get(
        f"{payment_sandbox.sandbox.api_url}/me",
        auth=(keys[0].shop_id, keys[1].secret_key),
        verify=str(payment_sandbox.sandbox.authority),
        timeout=20,
    )
    assert (mixed.status_code, mixed.json()["code"]) == (401, "invalid_credentials")
    assert [one.is_right for one in payment_sandbox.requests("me")] == [False]


def test_a_list_is_paged_by_its_cursor_and_bounded_by_time(payment_sandbox, pskov_shop):
    created = [pskov_shop.create(f"{number}.00")["id"] for number in range(1, 8)]
    payment_sandbox.forward(datetime.timedelta(hours=2))
    late = pskov_shop.create("8.00")

    found, query = [], {"limit": "3", "created_at.lt": late["created_at"]}
    while True:
        page = pskov_shop.get("/payments", **query).json()
        assert page["type"] == "list"
        found += [one["id"] for one in page["items"]]
        if "next_cursor" not in page:
            break
        query["cursor"] = page["next_cursor"]
    assert found == created[::-1]

    since = pskov_shop.get("/payments", **{"created_at.gte": late["created_at"]}).json()
    assert [one["id"] for one in since["items"]] == [late["id"]]
