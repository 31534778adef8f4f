"""Payments and refunds as rows, without a provider."""

import datetime
import secrets
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.outgoing.models import ExportPending
from cabinet.payments.models import LedgerEntry, Payment, Refund


def make_payment(account: PersonalAccount, state: str = "succeeded", **fields: Any) -> Payment:
    """A payment of 194,39 ₽ in a state; the sum follows principal, penalty and the portal's commission."""
    principal = Decimal(fields.pop("principal", "194.39"))
    penalty = Decimal(fields.pop("penalty", 0))
    commission = Decimal(fields.pop("commission", 0))
    by_portal = fields.get("commission_collector") == "portal"
    now = timezone.now()
    is_over = state in ("succeeded", "canceled", "failed")
    is_there = state not in ("created", "unknown", "failed")
    return Payment.objects.create(
        **{
            "account": account,
            "return_key": secrets.token_urlsafe(32),
            "form_key": uuid.uuid4(),
            "channel": "cabinet",
            "principal": principal,
            "penalty": penalty,
            "commission": commission,
            "amount": principal + penalty + (commission if by_portal else 0),
            "method": "card",
            "provider": "yookassa",
            "shop_id": "100500",
            "provider_id": str(uuid.uuid4()) if is_there else None,
            "idempotency_key": str(uuid.uuid4()),
            "body_hash": "0" * 64,
            "state": state,
            "sent_at": now,
            "paid_at": now if state == "succeeded" else None,
            "ended_at": now if is_over else None,
            "due_at": None if is_over else now,
            **fields,
        }
    )


def make_refund(payment: Payment, state: str = "succeeded", **fields: Any) -> Refund:
    """A refund of the whole principal in a state."""
    principal = Decimal(fields.pop("principal", payment.principal))
    return Refund.objects.create(
        **{
            "form_key": uuid.uuid4(),
            "payment": payment,
            "principal": principal,
            "penalty": Decimal(0),
            "commission": Decimal(0),
            "amount": principal,
            "reason": "Ошибся счётом",
            "asked_by": "kassir",
            "idempotency_key": str(uuid.uuid4()),
            "body_hash": "0" * 64,
            "state": state,
            "sent_at": timezone.now(),
            "ended_at": timezone.now() if state in ("succeeded", "canceled", "failed") else None,
            "due_at": None,
            **fields,
        }
    )


def make_paid(
    account: PersonalAccount,
    principal: str | Decimal,
    penalty: str | Decimal = "0.00",
    at: datetime.datetime | None = None,
    **fields: Any,
) -> Payment:
    """A payment that has succeeded, with its entry of the ledger."""
    at = at or timezone.now()
    sums = {"principal": Decimal(principal), "penalty": Decimal(penalty)}
    payment = make_payment(account, **sums, paid_at=at, **fields)
    LedgerEntry.objects.create(payment=payment, **sums, commission=payment.commission, at=at)
    return payment


def make_refunded(
    payment: Payment,
    principal: str | Decimal,
    penalty: str | Decimal = "0.00",
    at: datetime.datetime | None = None,
) -> Refund:
    """Money of a payment that was given back, with its entry of the ledger."""
    at = at or timezone.now()
    sums = {"principal": Decimal(principal), "penalty": Decimal(penalty)}
    refund = make_refund(payment, **sums, amount=sum(sums.values()), ended_at=at)
    LedgerEntry.objects.create(
        payment=payment,
        refund=refund,
        principal=-sums["principal"],
        penalty=-sums["penalty"],
        commission=Decimal(0),
        at=at,
    )
    return refund


def entries():
    return [
        (one.payment_id, one.principal, one.penalty, one.commission)
        for one in LedgerEntry.objects.order_by("pk")
    ]


def notes():
    return list(ExportPending.objects.filter(kind="payments").values_list("object_id", flat=True))
