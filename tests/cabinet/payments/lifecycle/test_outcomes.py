"""A payment from its form to its end, with a provider in memory: what is committed, and what may follow."""

import dataclasses
import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from cabinet.outgoing.models import ExportPending
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
from cabinet.payments.lifecycle.transitions import ALLOWED, payment_word_take
from cabinet.payments.models import LedgerEntry, Payment
from cabinet.payments.registry import NoShop
from portal.audit.models import AuditEntry
from portal.connection import connection
from tests.support.factories import make_account
from tests.support.jobs import swept
from tests.support.paying import requisites_set, started
from tests.support.provider import shop_open

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def shop(pskov, books):
    requisites_set()
    return shop_open()


@pytest.fixture
def payment(shop, account):
    return started(account)


def raises(error):
    def it():
        raise error

    return it


def the_provider_says(books, payment, **changes):
    one = books.payments[books.by_key[payment.idempotency_key]]
    books.payments[one.id] = dataclasses.replace(one, **changes)


def took(books, payment, **changes):
    the_provider_says(books, payment, status="succeeded", paid_at=timezone.now(), **changes)


def entries():
    return [
        (one.payment_id, one.principal, one.penalty, one.commission)
        for one in LedgerEntry.objects.order_by("pk")
    ]


def notes():
    return list(ExportPending.objects.filter(kind="payments").values_list("object_id", flat=True))


# --- before the first call ----------------------------------------------------------------------


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


# --- the first call -----------------------------------------------------------------------------


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


# --- unknown outcomes ---------------------------------------------------------------------------


def test_an_unknown_outcome_is_asked_for_by_the_same_key(payment, books):
    books.after = raises(OutcomeUnknown("HTTP 500"))
    assert payment_send(payment).state == "unknown" and len(books.payments) == 1
    books.after = lambda: None
    done = payment_sync(payment.pk)
    assert done.state == "pending" and done.confirmation_url
    assert len(books.payments) == 1 and set(books.calls) == {payment.idempotency_key}


def test_a_refusal_of_a_repetition_proves_nothing(payment, books):
    books.after = raises(OutcomeUnknown("HTTP 500"))
    sent_at = payment_send(payment).sent_at
    for error in (GatewayRefused("HTTP 400"), GatewayUnavailable("HTTP 429")):
        books.before = raises(error)
        done = payment_sync(payment.pk)
        # Its day goes on from the first call, whatever a repetition meets.
        assert done.state == "unknown" and done.sent_at == Payment.objects.get().sent_at == sent_at


@pytest.mark.parametrize("was_taken", [True, False])
def test_after_a_day_the_list_decides_and_nothing_is_created(payment, books, clock, was_taken):
    clock.at("2026-11-29T10:00:00")
    (setattr)(books, "after" if was_taken else "before", raises(OutcomeUnknown("no answer")))
    payment_send(payment)
    books.before = books.after = lambda: None
    if was_taken:
        took(books, payment)
    calls = list(books.calls)
    clock.forward(21 * HOUR)
    swept(sweeping.payments_sweep)
    # A list that may not be whole yet proves only what is in it.
    assert Payment.objects.get().state == ("succeeded" if was_taken else "unknown")
    clock.forward(5 * HOUR)
    swept(sweeping.payments_sweep)
    done = Payment.objects.get()
    assert (done.state, done.cancellation_reason) == (
        ("succeeded", "") if was_taken else ("failed", "not_found")
    )
    assert books.calls == calls and len(entries()) == was_taken


def test_a_second_one_in_the_list_is_shown_to_cashiers(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    books.after = raises(OutcomeUnknown("no answer"))
    payment_send(payment)
    (first,) = books.payments.values()
    books.payments["p-2"] = dataclasses.replace(
        first, id="p-2", status="succeeded", paid_at=timezone.now()
    )
    clock.forward(21 * HOUR)
    swept(sweeping.payments_sweep)
    done = Payment.objects.get()
    assert (done.state, done.provider_id) == ("succeeded", "p-2") and len(entries()) == 1
    double = AuditEntry.objects.get(action="payment.double")
    assert double.details["provider_id"] == first.id


def test_a_list_that_breaks_off_proves_nothing(payment, books, clock, monkeypatch):
    clock.at("2026-11-29T10:00:00")
    books.before = raises(OutcomeUnknown("no answer"))
    payment_send(payment)
    clock.forward(30 * HOUR)

    def broken(*_args):
        raise GatewayUnavailable("page 2")
        yield

    monkeypatch.setattr("tests.support.provider.MemoryGateway.payments_between", broken)
    swept(sweeping.payments_sweep)
    assert Payment.objects.get().state == "unknown"


# --- the provider's word ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": Decimal("1.00")}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"shop_id": "999999"}, "shop"),
        ({"metadata": {}}, "metadata"),
        ({"metadata": {"payment_id": str(uuid.uuid4()), "company": "pskov"}}, "metadata"),
    ],
)
def test_what_does_not_match_credits_nothing_and_is_shown(payment, books, changes, name):
    payment_send(payment)
    took(books, payment, **changes)
    for _ in range(2):
        done = payment_sync(payment.pk)
    assert (done.state, done.mismatch) == ("pending", name) and done.due_at
    assert entries() == notes() == []
    assert AuditEntry.objects.filter(action="payment.mismatch").count() == 1
    took(
        books,
        payment,
        amount=payment.amount,
        currency="RUB",
        shop_id=payment.shop_id,
        metadata={"payment_id": str(payment.payment_id), "company": "pskov"},
    )
    done = payment_sync(payment.pk)
    assert (done.state, done.mismatch) == ("succeeded", "") and len(entries()) == 1


