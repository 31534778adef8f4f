"""Refunds beside the provider's list."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from cabinet.payments.base import ProviderRefund
from cabinet.payments.models import Payment, Reconciliation
from cabinet.payments.refunds.adopting import refund_adopt
from cabinet.payments.refunds.services import RefundRefused, refund_start
from cabinet.payments.refunds.sums import left_of
from cabinet.payments.refunds.syncing import refund_send
from tests.support.provider import paid


def made_there(books, payment, at, amount="100.00", **fields):
    one = ProviderRefund(
        **{
            "id": f"r-{uuid.uuid4()}",
            "payment_id": payment.provider_id,
            "status": "succeeded",
            "amount": Decimal(amount),
            "currency": "RUB",
            "created_at": at,
            **fields,
        }
    )
    books.refunds[one.id] = one
    return one


def test_a_refund_past_the_portal_is_found_and_booked(night, account, at, books, cashier):
    payment = paid(account, at=at)
    theirs = made_there(books, payment, at, "194.35")
    made_there(books, replace_id(payment), at)  # of somebody else's payment
    assert night() == ["not_here"]
    refund = refund_adopt(provider_id=theirs.id, actor=cashier)
    assert (refund.principal, refund.penalty) == (Decimal("194.32"), Decimal("0.03"))
    assert left_of([payment.pk])[payment.pk].total == Decimal("0.04")
    assert refund_adopt(provider_id=theirs.id, actor=cashier).pk == refund.pk
    assert night() == []
    too_much = made_there(books, payment, at, "1.00")
    with pytest.raises(RefundRefused, match="больше"):
        refund_adopt(provider_id=too_much.id, actor=cashier)


def replace_id(payment):
    other = Payment.objects.get(pk=payment.pk)
    other.provider_id = "somebody-else"
    return other


def test_refunds_of_ours_beside_theirs(night, account, books, cashier, yesterday):
    payment = paid(account)
    refund = refund_send(
        refund_start(
            payment=payment,
            principal=Decimal("100.00"),
            penalty=Decimal(0),
            commission=Decimal(0),
            reason="Ошибся счётом",
            actor=cashier,
            form_key=uuid.uuid4(),
        )
    )
    assert refund.state == "succeeded"
    today = yesterday + datetime.timedelta(days=1)
    assert night(today) == []
    kept = books.refunds.pop(refund.provider_id)
    assert night(today) == ["not_there"]
    books.refunds[kept.id] = replace(kept, status="canceled")
    assert night(today) == ["other_state"]
    books.refunds[kept.id] = replace(kept, amount=Decimal("5.00"))
    assert night(today) == ["other_sum"]
    books.refunds[kept.id] = kept
    assert night(today) == []
    run = Reconciliation.objects.get(day=today)
    assert (run.matched, run.matched_sum) == (2, Decimal("94.39"))
