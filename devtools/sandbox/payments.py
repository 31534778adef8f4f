"""Payments: how they are created and what becomes of them. Every function runs in a transaction."""

import datetime
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from devtools.sandbox import methods
from devtools.sandbox.checks import amount_of, payment_check
from devtools.sandbox.errors import invalid
from devtools.sandbox.notices import notify
from devtools.sandbox.scenarios import GOOD, REASONS, Plan, plan_of
from devtools.sandbox.state import State, Stored, stamp

_HOUR = datetime.timedelta(hours=1)
_HOLD = datetime.timedelta(days=7)
_RATES = {"sbp": Decimal("0.004")}  # of the sum, before VAT
_CARD_RATE, _VAT = Decimal("0.028"), Decimal("0.22")


def rubles(value: Decimal) -> dict[str, str]:
    """Return a sum as the API writes it."""
    return {"value": str(value.quantize(Decimal("0.01"), ROUND_HALF_UP)), "currency": "RUB"}


def payment_create(state: State, shop_id: str, body: dict[str, Any], pages: str) -> Stored:
    """Create a payment; by a saved method it is carried out at once. Raises Refused."""
    shop = state.shop(shop_id) or {}
    payment_check(body, shop)
    saved = methods.saved_method(state, shop_id, body) if body.get("payment_method_id") else None
    data: dict[str, Any] = {
        "status": "pending",
        "amount": rubles(amount_of(body)),
        "recipient": {"account_id": shop_id, "gateway_id": shop["gateway"]},
        "test": shop["test"],
        "paid": False,
        "refundable": False,
        "metadata": body.get("metadata") or {},
    }
    data |= {name: body[name] for name in ("description", "merchant_customer_id") if body.get(name)}
    one = state.add("payment", shop_id, data, asked=body)
    if saved is not None:
        shown = {k: v for k, v in saved.data.items() if k in ("id", "type", "title", "card")}
        one.data["payment_method"] = shown | {"saved": True}
        plan = Plan(**saved.private["plan"])
        reason = plan.later or ("permission_revoked" if saved.private.get("revoked") else "")
        _carry_out(state, one, replace(plan, reason=reason))
    else:
        one.data["confirmation"] = _confirmation(one, body, pages)
    if body.get("receipt"):
        one.data["receipt_registration"] = "pending"
        if one.data["status"] == "succeeded":
            one.data["receipt_registration"] = state.switch("receipts")
    state.put(one)
    return one


def _confirmation(one: Stored, body: dict[str, Any], pages: str) -> dict[str, Any]:
    kind = (body.get("payment_method_data") or {}).get("type", "bank_card")
    one.data["payment_method"] = {"type": kind, "id": one.id, "saved": False}
    asked = body["confirmation"]
    match asked["type"]:
        case "qr":
            return {"type": "qr", "confirmation_data": f"{pages}/qr/{one.id}"}
        case "embedded":
            return {"type": "embedded", "confirmation_token": f"ct-{one.id}"}
    return {
        "type": "redirect",
        "return_url": asked["return_url"],
        "confirmation_url": f"{pages}/pay/{one.id}",
    }


def payment_pay(state: State, one: Stored, card: str = GOOD, plan: Plan | None = None) -> Plan:
    """Do what the payer's «Оплатить» does; once only. Return what was planned for this card."""
    plan = plan or plan_of(card)
    if not is_open(one):
        return plan
    asked = one.private["asked"]
    kind = one.data["payment_method"]["type"]
    one.data["payment_method"] |= methods.shown(kind, card)
    wants = bool(asked.get("save_payment_method")) and plan.saves and not plan.reason
    if wants:
        one.data["payment_method"]["saved"] = True
        methods.method_save(state, one, plan)
    _carry_out(state, one, plan)
    if one.data.get("receipt_registration") and one.data["paid"]:
        one.data["receipt_registration"] = plan.receipts or state.switch("receipts")
    state.put(one)
    return plan


