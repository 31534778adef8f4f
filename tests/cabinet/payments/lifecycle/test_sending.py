"""A payment from its form to the first call: what is committed, sent, and booked."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from cabinet.payments.base import (
    CredentialsRefused,
    GatewayRefused,
    GatewayUnavailable,
    OutcomeUnknown,
    RequestInvalid,
    frozen_hash,
)
from cabinet.payments.lifecycle import sweeping
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.starting import FormUsed
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import Payment
from cabinet.payments.registry import NoShop
from portal.audit.models import AuditEntry
from portal.connection import connection
from tests.support.factories import make_account
from tests.support.jobs import swept
from tests.support.paying import started
from tests.support.payments import entries, notes
from tests.support.provider import raises, the_provider_says, took

HOUR = datetime.timedelta(hours=1)


def test_the_request_is_committed_before_anything_is_sent(payment, books):
    stored = Payment.objects.get()
    assert (stored.state, stored.sent_at, books.calls) == ("created", None, [])
    assert frozen_hash(stored.body) == stored.body_hash and str(stored.payment_id) in stored.body
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM payments_payment")
        assert "metadata" not in cursor.fetchone()[0]


def test_what_is_sent_is_what_was_frozen(payment, books):
    Payment.objects.update(principal=1, penalty=0, amount=1)
    assert payment_send(payment).state == "pending"
    assert next(iter(books.payments.values())).amount == Decimal("194.39")
    other = started(payment.account)
    Payment.objects.filter(pk=other.pk).update(body=other.body.replace("194.39", "194.38"))
    assert payment_send(other).state == "failed" and len(books.calls) == 1


def test_a_form_sent_again_is_the_same_payment(shop, account, books):
    key = uuid.uuid4()
    first = started(account, form_key=key)
    payment_send(first)
    again = started(account, form_key=key)
    assert payment_send(again).pk == first.pk and len(books.calls) == 1
    for changes in (
        {"principal": Decimal("1.00")},
        {"account": make_account("805112")},
        {"subscriber_id": uuid.uuid4()},
    ):
        with pytest.raises(FormUsed) as found:
            started(**{"account": account, **changes}, form_key=key)
        assert found.value.payment.pk == first.pk


def test_no_payment_without_a_shop_or_with_an_absurd_sum(shop, account):
    shop.is_on = False
    shop.save()
    with pytest.raises(NoShop):
        started(account)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("collector", ["portal", "bank"])
def test_a_commission_is_money_of_the_ledger_only_if_the_portal_takes_it(
    shop, account, books, collector
):
    shop.commission_collector, shop.commission_percent = collector, Decimal("10.00")
    shop.save()
    payment = payment_send(started(account, "100.00", penalty=Decimal("0.00")))
    took(books, payment)
    payment_sync(payment.pk)
    is_portal = collector == "portal"
    assert payment.amount == Decimal(110 if is_portal else 100)
    assert entries() == [(payment.pk, 100, 0, 10 if is_portal else 0)]


def test_a_payment_that_was_taken(payment, books):
    assert payment_send(payment).state == "pending"
    assert payment_sync(payment.pk).state == "pending" and entries() == []
    took(books, payment, income=Decimal("188.00"))
    done = payment_sync(payment.pk)
    assert (done.state, done.due_at, done.income) == ("succeeded", None, Decimal("188.00"))
    assert entries() == [(payment.pk, Decimal("194.32"), Decimal("0.07"), 0)]
    assert notes() == [payment.pk]
    actions = AuditEntry.objects.filter(action__startswith="payment.").order_by("pk")
    assert [one.action for one in actions] == ["payment.pending", "payment.succeeded"]
    payment_sync(payment.pk)
    assert len(entries()) == len(notes()) == 1


def test_a_payment_that_was_canceled(payment, books):
    payment_send(payment)
    the_provider_says(
        books,
        payment,
        status="canceled",
        cancellation_party="payment_network",
        cancellation_reason="insufficient_funds",
    )
    done = payment_sync(payment.pk)
    assert (done.state, done.cancellation_reason) == ("canceled", "insufficient_funds")
    assert entries() == notes() == []


@pytest.mark.parametrize(
    ("error", "state", "is_sent"),
    [
        (GatewayRefused("HTTP 400"), "failed", True),
        (CredentialsRefused("HTTP 401"), "failed", True),
        (RequestInvalid("amount"), "failed", True),
        (GatewayUnavailable("ConnectTimeout"), "created", False),
        (OutcomeUnknown("ReadTimeout"), "unknown", True),
        (KeyError("a fault of ours"), "unknown", True),
    ],
)
def test_a_call_that_fails(payment, books, error, state, is_sent):
    books.before = raises(error)
    done = payment_send(payment)
    assert (done.state, done.sent_at is not None, done.claimed_at) == (state, is_sent, None)
    assert Payment.objects.get().state == state and entries() == []


def test_a_provider_that_was_not_reached_is_tried_for_a_while(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    Payment.objects.update(created_at=timezone.now())
    books.before = raises(GatewayUnavailable("ConnectTimeout"))
    payment_send(payment)
    clock.forward(datetime.timedelta(minutes=5))
    assert swept(sweeping.payments_sweep) == 1 and Payment.objects.get().state == "created"
    books.before = lambda: None
    clock.forward(datetime.timedelta(minutes=5))
    assert swept(sweeping.payments_sweep) == 1 and Payment.objects.get().state == "pending"
    assert set(books.calls) == {payment.idempotency_key}


def test_what_was_never_taken_ends(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    Payment.objects.update(created_at=timezone.now())
    books.before = raises(GatewayUnavailable("ConnectTimeout"))
    payment_send(payment)
    clock.forward(HOUR)
    swept(sweeping.payments_sweep)
    done = Payment.objects.get()
    assert (done.state, done.cancellation_reason, done.due_at) == ("failed", "not_sent", None)
    assert payment_send(done).state == "failed" and len(books.calls) == 1
