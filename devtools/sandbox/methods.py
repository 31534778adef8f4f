"""Ways to pay that the provider saves: with a payment, or by themselves."""

from typing import Any

from devtools.sandbox.checks import metadata_check
from devtools.sandbox.errors import Refused, invalid
from devtools.sandbox.notices import notify
from devtools.sandbox.scenarios import Plan, plan_of
from devtools.sandbox.state import State, Stored

_SYSTEMS = {"2": "Mir", "4": "Visa", "5": "MasterCard"}


def shown(kind: str, card: str) -> dict[str, Any]:
    """Return what the API shows of what was paid with."""
    if kind != "bank_card":
        return {"sbp_operation_id": f"B{card[-12:]}", "title": "СБП"} if kind == "sbp" else {}
    return {
        "title": f"Bank card *{card[-4:]}",
        "card": {
            "first6": card[:6],
            "last4": card[-4:],
            "expiry_year": "2030",
            "expiry_month": "12",
            "card_type": _SYSTEMS.get(card[0], "Unknown"),
            "issuer_country": "RU",
        },
    }


def saved_method(state: State, shop_id: str, body: dict[str, Any]) -> Stored:
    """Return the saved method that a request names. Raises Refused."""
    one = state.get("method", str(body["payment_method_id"]), shop_id)
    if one is None or not one.data["saved"]:
        raise invalid("This payment_method_id doesn't exist", "payment_method_id")
    if body.get("capture") is None and one.data["type"] == "sbp":
        raise invalid("Two-stage payments are not available by SBP", "capture")
    return one


def method_save(state: State, payment: Stored, plan: Plan) -> None:
    """Save what a payment was made with, under the payment's own number, as YooKassa does."""
    used = payment.data["payment_method"]
    data = {name: used[name] for name in ("type", "saved", "title", "card") if name in used}
    data |= {"status": "active", "holder": payment.data["recipient"]}
    state.add("method", payment.shop, data, name=payment.id, plan=plan.plain())


def method_create(state: State, shop_id: str, body: dict[str, Any], pages: str) -> Stored:
    """Begin to save a method without a payment. Raises Refused."""
    shop = state.shop(shop_id) or {}
    if body.get("type") not in ("bank_card", "sbp"):
        raise invalid("Unknown payment method", "type")
    if not shop["autopay"]:
        raise Refused(403, "This store can't make recurring payments. Contact the YooMoney manager")
    metadata_check(body)
    confirmation = body.get("confirmation")
    if not isinstance(confirmation, dict) or confirmation.get("type") != "redirect":
        raise invalid("Incorrect confirmation type", "confirmation.type")
    if not str(confirmation.get("return_url", "")).startswith("http"):
        raise invalid("Incorrect return_url", "confirmation.return_url")
    data = {
        "type": body["type"],
        "saved": False,
        "status": "pending",
        "holder": {"account_id": shop_id, "gateway_id": shop["gateway"]},
        "metadata": body.get("metadata") or {},
    }
    one = state.add("method", shop_id, data, asked=body)
    one.data["confirmation"] = {
        "type": "redirect",
        "return_url": confirmation["return_url"],
        "confirmation_url": f"{pages}/method/{one.id}",
    }
    state.put(one)
    return one


def method_confirm(state: State, one: Stored, card: str) -> None:
    """Do what the payer's consent does."""
    plan = plan_of(card)
    one.private["plan"] = plan.plain()
    one.data |= shown(one.data["type"], card)
    one.data.pop("confirmation", None)
    if plan.reason:
        one.data["status"] = "inactive"
        state.put(one)
        return
    one.data |= {"saved": True, "status": "active"}
    state.put(one)
    notify(state, one, "payment_method.active")


def method_revoke(state: State, one: Stored) -> None:
    """Let the payer's bank refuse what the shop debits by this method from now on."""
    one.private["revoked"] = True
    state.put(one)
