"""The answers have the fields of the provider's description: those that must be there, and no others.

What is known is read from the SDK's classes, which are made from the description; what must be there is
the description's `required`.
"""

from typing import Any

import pytest
from yookassa.domain.models.me import Me
from yookassa.domain.notification import WebhookNotificationFactory
from yookassa.domain.response import PaymentListResponse, PaymentResponse, RefundResponse
from yookassa.domain.response.payment_method_response import SavePaymentMethodBankCardResponse

from devtools.sandbox.scenarios import REASONS
from tests.devtools.sandbox.asking import Client, money, payment_body
from tests.support.payment_sandbox import card

PAYMENT = {"id", "status", "amount", "recipient", "created_at", "test", "paid", "refundable"}
REFUND = {"id", "payment_id", "status", "amount", "created_at"}
RECEIPT = {
    "customer": {"email": "abonent@example.ru"},
    "items": [
        {
            "description": "Газоснабжение",
            "quantity": 1.0,
            "amount": money("194.39"),
            "vat_code": 1,
            "payment_mode": "full_payment",
            "payment_subject": "service",
        }
    ],
}


def unknown(answer: dict[str, Any], known: Any, at: str = "") -> list[str]:
    """Fields that the SDK's object does not have, at any depth but in the store's own."""
    found = []
    for name, value in answer.items():
        if not hasattr(type(known), name):
            found.append(f"{at}{name}")
        elif isinstance(value, dict) and name != "metadata":
            found += unknown(value, getattr(known, name), f"{at}{name}.")
    return found


def assert_is_payment(answer: dict[str, Any]) -> None:
    assert answer.keys() >= PAYMENT
    assert answer["recipient"].keys() == {"account_id", "gateway_id"}
    assert not unknown(answer, PaymentResponse(answer))


@pytest.mark.parametrize("name", ["good", "gis", "insufficient_funds"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"receipt": RECEIPT, "description": "Оплата газа"},
        {"save_payment_method": True},
        {"payment_method_data": {"type": "sbp"}},
        {"payment_method_data": {"type": "sbp"}, "confirmation": {"type": "qr"}},
        {"capture": False},
    ],
)
def test_a_payments_fields_are_the_descriptions(payment_sandbox, pskov_shop, name, changes):
    created = pskov_shop.create(**changes)
    assert_is_payment(created)
    payment_sandbox.pay(created["id"], card=card(name))
    paid = pskov_shop.get(f"/payments/{created['id']}").json()
    assert_is_payment(paid)
    if paid["status"] == "succeeded":
        refund = {"payment_id": paid["id"], "amount": money("1.00"), "description": "Ошибка"}
        made = pskov_shop.post("/refunds", refund).json()
        assert made.keys() >= REFUND
        assert not unknown(made, RefundResponse(made))
    listed = pskov_shop.get("/payments").json()
    assert not unknown(listed["items"][0], PaymentListResponse(listed).items[0])
    for body in payment_sandbox.notifications():
        assert WebhookNotificationFactory().create(body).event == body["event"]


def test_the_shops_fields_are_the_descriptions(pskov_shop):
    shop = pskov_shop.get("/me").json()
    assert shop.keys() >= {"account_id", "status", "test"}
    assert not unknown(shop, Me(shop))


def test_a_methods_fields_are_the_descriptions(payment_sandbox, pskov_shop):
    method = _saved(payment_sandbox, pskov_shop)
    assert method.keys() >= {"id", "type", "saved", "status", "holder"}
    assert not unknown(method, SavePaymentMethodBankCardResponse(method))


def _saved(payment_sandbox, client: Client) -> dict[str, Any]:
    created = client.create("1.00", save_payment_method=True)
    payment_sandbox.pay(created["id"])
    return client.get(f"/payment_methods/{created['id']}").json()


def test_two_stages_end_in_a_capture_or_a_cancellation(payment_sandbox, pskov_shop):
    whole, part, none = (pskov_shop.create("100.00", capture=False)["id"] for _ in range(3))
    assert pskov_shop.post(f"/payments/{whole}/capture", {}).status_code == 400
    for one in (whole, part, none):
        payment_sandbox.pay(one)
        assert pskov_shop.get(f"/payments/{one}").json()["status"] == "waiting_for_capture"
    assert payment_sandbox.taken() == {}
    assert pskov_shop.post(f"/payments/{whole}/capture", {}).json()["status"] == "succeeded"
    taken = pskov_shop.post(f"/payments/{part}/capture", {"amount": money("40.00")}).json()
    assert taken["amount"] == money("40.00")
    canceled = pskov_shop.post(f"/payments/{none}/cancel", {}).json()
    assert canceled["cancellation_details"]["reason"] == "canceled_by_merchant"
    assert payment_sandbox.taken("pskov") == 140


def test_the_reasons_are_the_sdks_but_one(payment_sandbox):
    from yookassa.domain.models.cancellation_details import CancellationDetailsReasonCode as Codes

    listed = {value for name, value in vars(Codes).items() if name.isupper()}
    # A credit is not offered by a company that sells gas.
    loans = {one for one in listed if one.startswith("loan_")} | {"rejected_by_timeout", "unknown"}
    assert set(REASONS) - listed == {"a_reason_of_tomorrow"}
    assert listed - set(REASONS) == loans


def test_a_receipt_that_is_not_the_sum_is_refused(payment_sandbox, pskov_shop):
    answer = pskov_shop.post("/payments", payment_body("200.00", receipt=RECEIPT))
    assert (answer.status_code, answer.json()["parameter"]) == (400, "receipt.items")
