"""Every night: our ledger, the provider's list and billing's payments, each company by itself."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from cabinet.billing.models import BillingPayment
from cabinet.payments.base import GatewayUnavailable, ProviderRefund
from cabinet.payments.models import Difference, Payment, Reconciliation, Refund
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.reconciliation.services import (
    difference_close,
    reconciliation_again,
    reconciliation_run,
    reconciliations_begin,
)
from cabinet.payments.refunds.adopting import refund_adopt
from cabinet.payments.refunds.services import RefundRefused, refund_start
from cabinet.payments.refunds.sums import left_of
from cabinet.payments.refunds.syncing import refund_send
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, make_account
from tests.support.provider import BOOKS, MemoryGateway, listed, paid, shop_open


@pytest.fixture
def cashier(pskov):
    return staff_create(username="anna", password=PASSWORD, groups=[roles.CASHIERS])


@pytest.fixture(autouse=True)
def _shop(pskov, books):
    shop_open()


@pytest.fixture
def yesterday():
    return timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def at(yesterday):
    return day_of(yesterday)[0] + datetime.timedelta(hours=12)


@pytest.fixture
def night(cashier, yesterday):
    """Run the reconciliation of yesterday and return what is open, by kind."""

    def night(day=None):
        run = reconciliation_again(day=day or yesterday, actor=cashier)
        assert reconciliation_run(run.pk)
        return sorted(Difference.objects.filter(closed_at=None).values_list("kind", flat=True))

    return night


def billed(payment, amount=None, **fields):
    return BillingPayment.objects.create(
        **{
            "payment_id": str(payment.payment_id),
            "account": payment.account,
            "paid_on": payment.paid_at.date(),
            "amount": payment.credited if amount is None else Decimal(amount),
            "source": "Портал",
            **fields,
        }
    )


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


# --- refunds --------------------------------------------------------------------------------------


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


# --- billing --------------------------------------------------------------------------------------


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


def age(payment, days):
    moment = timezone.now() - datetime.timedelta(days=days)
    payment.entries.update(created_at=moment)


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


# --- when -----------------------------------------------------------------------------------------


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
