"""What YooKassa refuses in a request, by its public description."""

import re
from decimal import Decimal
from typing import Any

from devtools.sandbox.errors import Refused, invalid

_SUM = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_IDENTIFIERS = {
    "payment_document_id": r".{18}",
    "payment_document_number": r".{1,30}",
    "account_number": r".{1,30}",
    "unified_account_number": r".{10}",
    "service_id": r".{13}",
}
# ₽: the most of one payment.
_LIMITS = {"bank_card": Decimal(350_000), "sbp": Decimal(700_000)}
METHODS = ("bank_card", "sbp", "sberbank", "tinkoff_bank", "yoo_money")


def amount_of(content: dict[str, Any], name: str = "amount") -> Decimal:
    """Return the sum of {value, currency}. Raises Refused."""
    amount = content.get(name.rpartition(".")[2])
    if not isinstance(amount, dict):
        raise invalid("Amount is missing", name)
    if not isinstance(amount.get("value"), str) or not _SUM.fullmatch(amount["value"]):
        raise invalid("Incorrect value", f"{name}.value")
    if amount.get("currency") != "RUB":
        raise invalid("Currency is not supported by this shop", f"{name}.currency")
    if Decimal(amount["value"]) <= 0:
        raise invalid("The sum must be above zero", f"{name}.value")
    return Decimal(amount["value"])


def payment_check(content: dict[str, Any], shop: dict[str, Any]) -> None:
    """Check a request to create a payment. Raises Refused."""
    amount = amount_of(content)
    _length(content, "description", 128)
    _length(content, "merchant_customer_id", 200)
    _flag(content, "capture")
    _flag(content, "save_payment_method")
    metadata_check(content)
    _way_check(content, shop, amount)
    if content.get("save_payment_method") and not shop["autopay"]:
        raise Refused(403, "This store can't make recurring payments. Contact the YooMoney manager")
    if content.get("payment_order"):
        _order_check(_dict(content["payment_order"], "payment_order"), amount)
    elif shop["utilities"]:
        raise invalid("Payment order is required for this shop", "payment_order")
    if content.get("receipt"):
        receipt_check(_dict(content["receipt"], "receipt"), amount)
    elif shop["fiscalization"]:
        raise invalid("Receipt is missing or illegal", "receipt")
    for number, one in enumerate(content.get("statements") or []):
        delivery = _dict(_dict(one, "statements").get("delivery_method"), "statements")
        if one.get("type") != "payment_overview" or delivery.get("type") != "email":
            raise invalid("Incorrect statement", f"statements[{number}].type")
        if "@" not in str(delivery.get("email")):
            raise invalid("Incorrect email", f"statements[{number}].delivery_method.email")


def _way_check(content: dict[str, Any], shop: dict[str, Any], amount: Decimal) -> None:
    """Check how the payer is to pay and to confirm."""
    if content.get("payment_method_id"):
        if content.get("payment_method_data"):
            raise invalid("Both payment_method_id and payment_method_data", "payment_method_id")
        return
    kind = "bank_card"
    if content.get("payment_method_data"):
        kind = _dict(content["payment_method_data"], "payment_method_data").get("type", "")
        if kind not in METHODS:
            raise invalid("Unknown payment method", "payment_method_data.type")
        if kind not in shop["methods"]:
            raise Refused(403, "The payment method is not available to the shop")
    if amount < 1:
        raise invalid("The sum is below the least of a payment", "amount.value")
    if amount > _LIMITS.get(kind, _LIMITS["bank_card"]):
        raise invalid("The sum is above the limit of the payment method", "amount.value")
    if kind == "sbp" and content.get("capture") is not True:
        raise invalid("Two-stage payments are not available by SBP", "capture")
    confirmation = _dict(content.get("confirmation"), "confirmation")
    match confirmation.get("type"):
        case "redirect":
            url = confirmation.get("return_url")
            if not isinstance(url, str) or not re.match(r"https?://", url) or len(url) > 2048:
                raise invalid("Incorrect return_url", "confirmation.return_url")
        case "qr":
            if kind != "sbp":
                raise invalid("QR is for SBP only", "confirmation.type")
            if not shop["qr"]:
                raise Refused(403, "Confirmation by QR is not available to the shop")
        case "embedded":
            pass
        case _:
            raise invalid("Incorrect confirmation type", "confirmation.type")


