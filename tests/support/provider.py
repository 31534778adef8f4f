"""A payment provider in memory: its books by shop, and what goes wrong at the next call."""

import dataclasses
import datetime
import itertools
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from cabinet.accounts.models import PersonalAccount
from cabinet.payments import registry
from cabinet.payments.base import (
    NotThere,
    PaymentGateway,
    PaymentOrder,
    ProviderPayment,
    ProviderRefund,
    ShopFacts,
)
from cabinet.payments.models import LedgerEntry, Payment, Shop
from portal.connection import current_schema

SHOP_ID = "100500"
_NEW = itertools.count(1)


class Books:
    """What the provider has: payments, refunds by their key, and the calls that were made."""

    def __init__(self) -> None:
        self.payments: dict[str, ProviderPayment] = {}
        self.refunds: dict[str, ProviderRefund] = {}
        self.by_key: dict[str, str] = {}
        self.calls: list[str] = []
        self.status = "succeeded"
        # Called before and after a payment or refund is written down; may raise.
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    def given_back(self) -> Decimal:
        return sum(
            (one.amount for one in self.refunds.values() if one.status == "succeeded"), Decimal(0)
        )


BOOKS: dict[str, Books] = {}


class MemoryGateway(PaymentGateway):
    code = "memory"
    limits = {"card": (Decimal(1), Decimal(350_000))}

    @property
    def books(self) -> Books:
        return BOOKS.setdefault(self.shop_id, Books())

    def payment_body(self, order: PaymentOrder) -> dict[str, Any]:
        return {
            "amount": str(order.amount),
            "metadata": {"payment_id": order.payment_id, "company": order.company},
        }

    def payment_create(self, body: dict[str, Any], key: str) -> ProviderPayment:
        books = self.books
        books.calls.append(key)
        books.before()
        if key not in books.by_key:
            made = ProviderPayment(
                id=f"p-{uuid.uuid4()}",
                status="pending",
                amount=Decimal(body["amount"]),
                currency="RUB",
                shop_id=self.shop_id,
                metadata=body["metadata"],
                created_at=timezone.now(),
                confirmation_url="https://bank.example/pay",
            )
            books.payments[made.id] = made
            books.by_key[key] = made.id
        books.after()
        return books.payments[books.by_key[key]]

    def payment_get(self, provider_id: str) -> ProviderPayment:
        if provider_id not in self.books.payments:
            raise NotThere("not_found")
        return self.books.payments[provider_id]

    def payments_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderPayment]:
        return (one for one in self.books.payments.values() if begin <= one.created_at < end)

    def refund_body(
        self,
        *,
        provider_id: str,
        refund_id: str,
        amount: Decimal,
        reason: str,
        order: dict[str, Any],
        parts: tuple[Decimal, Decimal, Decimal] | None = None,
    ) -> dict[str, Any]:
        return {
            "payment_id": provider_id,
            "amount": {"value": str(amount), "currency": "RUB"},
            "description": reason,
            "metadata": {"refund_id": refund_id},
        }

    def refund_create(self, body: dict[str, Any], key: str) -> ProviderRefund:
        books = self.books
        books.calls.append(key)
        books.before()
        if key not in books.by_key:
            made = ProviderRefund(
                id=f"r-{uuid.uuid4()}",
                payment_id=body["payment_id"],
                status=books.status,
                amount=Decimal(body["amount"]["value"]),
                currency="RUB",
                created_at=timezone.now(),
                metadata=body["metadata"],
            )
            books.refunds[made.id] = made
            books.by_key[key] = made.id
        books.after()
        return books.refunds[books.by_key[key]]

    def refund_get(self, provider_id: str) -> ProviderRefund:
        if provider_id not in self.books.refunds:
            raise NotThere("not_found")
        return self.books.refunds[provider_id]

    def refunds_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderRefund]:
        return (one for one in self.books.refunds.values() if begin <= one.created_at < end)

    def shop_facts(self) -> ShopFacts:
        return ShopFacts(self.shop_id, True, True, "", ["card"], False)


@pytest.fixture
def books() -> Iterator[Books]:
    """The books of Pskov's shop; `shop_open` sets the shop up in the schema that is entered."""
    registry.gateway_register(MemoryGateway)
    BOOKS.clear()
    yield BOOKS.setdefault(SHOP_ID, Books())
    BOOKS.clear()


def shop_open(shop_id: str = SHOP_ID, **fields: Any) -> Shop:
    site = Site.objects.get(is_default_site=True)
    defaults = {"provider": "memory", "shop_id": shop_id, "secret_key": "test_key", "is_on": True}
    return Shop.objects.update_or_create(site=site, defaults={**defaults, **fields})[0]


def paid(
    account: PersonalAccount,
    principal: str = "194.32",
    penalty: str = "0.07",
    *,
    commission: str = "0.00",
    collector: str = "",
    at: datetime.datetime | None = None,
    shop_id: str = SHOP_ID,
    **fields: Any,
) -> Payment:
    """Return a payment that has succeeded, with its ledger entry, in the provider's books too."""
    sums = [Decimal(one) for one in (principal, penalty, commission)]
    ours = sums[2] if collector == "portal" else Decimal("0.00")
    number, at = next(_NEW), at or timezone.now()
    payment = Payment.objects.create(
        **{
            "return_key": f"key-{number}-{uuid.uuid4().hex[:20]}",
            "form_key": uuid.uuid4(),
            "account": account,
            "channel": "cabinet",
            "principal": sums[0],
            "penalty": sums[1],
            "commission": sums[2],
            "commission_collector": collector,
            "amount": sums[0] + sums[1] + ours,
            "method": "card",
            "provider": "memory",
            "shop_id": shop_id,
            "provider_id": f"p-{uuid.uuid4()}",
            "idempotency_key": str(uuid.uuid4()),
            "body_hash": "",
            "state": "succeeded",
            "sent_at": at,
            "paid_at": at,
            "ended_at": at,
            "due_at": None,
            **fields,
        }
    )
    Payment.objects.filter(pk=payment.pk).update(created_at=at)
    payment.refresh_from_db()
    if payment.state == "succeeded":
        LedgerEntry.objects.create(
            payment=payment, principal=sums[0], penalty=sums[1], commission=ours, at=at
        )
    listed(payment)
    return payment


def listed(payment: Payment, **changes: Any) -> ProviderPayment:
    """Put the payment into the provider's books."""
    facts = {
        "id": str(payment.provider_id),
        "status": "succeeded",
        "amount": payment.amount,
        "currency": "RUB",
        "shop_id": payment.shop_id,
        "metadata": {"payment_id": str(payment.payment_id), "company": current_schema()},
        "created_at": payment.created_at,
        "paid_at": payment.paid_at,
        **changes,
    }
    one = ProviderPayment(**facts)
    BOOKS.setdefault(payment.shop_id, Books()).payments[one.id] = one
    return one


def raises(error):
    def it():
        raise error

    return it


def the_provider_says(books, payment, **changes):
    one = books.payments[books.by_key[payment.idempotency_key]]
    books.payments[one.id] = dataclasses.replace(one, **changes)


def took(books, payment, **changes):
    the_provider_says(books, payment, status="succeeded", paid_at=timezone.now(), **changes)
