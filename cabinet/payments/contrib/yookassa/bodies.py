"""The bodies of requests, with every check that the SDK leaves out, and with what it adds.

A body is valid or refused; the one text that is cut is the purpose, word by word from its end: the name and
the address, which no number depends on.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from yookassa.domain.request import PaymentRequest, RefundRequest
from yookassa.payment import Payment as SdkPayment

from cabinet.payments.base import KOPECK, PaymentOrder, RequestInvalid, frozen_text
from cabinet.payments.models import Payment, Shop

CURRENCY = "RUB"
LIMITS: Final = {
    Payment.Method.CARD.value: (Decimal(1), Decimal(350_000)),
    Payment.Method.SBP.value: (Decimal(1), Decimal(700_000)),
    Payment.Method.SBP_QR.value: (Decimal(1), Decimal(700_000)),
    Payment.Method.SAVED.value: (Decimal(1), Decimal(350_000)),
}
PURPOSE_SIGNS = 210
NAME_SIGNS = 160
BANK_SIGNS = 45
LINE_SIGNS = 128
REASON_SIGNS = 250
PENALTY_LINE = "Пени"
COMMISSION_LINE = "Комиссия за приём платежа"
VAT_CODES = range(1, 13)
_PROVIDER_ID = re.compile(r"[0-9A-Za-z-]{1,50}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_UNIFIED = re.compile(r"[0-9A-ZА-ЯЁ]{10}")
_SERVICE = re.compile(r"[0-9A-ZА-ЯЁ]{10}-[0-9]{2}")
_ACCOUNT = re.compile(r"(?=.*[0-9A-Za-zА-Яа-яЁё]).{1,30}")


def payment_body(order: PaymentOrder) -> dict[str, Any]:
    """Return the request of a payment as the SDK sends it. Raises RequestInvalid."""
    amount = _amount_of(order)
    body: dict[str, Any] = {
        "amount": amount,
        "capture": True,
        "description": f"Оплата по лицевому счёту {_account(order)}",
        "metadata": {
            "payment_id": order.payment_id,
            "company": order.company,
            "cms_name": SdkPayment.CMS_NAME,
        },
        "payment_order": _payment_order(order, amount),
        **_method(order),
        **_receipts(order),
    }
    return _as_sent(PaymentRequest, body)


def refund_body(
    *,
    provider_id: str,
    refund_id: str,
    amount: Decimal,
    reason: str,
    order: dict[str, Any],
    parts: tuple[Decimal, Decimal, Decimal] | None,
) -> dict[str, Any]:
    """Return the request of a refund as the SDK sends it. Raises RequestInvalid."""
    if not _PROVIDER_ID.fullmatch(provider_id):
        raise RequestInvalid("payment_id")
    sum_ = money(amount)
    if amount <= 0:
        raise RequestInvalid("amount")
    reason = _clean(reason)
    if not 1 <= len(reason) <= REASON_SIGNS:
        raise RequestInvalid("description")
    body = {
        "payment_id": provider_id,
        "amount": sum_,
        "description": reason,
        "metadata": {"refund_id": refund_id},
    }
    if receipt := order.get("receipt"):
        body["receipt"] = {
            "customer": receipt["customer"],
            "items": _refunded_lines(receipt["items"], amount, parts),
        }
    return _as_sent(RefundRequest, body)


def money(amount: Decimal) -> dict[str, str]:
    """Return a sum as the provider takes it; the SDK would round what has more than two decimals."""
    if not amount.is_finite() or abs(amount) >= 10**10 or amount != amount.quantize(KOPECK):
        raise RequestInvalid("amount")
    return {"value": str(amount.quantize(KOPECK)), "currency": CURRENCY}


def _amount_of(order: PaymentOrder) -> dict[str, str]:
    parts = (order.principal, order.penalty, order.commission)
    amount = money(order.amount)
    for part in parts:
        money(part)
    if min(parts) < 0 or sum(parts) != order.amount:
        raise RequestInvalid("amount: parts")
    least, most = LIMITS[order.method]
    if not least <= order.amount <= most:
        raise RequestInvalid("amount: limits")
    return amount


def _method(order: PaymentOrder) -> dict[str, Any]:
    if (order.method == Payment.Method.SAVED) is not bool(order.saved_method):
        raise RequestInvalid("payment_method_id")
    if order.saved_method:
        if not _PROVIDER_ID.fullmatch(order.saved_method) or order.save_method:
            raise RequestInvalid("payment_method_id")
        return {"payment_method_id": order.saved_method}
    if order.method == Payment.Method.SBP_QR:
        confirmation = {"type": "qr"}
    else:
        confirmation = {"type": "redirect", "return_url": _address(order.return_url)}
    kind = "bank_card" if order.method == Payment.Method.CARD else "sbp"
    found: dict[str, Any] = {"payment_method_data": {"type": kind}, "confirmation": confirmation}
    return {**found, "save_payment_method": True} if order.save_method else found


def _address(url: str) -> str:
    if len(url) > 2048 or urlsplit(url).scheme not in ("https", "http"):
        raise RequestInvalid("confirmation.return_url")
    return url


def _payment_order(order: PaymentOrder, amount: dict[str, str]) -> dict[str, Any]:
    to = order.recipient
    _digits(to.inn, 10, "inn")
    _digits(to.kpp, 9, "kpp")
    _digits(to.bic, 9, "bic")
    _digits(to.account, 20, "account")
    _digits(to.correspondent_account, 20, "correspondent_account")
    identifier, named = _identifier(order)
    return {
        "type": "utilities",
        "amount": amount,
        "payment_purpose": _purpose(order, named),
        "recipient": {
            "name": _text(to.name, NAME_SIGNS, "recipient.name"),
            "inn": to.inn,
            "kpp": to.kpp,
            "bank": {
                "name": _text(to.bank_name, BANK_SIGNS, "recipient.bank.name"),
                "bic": to.bic,
                "account": to.account,
                "correspondent_account": to.correspondent_account,
            },
        },
        "payment_period": {"month": order.period.month, "year": order.period.year},
        **identifier,
    }


def _identifier(order: PaymentOrder) -> tuple[dict[str, str], str]:
    """Return the most exact number that there is, and how the purpose names it."""
    unified, service = _upper(order.unified_account_number), _upper(order.gku_id)
    if _SERVICE.fullmatch(service):
        # идентификатор ЖКУ is единый лицевой счёт with the number of a service behind it.
        return {"service_id": service}, f"ЕЛС {service[:10]}"
    if _UNIFIED.fullmatch(unified):
        return {"unified_account_number": unified}, f"ЕЛС {unified}"
    account = _account(order)
    return {"account_number": account}, f"ЛС {account}"


def _account(order: PaymentOrder) -> str:
    account = _clean(order.account_number)
    if not _ACCOUNT.fullmatch(account):
        raise RequestInvalid("account_number")
    return account


def _purpose(order: PaymentOrder, number: str) -> str:
    """Return the purpose in the form of the Bank of Russia (ИН-04-45/12).

    The name and the address are left out word by word where they are too long.
    """
    fixed = ["Оплата ЖКУ", number, f"ПРД {order.period:%m.%Y}"]
    text = ";".join(one.replace(";", ",") for one in fixed)
    for part in (order.payer_name, order.payer_address):
        begin = ";"
        for word in _clean(part).replace(";", ",").split():
            if len(text) + len(begin) + len(word) > PURPOSE_SIGNS:
                return text.rstrip(",")
            text, begin = f"{text}{begin}{word}", " "
    return text


def _receipts(order: PaymentOrder) -> dict[str, Any]:
    """Return the receipt of 54-ФЗ, or what the payer gets instead of it; where there is an e-mail."""
    if order.email and not (len(order.email) <= 254 and _EMAIL.fullmatch(order.email)):
        raise RequestInvalid("email")
    if order.receipts == Shop.Receipts.RECEIPT:
        if not order.email:
            raise RequestInvalid("email")
        return {"receipt": {"customer": {"email": order.email}, "items": _lines(order)}}
    if order.receipts == Shop.Receipts.STATEMENT and order.email:
        delivery = {"type": "email", "email": order.email}
        return {"statements": [{"type": "payment_overview", "delivery_method": delivery}]}
    return {}


def _lines(order: PaymentOrder) -> list[dict[str, Any]]:
    if order.vat_code not in VAT_CODES or not order.payment_mode or not order.payment_subject:
        raise RequestInvalid("receipt.items")
    parts = (
        (order.service_name, order.principal),
        (PENALTY_LINE, order.penalty),
        (COMMISSION_LINE, order.commission),
    )
    return [
        {
            "description": _text(name, LINE_SIGNS, "receipt.items.description"),
            "quantity": "1.0",
            "amount": money(amount),
            "vat_code": order.vat_code,
            "payment_mode": order.payment_mode,
            "payment_subject": order.payment_subject,
        }
        for name, amount in parts
        if amount
    ]


def _refunded_lines(
    lines: list[dict[str, Any]], amount: Decimal, parts: tuple[Decimal, Decimal, Decimal] | None
) -> list[dict[str, Any]]:
    """Return the receipt's lines with what is given back of each; together they are the refund."""
    given, left = [], amount
    for line in lines:
        had = Decimal(line["amount"]["value"])
        part = parts[_part_of(line)] if parts else min(had, left)
        if not 0 <= part <= had:
            raise RequestInvalid("receipt.items")
        given.append(part)
        left -= part
    if left:
        raise RequestInvalid("receipt.items")
    return [{**line, "amount": money(one)} for line, one in zip(lines, given, strict=True) if one]


