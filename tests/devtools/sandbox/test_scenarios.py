"""What can go wrong, goes wrong as it does at the provider."""

import datetime
import threading
from decimal import Decimal

import pytest
import requests

from devtools.sandbox.scenarios import CARDS, REASONS
from tests.devtools.sandbox.asking import Client, money, payment_body
from tests.support.payment_sandbox import card
from tests.support.processes import wait_for


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_a_refusal_has_a_card(payment_sandbox, pskov_shop, reason):
    created = pskov_shop.create()
    payment_sandbox.pay(created["id"], card=card(reason))
    refused = pskov_shop.get(f"/payments/{created['id']}").json()
    assert refused["status"] == "canceled"
    assert refused["cancellation_details"]["reason"] == reason
    assert payment_sandbox.taken() == {}
    assert [one["event"] for one in payment_sandbox.notifications()] == ["payment.canceled"]


def test_the_cards_are_different_numbers():
    assert len({one.number for one in CARDS.values()}) == len(CARDS)


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        ("error_before", 0),
        ("error_after", 1),
        ("html_after", 1),
        ("drop_before", 0),
        ("drop_after", 1),
    ],
)
def test_a_fault_comes_before_or_after_the_payment_is_made(
    payment_sandbox, pskov_shop, fault, made
):
    payment_sandbox.scenario(fault, operation="create")
    if fault.startswith("drop"):
        with pytest.raises(requests.ConnectionError):
            pskov_shop.post("/payments", payment_body(), "key")
    else:
        assert pskov_shop.post("/payments", payment_body(), "key").status_code >= 500
    before = payment_sandbox.payments("pskov")
    assert len(before) == made
    again = pskov_shop.post("/payments", payment_body(), "key").json()
    assert [one["id"] for one in payment_sandbox.payments("pskov")] == [again["id"]]


def test_one_who_hangs_holds_nobody_else_up(payment_sandbox, pskov_shop):
    payment_sandbox.scenario("hang_after", operation="create")
    lost = []

    def ask() -> None:
        try:
            pskov_shop.post("/payments", payment_body(), "key")
        except requests.ConnectionError as error:
            lost.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(payment_sandbox.payments)
    assert pskov_shop.get("/me").json()["status"] == "enabled"
    payment_sandbox.release_hanging()
    thread.join()
    assert lost


def test_too_many_requests_are_refused_without_doing(payment_sandbox, pskov_shop, novgorod_shop):
    payment_sandbox.scenario("too_many", times=2, company="pskov")
    answers = [pskov_shop.post("/payments", payment_body(), "key") for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 200]
    assert answers[0].json()["code"] == "too_many_requests"
    assert len(payment_sandbox.payments()) == 1


def test_a_paid_payment_waits_for_the_state_system(payment_sandbox, pskov_shop):
    slow, released = pskov_shop.create(), pskov_shop.create()
    for one in (slow, released):
        payment_sandbox.pay(one["id"], card=card("gis"))
        now = pskov_shop.get(f"/payments/{one['id']}").json()
        assert (now["status"], now["paid"]) == ("pending", True)
    assert payment_sandbox.notifications() == []
    payment_sandbox.release(released["id"])
    assert pskov_shop.get(f"/payments/{released['id']}").json()["status"] == "succeeded"
    payment_sandbox.forward(datetime.timedelta(minutes=3))
    assert pskov_shop.get(f"/payments/{slow['id']}").json()["status"] == "succeeded"
    assert payment_sandbox.taken("pskov") == 2 * Decimal("194.39")


def test_an_unpaid_payment_expires_in_an_hour(payment_sandbox, pskov_shop):
    created = pskov_shop.create()
    payment_sandbox.forward(datetime.timedelta(hours=1, seconds=1))
    payment_sandbox.pay(created["id"])
    late = pskov_shop.get(f"/payments/{created['id']}").json()
    assert late["cancellation_details"] == {
        "party": "yoo_money",
        "reason": "expired_on_confirmation",
    }
    assert payment_sandbox.taken() == {}


def test_notifications_come_as_the_switch_says(payment_sandbox, pskov_shop):
    def events(mode: str) -> list[str]:
        payment_sandbox.switch(webhooks=mode)
        payment_sandbox.pay(pskov_shop.create()["id"])
        return [one["event"].removeprefix("payment.") for one in payment_sandbox.notifications()]

    assert events("once") == ["succeeded"]
    assert events("twice") == ["succeeded", "succeeded"]
    assert events("reordered") == ["succeeded", "waiting_for_capture"]
    assert events("never") == []
    assert events("late") == []
    payment_sandbox.forward(datetime.timedelta(minutes=2))
    assert [one["event"] for one in payment_sandbox.notifications()] == ["payment.succeeded"]


