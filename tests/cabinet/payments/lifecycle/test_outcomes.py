"""What becomes of a payment: unknown outcomes, the provider's word, polls, and what is wiped."""

import dataclasses
import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from cabinet.payments.base import (
    GatewayRefused,
    GatewayUnavailable,
    OutcomeUnknown,
)
from cabinet.payments.lifecycle import sweeping
from cabinet.payments.lifecycle.plan import next_poll
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.lifecycle.transitions import ALLOWED, payment_word_take
from cabinet.payments.models import LedgerEntry, Payment
from portal.audit.models import AuditEntry
from tests.support.jobs import swept
from tests.support.paying import started
from tests.support.payments import entries, notes
from tests.support.provider import raises, the_provider_says, took

HOUR = datetime.timedelta(hours=1)


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
    payment_send(payment)
    for _day in range(20):
        clock.forward(24 * HOUR)
        assert swept(sweeping.payments_sweep) == 1 and Payment.objects.get().state == "pending"
    took(books, payment)
    clock.forward(6 * HOUR)
    swept(sweeping.payments_sweep)
    assert Payment.objects.get().state == "succeeded"


def test_polls_are_soon_at_first_then_ever_more_seldom():
    sent_at = now = datetime.datetime(2026, 11, 29, tzinfo=datetime.UTC)
    payment, pauses = Payment(sent_at=sent_at), []
    while now < sent_at + datetime.timedelta(days=20):
        pauses.append(next_poll(payment, now) - now)
        now += pauses[-1]
    assert (pauses[0], pauses[-1]) == (HOUR / 60, 6 * HOUR) and pauses == sorted(pauses)
    assert len(pauses) < 250


def test_requests_and_addresses_are_wiped_after_a_year(payment, books, clock, settings):
    clock.at("2026-11-29T10:00:00")
    payment_send(payment)
    took(books, payment)
    payment_sync(payment.pk)
    clock.forward(datetime.timedelta(days=settings.PAYMENT_BODY_DAYS - 1))
    sweeping.payments_forget()
    assert Payment.objects.get().body
    clock.forward(datetime.timedelta(days=2))
    sweeping.payments_forget()
    done = Payment.objects.get()
    assert (done.body, done.email, done.provider_state) == (None, None, {}) and done.body_hash
    took(books, payment, raw={"payment_method": {"card": {"last4": "4444"}}})
    again = payment_word_take(payment_pk=payment.pk, answer=books.payments[done.provider_id])
    assert (again.state, Payment.objects.get().provider_state) == ("succeeded", {})
