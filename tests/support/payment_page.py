"""A shop whose provider stays in memory, and the steps of the payment page."""

import re
import uuid
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from cabinet.payments import registry
from cabinet.payments.base import PaymentOrder, ProviderPayment
from cabinet.payments.models import Payment, Shop
from tests.support.factories import text_of
from tests.support.paying import requisites_set
from tests.support.provider import Books, MemoryGateway, shop_open

BANK = "https://yoomoney.ru/checkout/"


class PayingGateway(MemoryGateway):
    """Takes every payment and leads to a page of the bank."""

    code = "paying"
    limits = {
        "card": (Decimal(1), Decimal(350_000)),
        "sbp": (Decimal(1), Decimal(700_000)),
        "sbp_qr": (Decimal(1), Decimal(700_000)),
    }

    def payment_body(self, order: PaymentOrder) -> dict[str, Any]:
        return {
            "amount": str(order.amount),
            "metadata": {"payment_id": order.payment_id, "company": order.company},
            "recipient": order.recipient.name,
            "return_url": order.return_url,
            "email": order.email,
        }

    def payment_create(self, body: dict[str, Any], key: str) -> ProviderPayment:
        books: Books = self.books
        books.calls.append(key)
        books.before()
        if key not in books.by_key:
            books.by_key[key] = f"p-{uuid.uuid4()}"
            books.payments[books.by_key[key]] = ProviderPayment(
                id=books.by_key[key],
                status="pending",
                amount=Decimal(body["amount"]),
                currency="RUB",
                shop_id=self.shop_id,
                metadata=body["metadata"],
                created_at=timezone.now(),
                confirmation_url=f"{BANK}{books.by_key[key]}",
            )
        books.after()
        return books.payments[books.by_key[key]]


def paying_shop(shop_id: str = "100500", **fields: Any) -> Shop:
    """Set up the shop of the company whose schema is entered, and its requisites."""
    registry.gateway_register(PayingGateway)
    requisites_set()
    return shop_open(shop_id, **{"provider": "paying", **fields})


def form_of(client: Client, path: str) -> dict[str, str]:
    """Return what the page's form would send as it stands, with the payer's word that it is right."""
    page = client.get(path).content.decode()
    return {**fields_of(page), "confirmed": "on"}


def fields_of(page: str) -> dict[str, str]:
    form = page[page.index("data-payment") :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_off = re.search(r'type="(?:checkbox|radio)"', tag) and "checked" not in tag
        if name and name[1] != "csrfmiddlewaretoken" and not is_off:
            found[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    return found


def pay(client: Client, path: str, **changed: str) -> Any:
    """Send the page's form with these changes; the answer is a redirect, or the page with what is wrong."""
    return client.post(path, {**form_of(client, path), **changed})


def said(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response)).split())


def only_payment() -> Payment:
    return Payment.objects.get()
