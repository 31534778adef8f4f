"""The ledger beside billing's payments."""

import datetime
import uuid
from decimal import Decimal

from django.utils import timezone

from cabinet.billing.models import BillingPayment
from cabinet.payments.models import Difference
from cabinet.payments.refunds.services import refund_start
from cabinet.payments.refunds.syncing import refund_send
from tests.support.billed import billed
from tests.support.factories import make_account
from tests.support.provider import listed, paid


def age(payment, days):
    moment = timezone.now() - datetime.timedelta(days=days)
    payment.entries.update(created_at=moment)


def test_billing_has_time_then_it_is_asked_about(night, account):
    payment = paid(account, at=timezone.now() - datetime.timedelta(days=39))
    age(payment, 39)
    assert night() == []
    age(payment, 41)
    assert night() == ["not_in_billing"]
    row = billed(payment)
    assert night() == []
    row.amount = Decimal("194.00")
    row.save()
    assert night() == ["billing_sum"]


def test_a_refund_that_billing_has_not_seen_yet_is_no_difference(night, account, cashier):
    payment = paid(account)
    row = billed(payment)
    refund_send(
        refund_start(
            payment=payment,
            principal=Decimal("94.32"),
            penalty=Decimal("0.07"),
            commission=Decimal(0),
            reason="Ошибся счётом",
            actor=cashier,
            form_key=uuid.uuid4(),
        )
    )
    assert night() == []
    age(payment, 41)
    assert night() == ["billing_sum"]
    row.amount = Decimal("100.00")
    row.save()
    assert night() == []


def test_billing_knows_what_took_no_money_here_or_another_account(night, account, at):
    other = make_account("900001")
    billed(paid(account, at=at), account=other)
    canceled = paid(account, at=at, state="canceled")
    listed(canceled, status="canceled")
    billed(canceled)
    for source in ("Портал", "Сбербанк"):
        BillingPayment.objects.create(
            payment_id=str(uuid.uuid4()),
            account=account,
            paid_on=at.date(),
            amount=Decimal(5),
            source=source,
        )
    assert night() == ["billing_account", "billing_only", "billing_only"]
    assert Difference.objects.get(kind="billing_account").facts == {"account_number": "900001"}