def test_only_what_the_table_allows_follows(payment, books):
    payment_send(payment)
    words = {"pending": {}, "canceled": {}, "succeeded": {"paid_at": timezone.now()}}
    for state in Payment.State.values:
        for word, changes in words.items():
            LedgerEntry.objects.all().delete()
            Payment.objects.update(
                state=state, provider_id=next(iter(books.payments)), paid_at=timezone.now()
            )
            the_provider_says(books, payment, status=word, **changes)
            done = payment_sync(payment.pk)
            assert done.state == (word if word in ALLOWED[state] else state), (state, word)
            assert len(entries()) == (word == done.state == "succeeded" != state)


def test_a_provider_that_knows_nothing_of_it_changes_nothing(payment, books):
    payment_send(payment)
    kept, books.payments = books.payments, {}
    assert payment_sync(payment.pk).state == "pending"
    books.payments = kept
    took(books, payment)
    assert payment_sync(payment.pk).state == "succeeded"


def test_a_company_that_has_changed_its_shop_asks_nobody(payment, books, shop):
    payment_send(payment)
    took(books, payment)
    shop.shop_id = "200600"
    shop.save()
    assert payment_sync(payment.pk).state == "pending"
    assert payment_send(started(payment.account)).shop_id == "200600"


def test_a_saved_method_is_not_stored_with_the_answer(payment, books):
    payment_send(payment)
    raw = {"payment_method": {"id": "m-1", "saved": True, "title": "Bank card *4444"}}
    took(books, payment, raw=raw)
    assert payment_sync(payment.pk).provider_state == raw
    assert Payment.objects.get().provider_state == {
        "payment_method": {"saved": True, "title": "Bank card *4444"}
    }


def test_a_receipt_is_followed_to_its_end(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    payment_send(payment)
    took(books, payment, receipt_state="pending")
    assert payment_sync(payment.pk).due_at is not None
    the_provider_says(books, payment, receipt_state="canceled")
    clock.forward(HOUR)
    swept(sweeping.payments_sweep)
    clock.forward(HOUR)
    swept(sweeping.payments_sweep)
    done = Payment.objects.get()
    assert (done.state, done.receipt_state, done.due_at) == ("succeeded", "canceled", None)
    assert AuditEntry.objects.filter(action="payment.receipt_canceled").count() == 1


def test_a_pending_payment_is_polled_for_days_and_never_given_up(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    Payment.objects.update(created_at=timezone.now())
    payment_send(payment)
    polls = 0
    for _hour in range(24 * 20):
        clock.forward(HOUR)
        polls += swept(sweeping.payments_sweep)
    assert 24 + 6 * 12 + 13 * 4 - 10 < polls < 24 + 6 * 12 + 13 * 4 + 10
    took(books, payment)
    clock.forward(6 * HOUR)
    swept(sweeping.payments_sweep)
    assert Payment.objects.get().state == "succeeded"


def test_requests_and_addresses_are_wiped_and_notifications_deleted(payment, books, clock):
    clock.at("2026-11-29T10:00:00")
    payment_send(payment)
    took(books, payment)
    payment_sync(payment.pk)
    clock.forward(datetime.timedelta(days=90))
    sweeping.payments_forget()
    assert Payment.objects.get().body
    clock.forward(datetime.timedelta(days=5))
    sweeping.payments_forget()
    done = Payment.objects.get()
    assert (done.body, done.email, done.provider_state) == (None, None, {}) and done.body_hash
    took(books, payment, raw={"payment_method": {"card": {"last4": "4444"}}})
    again = payment_word_take(payment_pk=payment.pk, answer=books.payments[done.provider_id])
    assert (again.state, Payment.objects.get().provider_state) == ("succeeded", {})