def is_open(one: Stored) -> bool:
    """Return whether the payer has still to pay."""
    return one.data["status"] == "pending" and not one.data["paid"]


def _carry_out(state: State, one: Stored, plan: Plan) -> None:
    """Take the money, or cancel for the plan's reason."""
    one.private["webhooks"] = plan.webhooks
    if plan.reason:
        payment_decline(state, one, plan.reason)
        return
    one.data["paid"] = True
    one.data.pop("confirmation", None)
    if one.data["payment_method"]["type"] == "bank_card":
        details = {"rrn": one.id[-12:], "auth_code": one.id[-6:]}
        one.data["authorization_details"] = details | {"three_d_secure": {"applied": True}}
    if plan.waits or state.switch("waits"):
        seconds = state.switch("wait_seconds")
        if seconds is not None:
            until = state.now() + datetime.timedelta(seconds=seconds)
            one.private["released_at"] = stamp(until)
        one.private["waits"] = True
        state.put(one)
        return
    payment_settle(state, one)


def payment_settle(state: State, one: Stored) -> None:
    """Let a payment that is paid be done: captured, or waiting for the shop's word."""
    one.private["waits"] = False
    if one.private["asked"].get("capture") is True:
        payment_capture(state, one)
        return
    one.data["status"] = "waiting_for_capture"
    one.data["expires_at"] = stamp(state.now() + _HOLD)
    state.put(one)
    notify(state, one, "payment.waiting_for_capture", one.private.get("webhooks", ""))


def payment_capture(state: State, one: Stored, body: dict[str, Any] | None = None) -> None:
    """Take the money for good, all of it or a part. Raises Refused."""
    if body and body.get("amount"):
        if (part := amount_of(body)) > Decimal(one.data["amount"]["value"]):
            raise invalid("The sum is above the sum of the payment", "amount.value")
        one.data["amount"] = rubles(part)
    amount = Decimal(one.data["amount"]["value"])
    rate = _RATES.get(one.data["payment_method"]["type"], _CARD_RATE)
    fee = (amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    vat = (fee * _VAT).quantize(Decimal("0.01"), ROUND_HALF_UP)
    one.data |= {
        "status": "succeeded",
        "paid": True,
        "refundable": True,
        "captured_at": stamp(state.now()),
        "income_amount": rubles(amount - fee - vat),
        "refunded_amount": rubles(Decimal(0)),
    }
    one.data.pop("expires_at", None)
    state.put(one)
    notify(state, one, "payment.succeeded", one.private.get("webhooks", ""))


def payment_decline(state: State, one: Stored, reason: str, party: str = "") -> None:
    """Cancel a payment: no money was taken, or it goes back at once."""
    party = party or REASONS.get(reason, ("payment_network", ""))[0]
    one.data |= {
        "status": "canceled",
        "paid": False,
        "cancellation_details": {"party": party, "reason": reason},
    }
    one.private["waits"] = False
    for name in ("confirmation", "expires_at", "receipt_registration"):
        one.data.pop(name, None)
    state.put(one)
    notify(state, one, "payment.canceled", one.private.get("webhooks", ""))


def time_passes(state: State) -> None:
    """Do what is due: forget unpaid payments of an hour ago, release those that wait."""
    now = state.now()
    waiting = "AND status = 'pending' AND (created <= ? OR json_extract(private, '$.waits'))"
    for one in state.find("payment", waiting, stamp(now - _HOUR)):
        if is_open(one) and one.created <= stamp(now - _HOUR):
            payment_decline(state, one, "expired_on_confirmation")
        elif one.private.get("waits") and one.private.get("released_at", "9") <= stamp(now):
            payment_settle(state, one)
    for one in state.find("payment", "AND status = 'waiting_for_capture'"):
        if one.data["expires_at"] <= stamp(now):
            payment_decline(state, one, "expired_on_capture")
