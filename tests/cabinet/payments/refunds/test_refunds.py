"""Refunds: never more than was paid, a second cashier above the limit, any sequence."""

import uuid
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.outgoing.models import ExportPending
from cabinet.payments.base import GatewayRefused, GatewayUnavailable, OutcomeUnknown
from cabinet.payments.models import LedgerEntry, Payment, Refund
from cabinet.payments.refunds.services import (
    RefundRefused,
    refund_approve,
    refund_decline,
)
from cabinet.payments.refunds.sums import left_of, refundable_of
from cabinet.payments.refunds.syncing import refund_send, refund_sync
from portal.audit.models import AuditEntry
from portal.connection import connection
from tests.support.factories import make_account
from tests.support.provider import paid, shop_open
from tests.support.provider import raises as fails
from tests.support.refunds import cashier, ledger_sum, start
from tests.support.threads import in_threads


def works():
    return None


def test_part_by_part(payment, anna, books):
    first = refund_send(start(payment, anna, "94.32", "0.07"))
    assert first.state == "succeeded" and first.ended_at and first.due_at is None
    assert left_of([payment.pk])[payment.pk].credited == Decimal("100.00")
    with pytest.raises(RefundRefused) as refused:
        start(payment, anna, "100.01")
    assert refused.value.field == "principal" and "100,00" in str(refused.value)
    refund_send(start(payment, anna, "100.00"))
    assert ledger_sum() == 0 and books.given_back() == Decimal("194.39")
    assert refundable_of(payment).total == 0
    assert ExportPending.objects.filter(kind="payments", object_id=payment.pk).count() == 2
    assert AuditEntry.objects.filter(action="refund.succeeded", level="system").count() == 2


def test_the_form_sent_five_times_is_one_refund(payment, anna, books):
    key = uuid.uuid4()
    for _ in range(5):
        refund_send(start(payment, anna, form_key=key))
    assert Refund.objects.count() == 1 and books.given_back() == Decimal("100.00")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"principal": "-1"}, "рублях"),
        ({"principal": "0.001"}, "рублях"),
        ({"principal": "0.00"}, "сколько"),
        ({"reason": "  "}, "почему"),
        ({"commission": "1.00"}, "не больше"),  # that the bank has taken
    ],
)
def test_refused(payment, anna, fields, said):
    with pytest.raises(RefundRefused, match=said):
        start(payment, anna, **fields)
    assert not Refund.objects.exists()


def test_commission_of_the_portal_is_given_back_as_its_own_part(pskov, account, books, anna):
    shop_open()
    payment = paid(account, commission="15.00", collector="portal")
    refund_send(start(payment, anna, "194.32", "0.07", "15.00"))
    assert books.given_back() == Decimal("209.39") and ledger_sum() == 0


def test_not_of_another_shop_and_not_of_what_was_not_paid(payment, anna, account):
    shop_open("777")
    with pytest.raises(RefundRefused, match="другим магазином"):
        start(payment, anna)
    waiting = paid(account, state="pending")
    with pytest.raises(RefundRefused, match="оплаченный"):
        start(waiting, anna)


def test_above_the_limit_a_second_cashier_agrees(pskov, account, books, anna):
    shop_open(refund_limit=Decimal(100))
    refund = start(paid(account), anna, "100.01")
    assert refund.state == "waiting"
    assert refund_send(refund).state == "waiting" and not books.calls
    with pytest.raises(RefundRefused, match="другой кассир"):
        refund_approve(refund_pk=refund.pk, actor=anna)
    boris = cashier("boris")
    refund_approve(refund_pk=refund.pk, actor=boris)
    done = refund_send(refund)
    assert (done.state, done.approved_by) == ("succeeded", "boris")
    with pytest.raises(RefundRefused, match="уже не ждёт"):
        refund_approve(refund_pk=refund.pk, actor=boris)


def test_small_parts_do_not_get_round_the_limit(pskov, account, books, anna):
    shop_open(refund_limit=Decimal(100))
    payment = paid(account)
    assert refund_send(start(payment, anna, "60.00")).state == "succeeded"
    assert start(payment, anna, "40.01").state == "waiting"


