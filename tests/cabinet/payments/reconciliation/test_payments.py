"""Every night: payments beside the provider's list, each company by itself."""

import datetime
import uuid
from decimal import Decimal

from django.utils import timezone
from django_tenants.utils import tenant_context

from cabinet.payments.base import GatewayUnavailable
from cabinet.payments.models import Difference, Payment, Reconciliation, Refund
from cabinet.payments.reconciliation.services import (
    difference_close,
    reconciliation_run,
    reconciliations_begin,
)
from tests.support.billed import billed
from tests.support.factories import make_account
from tests.support.provider import BOOKS, MemoryGateway, listed, paid, shop_open


def test_all_matches(night, account, at, yesterday):
    billed(paid(account, at=at))
    paid(account, "10.00", "0.00", at=at + datetime.timedelta(hours=1))
    paid(account, "99.00", at=at - datetime.timedelta(days=2))
    assert night() == []
    run = Reconciliation.objects.get(day=yesterday)
    assert (run.matched, run.matched_sum, run.found) == (2, Decimal("204.39"), 0)
    assert run.done_at and run.due_at is None


def test_money_without_a_row_of_ours(night, account, at, books):
    """A lost row: the provider has our metadata. What the shop sells elsewhere is told apart."""
    lost = listed(
        paid(account, at=at),
        id="lost",
        metadata={"payment_id": str(uuid.uuid4()), "company": "pskov"},
    )
    listed(paid(account, at=at), id="foreign", metadata={})
    listed(paid(account, at=at), id="of-novgorod", metadata={"company": "novgorod"})
    listed(paid(account, at=at), id="never-paid", status="canceled", metadata={})
    assert night() == ["not_here", "not_here"]
    found = Difference.objects.get(provider_id="lost")
    assert (found.ours, found.theirs, found.facts["is_ours"]) == (None, lost.amount, True)
    assert not Difference.objects.get(provider_id="foreign").facts["is_ours"]


def test_missing_there_other_sum_other_state(night, account, at, books):
    del books.payments[paid(account, at=at).provider_id]
    listed(paid(account, at=at), amount=Decimal("1.00"))
    listed(paid(account, at=at), status="canceled")
    assert night() == ["not_there", "other_state", "other_sum"]
    other = Difference.objects.get(kind="other_sum")
    assert (other.ours, other.theirs) == (Decimal("194.39"), Decimal("1.00"))


def test_captured_days_after_it_was_created(night, account, at, books):
    """The list goes by creation: a payment of last week that was captured yesterday is asked for."""
    payment = paid(account, at=at)
    week = at - datetime.timedelta(days=8)
    Payment.objects.filter(pk=payment.pk).update(created_at=week)
    listed(payment, created_at=week)
    assert night() == []
    del books.payments[payment.provider_id]
    assert night() == ["not_there"]


def test_what_is_open_here_is_asked_about(night, account, at, books, monkeypatch):
    asked = []

    def sync(pk):
        asked.append(pk)
        return Payment.objects.get(pk=pk)

    monkeypatch.setattr("cabinet.payments.reconciliation.provider.payment_sync", sync)
    waiting = paid(account, at=at, state="pending", paid_at=None)
    unsent = paid(account, at=at, state="unknown", paid_at=None, provider_id=None)
    assert "other_state" in night()
    assert asked == [waiting.pk, unsent.pk]


def test_found_again_is_the_same_row_and_closes_by_itself(night, account, at, books, yesterday):
    payment = paid(account, at=at)
    kept = books.payments.pop(payment.provider_id)
    assert night() == ["not_there"] == night()
    [one] = Difference.objects.all()
    books.payments[kept.id] = kept
    # Another night, whose list does not reach so far back, looks after what is open.
    assert night(yesterday - datetime.timedelta(days=30)) == []
    one.refresh_from_db()
    assert one.closed_at and not one.closed_by
    del books.payments[kept.id]
    assert night() == ["not_there"] and Difference.objects.count() == 1


def test_what_a_cashier_has_closed_stays_closed_until_it_changes(night, account, at, cashier):
    payment = paid(account, at=at)
    listed(payment, amount=Decimal("1.00"))
    night()
    [one] = Difference.objects.all()
    difference_close(difference_pk=one.pk, note=" Выяснили в банке ", actor=cashier)
    assert night() == []
    one.refresh_from_db()
    assert (one.closed_by, one.note) == ("anna", "Выяснили в банке")
    listed(payment, amount=Decimal("2.00"))
    assert night() == ["other_sum"]


def test_a_provider_that_does_not_answer_closes_nothing(night, account, at, books, monkeypatch):
    del books.payments[paid(account, at=at).provider_id]
    night()
    run = Reconciliation.objects.get()

    def away(*_):
        raise GatewayUnavailable("503")

    monkeypatch.setattr(MemoryGateway, "payments_between", away)
    Reconciliation.objects.update(due_at=timezone.now(), attempts=0)
    assert not reconciliation_run(run.pk)
    run.refresh_from_db()
    assert (run.error, run.attempts) == ("503", 1) and run.due_at > timezone.now()
    assert Difference.objects.filter(closed_at=None).count() == 1


def test_each_night_by_the_company_s_time_and_missed_ones(account, clock):
    assert reconciliations_begin() == 0  # no payments, no reconciliation
    paid(account)
    clock.at("2026-12-11T02:30:00")
    assert reconciliations_begin() == 0
    clock.at("2026-12-11T03:30:00")
    assert reconciliations_begin() == 1 and reconciliations_begin() == 0
    clock.at("2026-12-30T04:00:00")
    assert reconciliations_begin() == 7
    days = list(Reconciliation.objects.order_by("day").values_list("day", flat=True))
    assert days[0] == datetime.date(2026, 12, 10) and days[-1] == datetime.date(2026, 12, 29)


def test_two_companies(night, account, at, novgorod, books):
    with tenant_context(novgorod):
        shop_open("200500")
        other = paid(make_account("700001"), at=at, shop_id="200500")
        BOOKS["200500"].payments.clear()
        run = Reconciliation.objects.create(day=timezone.localdate())
        assert reconciliation_run(run.pk)
        assert Difference.objects.get().payment == other
    paid(account, at=at)
    assert night() == [] and not Refund.objects.exists()


def test_the_number_of_queries_does_not_grow(night, account, at, django_assert_max_num_queries):
    for _ in range(3):
        billed(paid(account, at=at))
    with django_assert_max_num_queries(45):
        night()
    for _ in range(20):
        billed(paid(account, at=at))
    with django_assert_max_num_queries(45):
        night()
