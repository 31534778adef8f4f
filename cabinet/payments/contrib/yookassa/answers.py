"""What YooKassa answers, read from its raw JSON: the SDK's objects drop and rename what they do not know."""

import datetime
import re
from decimal import Decimal
from typing import Any

from cabinet.payments.base import ProviderPayment, ProviderRefund, ShopFacts

_PAYMENT_STATES = {
    "pending": "pending",
    "waiting_for_capture": "waiting",
    "succeeded": "succeeded",
    "canceled": "canceled",
}
_REFUND_STATES = {"pending", "succeeded", "canceled"}
_MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class AnswerBroken(ValueError):
    """The answer is JSON, but not what it should be."""


def payment_read(raw: dict[str, Any]) -> ProviderPayment:
    """Return a payment. Raises AnswerBroken."""
    state = _PAYMENT_STATES.get(str(raw.get("status")))
    if state is None:
        raise AnswerBroken("status")
    confirmation, method = _part(raw, "confirmation"), _part(raw, "payment_method")
    cancellation = _part(raw, "cancellation_details")
    amount, currency = _money(raw, "amount")
    has_income, has_refunded = bool(raw.get("income_amount")), bool(raw.get("refunded_amount"))
    return ProviderPayment(
        id=_id(raw, "id"),
        status=state,
        amount=amount,
        currency=currency,
        shop_id=str(_part(raw, "recipient").get("account_id") or ""),
        metadata={str(key): str(value) for key, value in _part(raw, "metadata").items()},
        created_at=_moment(raw.get("created_at")),
        paid_at=_moment(raw["captured_at"]) if raw.get("captured_at") else None,
        refunded=_money(raw, "refunded_amount")[0] if has_refunded else Decimal(0),
        income=_money(raw, "income_amount")[0] if has_income else None,
        confirmation_url=_address(confirmation),
        confirmation_data=str(confirmation.get("confirmation_data") or ""),
        cancellation_party=str(cancellation.get("party") or "")[:50],
        cancellation_reason=str(cancellation.get("reason") or "")[:100],
        method_id=str(method.get("id") or ""),
        method_is_saved=method.get("saved") is True,
        method_title=str(method.get("title") or "")[:100],
        receipt_state=str(raw.get("receipt_registration") or "")[:20],
        is_test=raw.get("test") is True,
        raw=raw,
    )


def refund_read(raw: dict[str, Any]) -> ProviderRefund:
    """Return a refund. Raises AnswerBroken."""
    if raw.get("status") not in _REFUND_STATES:
        raise AnswerBroken("status")
    amount, currency = _money(raw, "amount")
    return ProviderRefund(
        id=_id(raw, "id"),
        payment_id=_id(raw, "payment_id"),
        status=raw["status"],
        amount=amount,
        currency=currency,
        created_at=_moment(raw.get("created_at")),
        metadata={str(key): str(value) for key, value in _part(raw, "metadata").items()},
        cancellation_reason=str(_part(raw, "cancellation_details").get("reason") or "")[:100],
        receipt_state=str(raw.get("receipt_registration") or "")[:20],
        raw=raw,
    )


def shop_read(raw: dict[str, Any]) -> ShopFacts:
    """Return what is said of a shop. Raises AnswerBroken."""
    till = _part(raw, "fiscalization").get("enabled", raw.get("fiscalization_enabled"))
    methods = raw.get("payment_methods") or []
    if not isinstance(methods, list):
        raise AnswerBroken("payment_methods")
    return ShopFacts(
        shop_id=_id(raw, "account_id"),
        is_enabled=raw.get("status") == "enabled",
        is_test=raw.get("test") is True,
        inn=str(raw.get("itn") or ""),
        methods=[str(method)[:50] for method in methods],
        has_till=till is True,
        raw=raw,
    )


def page_read(raw: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Return a page's items and the cursor of the next one, if there is one. Raises AnswerBroken."""
    items = raw.get("items")
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise AnswerBroken("items")
    return items, str(raw.get("next_cursor") or "")


def _address(confirmation: dict[str, Any]) -> str:
    """Return where the payer's browser is to be led: an address of the web alone."""
    url = str(confirmation.get("confirmation_url") or "")
    return url if url.startswith(("https://", "http://")) else ""


def _id(raw: dict[str, Any], name: str) -> str:
    value = str(raw.get(name) or "")
    if not re.fullmatch(r"[0-9A-Za-z-]{1,50}", value):
        raise AnswerBroken(name)
    return value


def _part(raw: dict[str, Any], name: str) -> dict[str, Any]:
    part = raw.get(name) or {}
    if not isinstance(part, dict):
        raise AnswerBroken(name)
    return part


def _money(raw: dict[str, Any], name: str) -> tuple[Decimal, str]:
    part = _part(raw, name)
    value = str(part.get("value"))
    if not _MONEY.fullmatch(value):
        raise AnswerBroken(name)
    return Decimal(value).quantize(Decimal("0.01")), str(part.get("currency") or "")[:3]


def _moment(value: Any) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        raise AnswerBroken("moment") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