def test_what_waits_holds_its_sum_until_it_is_declined(pskov, account, books, anna):
    shop_open(refund_limit=Decimal(0))
    payment = paid(account, penalty="0.00")
    refund = start(payment, anna, "194.32")
    with pytest.raises(RefundRefused, match="не больше"):
        start(payment, anna, "0.01")
    declined = refund_decline(refund_pk=refund.pk, actor=cashier("boris"))
    assert declined.state == "failed" and refundable_of(payment).total == Decimal("194.32")
    assert not books.calls


def entered(work):
    def run():
        from tenants.models import GasCompany

        connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
        work()

    return run


def test_two_agree_and_two_refund_at_once(own_db, books):
    """One approval of two wins; of two refunds that would be too much together one is refused."""
    from tenants.models import GasCompany

    connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
    shop_open(refund_limit=Decimal(100))
    payment = paid(make_account("900001"), "1000.00", "0.00")
    anna, boris, vera = cashier("anna"), cashier("boris"), cashier("vera")
    waiting = start(payment, anna, "500.00")
    errors = in_threads(
        *(
            entered(lambda who=who: refund_approve(refund_pk=waiting.pk, actor=who))
            for who in (boris, vera, anna)
        )
    )
    assert len(errors) == 2 and all(isinstance(one, RefundRefused) for one in errors)
    errors = in_threads(*(entered(lambda: start(payment, anna, "300.00")) for _ in range(2)))
    assert len(errors) == 1 and isinstance(errors[0], RefundRefused)
    errors = in_threads(*(entered(lambda: refund_send(waiting)) for _ in range(4)))
    assert not errors and books.given_back() == Decimal("500.00")
    assert left_of([payment.pk])[payment.pk].total == Decimal("500.00")


MONEY = st.decimals("0.00", "60.00", places=2)


ACTS = st.lists(
    st.tuples(
        MONEY,
        MONEY,
        MONEY,
        st.sampled_from(["fine", "lost", "hang", "away", "refused", "canceled", "pending"]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.usefixtures("db")
@given(acts=ACTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_more_than_was_paid(acts, pskov, account, books, anna):
    """Whatever is asked for and breaks, the ledger has what the provider has, and never less than nothing."""
    shop_open(refund_limit=Decimal(1_000_000))
    books.refunds.clear()
    payment = paid(account, "100.00", "50.00", commission="15.00", collector="portal")
    started = []
    for principal, penalty, commission, what in acts:
        books.before, books.after, books.status = works, works, "succeeded"
        if what == "lost":
            books.after = fails(OutcomeUnknown("lost"))
        elif what == "hang":
            books.before = fails(OutcomeUnknown("hang"))
        elif what == "away":
            books.before = fails(GatewayUnavailable("away"))
        elif what == "refused":
            books.before = fails(GatewayRefused("refused"))
        elif what != "fine":
            books.status = what
        try:
            started.append(start(payment, anna, principal, penalty, commission))
        except RefundRefused:
            continue
        refund_send(started[-1])
        assert refundable_of(payment).total >= 0
    books.before, books.after, books.status = works, works, "succeeded"
    for refund in started:
        refund_sync(refund.pk)
    left = left_of([payment.pk])[payment.pk]
    assert min(left.principal, left.penalty, left.commission) >= 0
    assert payment.amount - left.total == books.given_back()
    mine = Payment.objects.get(pk=payment.pk)
    assert LedgerEntry.objects.filter(payment=mine, refund=None).count() == 1


def test_two_companies_each_by_its_own_shop(payment, anna, books, novgorod):
    from django_tenants.utils import tenant_context

    with tenant_context(novgorod):
        shop_open("200500")
        other = paid(make_account("700001"), shop_id="200500")
        boris = cashier("boris")
        refund_send(start(other, boris, "10.00"))
    refund_send(start(payment, anna, "20.00"))
    from tests.support.provider import BOOKS

    assert BOOKS["200500"].given_back() == Decimal("10.00")
    assert books.given_back() == Decimal("20.00")