def test_a_notification_may_come_before_the_answer(payment_sandbox, pskov_shop):
    method = _saved(payment_sandbox, pskov_shop, "good")
    payment_sandbox.notifications()
    payment_sandbox.switch(webhooks="before_answer")
    order = []
    payment_sandbox.deliver_to(lambda body: order.append(body["event"]) or 200)
    pskov_shop.create("500.00", payment_method_id=method, confirmation=None)
    order.append("answer")
    assert order == ["payment.succeeded", "answer"]


def test_a_notification_is_repeated_until_it_is_answered_with_200(payment_sandbox, pskov_shop):
    payment_sandbox.pay(pskov_shop.create()["id"])
    answers, seen = [500, 404, 200], []
    payment_sandbox.deliver_to(lambda body: seen.append(body) or answers[len(seen) - 1])
    for _ in range(5):
        payment_sandbox.sender.send_due()
        payment_sandbox.forward(datetime.timedelta(hours=1))
    assert len(seen) == 3


def _saved(payment_sandbox, client: Client, name: str) -> str:
    created = client.create("1.00", save_payment_method=True)
    assert created["payment_method"]["saved"] is False
    payment_sandbox.pay(created["id"], card=card(name))
    method = client.get(f"/payments/{created['id']}").json()["payment_method"]
    assert method["saved"] is True
    return method["id"]


@pytest.mark.parametrize("reason", ["insufficient_funds", "card_expired", "permission_revoked"])
def test_a_saved_method_pays_or_is_refused(payment_sandbox, pskov_shop, novgorod_shop, reason):
    good, bad = (_saved(payment_sandbox, pskov_shop, one) for one in ("good", f"later_{reason}"))
    paid = pskov_shop.create("500.00", payment_method_id=good, confirmation=None)
    assert (paid["status"], paid["payment_method"]["saved"]) == ("succeeded", True)
    refused = pskov_shop.create("500.00", payment_method_id=bad, confirmation=None)
    assert refused["cancellation_details"]["reason"] == reason
    payment_sandbox.revoke(good)
    revoked = pskov_shop.create("500.00", payment_method_id=good, confirmation=None)
    assert revoked["cancellation_details"]["reason"] == "permission_revoked"
    others = novgorod_shop.post("/payments", payment_body(payment_method_id=good))
    assert (others.status_code, others.json()["parameter"]) == (400, "payment_method_id")


def test_refunds_are_whole_and_in_parts_never_more(payment_sandbox, pskov_shop):
    created = pskov_shop.create("100.00")["id"]
    early = pskov_shop.post("/refunds", {"payment_id": created, "amount": money("1.00")})
    assert early.status_code == 400
    payment_sandbox.pay(created)
    part = pskov_shop.post("/refunds", {"payment_id": created, "amount": money("60.00")}).json()
    assert part["status"] == "succeeded"
    assert pskov_shop.get(f"/refunds/{part['id']}").json() == part
    more = pskov_shop.post("/refunds", {"payment_id": created, "amount": money("40.01")})
    assert (more.status_code, more.json()["parameter"]) == (400, "amount.value")

    payment_sandbox.switch(refunds="pending")
    rest = pskov_shop.post("/refunds", {"payment_id": created, "amount": money("40.00")}).json()
    assert rest["status"] == "pending"
    payment_sandbox.refund_finish(rest["id"], "insufficient_funds")
    assert pskov_shop.get(f"/refunds/{rest['id']}").json()["status"] == "canceled"
    assert payment_sandbox.returned("pskov") == 60
    assert payment_sandbox.payment(created)["refunded_amount"] == money("60.00")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"amount": money("10.005")}, "amount.value"),
        ({"amount": money("0.00")}, "amount.value"),
        ({"amount": {"value": "1.00", "currency": "USD"}}, "amount.currency"),
        ({"amount": money("350000.01")}, "amount.value"),
        ({"description": "я" * 129}, "description"),
        ({"metadata": {str(number): "1" for number in range(17)}}, "metadata"),
        ({"payment_order": None}, "payment_order"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"payment_method_data": {"type": "barter"}}, "payment_method_data.type"),
        ({"payment_method_data": {"type": "sbp"}, "capture": False}, "capture"),
        ({"payment_method_id": "unknown", "confirmation": None}, "payment_method_id"),
    ],
)
def test_what_the_provider_refuses_is_refused(pskov_shop, changes, parameter):
    answer = pskov_shop.post("/payments", payment_body() | changes)
    said = answer.json()
    assert (answer.status_code, said["type"], said["code"]) == (400, "error", "invalid_request")
    assert said["parameter"] == parameter