def _part_of(line: dict[str, Any]) -> int:
    """Return which of principal, penalty and commission a line is of."""
    return {PENALTY_LINE: 1, COMMISSION_LINE: 2}.get(line["description"], 0)


def _as_sent(kind: type, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body after the SDK has checked it and added its own; what it drops is refused."""
    try:
        request = kind(body)
        request.validate()
        sent: dict[str, Any] = dict(request)
        frozen_text(sent)
    except (TypeError, ValueError) as error:
        raise RequestInvalid(type(error).__name__) from None
    if not _holds(sent, body):
        raise RequestInvalid("SDK")
    return sent


def _holds(sent: Any, body: Any) -> bool:
    """Return whether nothing of a body was dropped or changed."""
    if isinstance(body, dict):
        return isinstance(sent, dict) and all(
            key in sent and _holds(sent[key], value) for key, value in body.items()
        )
    if isinstance(body, list):
        pairs = isinstance(sent, list) and len(sent) == len(body)
        return pairs and all(_holds(*both) for both in zip(sent, body, strict=True))
    return bool(sent == body)


def _text(value: str, signs: int, name: str) -> str:
    text = _clean(value)
    if not 1 <= len(text) <= signs:
        raise RequestInvalid(name)
    return text


def _digits(value: str, count: int, name: str) -> None:
    if not re.fullmatch(rf"[0-9]{{{count}}}", value):
        raise RequestInvalid(f"recipient.{name}")


def _upper(value: str) -> str:
    return _clean(value).upper()


def _clean(text: str) -> str:
    """Return a text without signs that are not seen, on one line."""
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(seen.split())