def _order_check(order: dict[str, Any], amount: Decimal) -> None:
    """Check the order of a payment for utilities."""
    at = "payment_order"
    if order.get("type") != "utilities":
        raise invalid("Incorrect type of payment order", f"{at}.type")
    if amount_of(order, f"{at}.amount") != amount:
        raise invalid("Sum of payment order is not the sum of payment", f"{at}.amount.value")
    _pattern(order, "payment_purpose", r"(?s).{1,210}", at)
    recipient = _dict(order.get("recipient"), f"{at}.recipient")
    _pattern(recipient, "name", r".{1,160}", f"{at}.recipient")
    _pattern(recipient, "inn", r"[0-9]{10}", f"{at}.recipient")
    _pattern(recipient, "kpp", r"[0-9]{9}", f"{at}.recipient")
    bank = _dict(recipient.get("bank"), f"{at}.recipient.bank")
    _pattern(bank, "name", r".{1,45}", f"{at}.recipient.bank")
    _pattern(bank, "bic", r"[0-9]{9}", f"{at}.recipient.bank")
    _pattern(bank, "account", r"[0-9]{20}", f"{at}.recipient.bank")
    _pattern(bank, "correspondent_account", r"[0-9]{20}", f"{at}.recipient.bank")
    period = _dict(order.get("payment_period"), f"{at}.payment_period")
    for name, least, most in (("month", 1, 12), ("year", 2000, 2100)):
        value = period.get(name)
        if not isinstance(value, int) or not least <= value <= most:
            raise invalid("Incorrect period", f"{at}.payment_period.{name}")
    if not any(order.get(name) for name in _IDENTIFIERS):
        raise invalid("Payment order has no identifier", at)
    for name, pattern in _IDENTIFIERS.items():
        if order.get(name):
            _pattern(order, name, pattern, at)


def receipt_check(receipt: dict[str, Any], amount: Decimal) -> None:
    """Check a receipt of 54-ФЗ: its items make up the sum. Raises Refused."""
    customer = _dict(receipt.get("customer"), "receipt.customer")
    if not customer.get("email") and not customer.get("phone"):
        raise invalid("Receipt needs email or phone", "receipt.customer")
    if customer.get("phone") and not re.fullmatch(r"[0-9]{4,15}", customer["phone"]):
        raise invalid("Incorrect phone", "receipt.customer.phone")
    items = receipt.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= 100:
        raise invalid("Receipt has no items", "receipt.items")
    total = Decimal(0)
    for number, item in enumerate(items):
        at = f"receipt.items[{number}]"
        _pattern(_dict(item, at), "description", r"(?s).{1,128}", at)
        if item.get("vat_code") not in range(1, 13):
            raise invalid("Incorrect vat_code", f"{at}.vat_code")
        quantity = str(item.get("quantity", ""))
        if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", quantity):
            raise invalid("Incorrect quantity", f"{at}.quantity")
        total += amount_of(item, f"{at}.amount") * Decimal(quantity)
    if total != amount:
        raise invalid("Receipt total is not the sum", "receipt.items")


def metadata_check(content: dict[str, Any]) -> None:
    """Check the store's own fields. Raises Refused."""
    metadata = content.get("metadata") or {}
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise invalid("Too many keys of metadata", "metadata")
    for name, value in metadata.items():
        if len(name) > 32 or not isinstance(value, str) or len(value) > 512:
            raise invalid("Incorrect value of metadata", f"metadata.{name[:32]}")


def _dict(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid("Parameter is missing or is not an object", name)
    return value


def _length(content: dict[str, Any], name: str, most: int) -> None:
    value = content.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > most):
        raise invalid("Incorrect length", name)


def _flag(content: dict[str, Any], name: str) -> None:
    if content.get(name) not in (None, True, False):
        raise invalid("Not a boolean", name)


def _pattern(content: dict[str, Any], name: str, pattern: str, at: str) -> None:
    value = content.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise invalid("Incorrect value", f"{at}.{name}")
