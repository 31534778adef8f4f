"""Refunds, whole and in parts. Every function runs in a transaction."""

from decimal import Decimal
from typing import Any

from devtools.sandbox.checks import amount_of, metadata_check, receipt_check
from devtools.sandbox.errors import invalid
from devtools.sandbox.notices import notify
from devtools.sandbox.payments import rubles
from devtools.sandbox.scenarios import REFUND_REASONS
from devtools.sandbox.state import State, Stored


def refund_create(state: State, shop_id: str, body: dict[str, Any]) -> Stored:
    """Give back a payment or a part of it. Raises Refused."""
    payment = state.get("payment", str(body.get("payment_id")), shop_id)
    if payment is None:
        raise invalid("Payment doesn't exist", "payment_id")
    amount = amount_of(body)
    if len(str(body.get("description") or "")) > 250:
        raise invalid("Incorrect length", "description")
    metadata_check(body)
    if body.get("receipt"):
        receipt_check(body["receipt"], amount)
    if payment.data["status"] != "succeeded":
        raise invalid("Incorrect payment status for refund", "payment_id")
    promised = sum(
        (Decimal(one.data["amount"]["value"]) for one in refunds_of(state, payment)), Decimal(0)
    )
    if amount + promised > Decimal(payment.data["amount"]["value"]):
        raise invalid("The sum of refunds is above the sum of the payment", "amount.value")
    data: dict[str, Any] = {
        "payment_id": payment.id,
        "status": "pending",
        "amount": rubles(amount),
        "metadata": body.get("metadata") or {},
    }
    if body.get("description"):
        data["description"] = body["description"]
    if body.get("receipt"):
        data["receipt_registration"] = "pending"
    one = state.add("refund", shop_id, data)
    outcome = state.switch("refunds")
    if outcome != "pending":
        refund_finish(state, one, "" if outcome == "succeeded" else outcome)
    return one


def refunds_of(state: State, payment: Stored) -> list[Stored]:
    """Return a payment's refunds that are made or under way."""
    found = state.find("refund", "AND shop = ? AND status != 'canceled'", payment.shop)
    return [one for one in found if one.data["payment_id"] == payment.id]


def refund_finish(state: State, one: Stored, reason: str = "") -> None:
    """Finish a refund: made, or canceled for a reason. Of a canceled one YooKassa says nothing by itself."""
    if one.data["status"] != "pending":
        return
    if reason:
        party = "yoo_money" if reason == REFUND_REASONS[1] else "refund_network"
        one.data["status"] = "canceled"
        one.data["cancellation_details"] = {"party": party, "reason": reason}
        one.data.pop("receipt_registration", None)
        state.put(one)
        return
    one.data["status"] = "succeeded"
    if one.data.get("receipt_registration"):
        one.data["receipt_registration"] = state.switch("receipts")
    state.put(one)
    payment = state.get("payment", one.data["payment_id"])
    if payment is not None:
        refunded = Decimal(payment.data["refunded_amount"]["value"])
        refunded += Decimal(one.data["amount"]["value"])
        payment.data["refunded_amount"] = rubles(refunded)
        payment.data["refundable"] = refunded < Decimal(payment.data["amount"]["value"])
        state.put(payment)
    notify(state, one, "refund.succeeded")
