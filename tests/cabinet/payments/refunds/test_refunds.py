"""Refunds: never more than was paid, once whatever breaks, and to billing as the contract says."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.outgoing.models import ExportPending
from cabinet.payments.base import GatewayRefused, GatewayUnavailable, OutcomeUnknown
from cabinet.payments.lifecycle.plan import REPEAT_FOR
from cabinet.payments.models import LedgerEntry, Payment, Refund
from cabinet.payments.refunds.services import (
    RefundRefused,
    refund_approve,
    refund_decline,
    refund_start,
)
from cabinet.payments.refunds.sums import left_of, refundable_of
from cabinet.payments.refunds.syncing import refund_poll, refund_send, refund_sync
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, make_account
from tests.support.processes import forked
from tests.support.provider import paid, shop_open
from tests.support.threads import in_threads


def cashier(name):
    return staff_create(username=name, password=PASSWORD, groups=[roles.CASHIERS])


@pytest.fixture
def payment(pskov, account, books):
    shop_open()
    return paid(account)


@pytest.fixture
def anna(pskov):
    return cashier("anna")


def start(payment, actor, principal="100.00", penalty="0.00", commission="0.00", **fields):
    return refund_start(
        **{
            "payment": payment,
            "principal": Decimal(principal),
            "penalty": Decimal(penalty),
            "commission": Decimal(commission),
            "reason": "Ошибся счётом",
            "actor": actor,
            "form_key": uuid.uuid4(),
            **fields,
        }
    )


def ledger_sum():
    return sum(one.principal + one.penalty + one.commission for one in LedgerEntry.objects.all())


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


# --- four eyes ------------------------------------------------------------------------------------


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


# --- outcomes -------------------------------------------------------------------------------------


def fails(error):
    def fail():
        raise error

    return fail


def works():
    return None


def test_a_lost_answer_is_unknown_then_found_by_the_same_key(payment, anna, books):
    books.after = fails(OutcomeUnknown("timeout"))
    refund = refund_send(start(payment, anna))
    assert refund.state == "unknown" and ledger_sum() == Decimal("194.39")
    books.after = works
    assert refund_sync(refund.pk).state == "succeeded"
    assert len(set(books.calls)) == 1 and len(books.refunds) == 1
    assert ledger_sum() == Decimal("94.39")


def test_nobody_reached_is_tried_again_by_the_poller(payment, anna, books):
    books.before = fails(GatewayUnavailable("no route"))
    refund = refund_send(start(payment, anna))
    assert refund.state == "created"
    Refund.objects.update(due_at=timezone.now())
    assert not refund_poll(refund.pk)  # put off, and no attempt was used up
    refund.refresh_from_db()
    assert refund.attempts == 0 and refund.due_at > timezone.now()
    books.before = works
    Refund.objects.update(due_at=timezone.now())
    assert refund_poll(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, refund.due_at) == ("succeeded", None)


def test_a_refusal_at_first_ends_it_and_frees_its_sum(payment, anna, books):
    books.before = fails(GatewayRefused("amount"))
    refund = refund_send(start(payment, anna))
    assert (refund.state, refund.cancellation_reason) == ("failed", "amount")
    assert refundable_of(payment).total == Decimal("194.39")


def test_a_refusal_of_a_repeat_proves_nothing(payment, anna, books):
    books.after = fails(OutcomeUnknown("500"))
    refund = refund_send(start(payment, anna))
    books.before = fails(GatewayRefused("duplicate"))
    assert refund_sync(refund.pk).state == "unknown"
    Refund.objects.update(sent_at=timezone.now() - REPEAT_FOR - datetime.timedelta(minutes=1))
    assert refund_sync(refund.pk).state == "succeeded"  # the list has it


def test_after_a_day_the_list_decides_and_nothing_is_sent_anew(payment, anna, books):
    books.before = fails(OutcomeUnknown("timeout"))
    refund = refund_send(start(payment, anna))
    Refund.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=24))
    assert refund_sync(refund.pk).state == "unknown"
    Refund.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=26))
    assert refund_sync(refund.pk).state == "failed"
    assert len(books.calls) == 1 and refundable_of(payment).total == Decimal("194.39")


def test_canceled_later_without_any_event(payment, anna, books):
    books.status = "pending"
    refund = refund_send(start(payment, anna))
    assert refund.state == "pending" and ledger_sum() == Decimal("194.39")
    listed = books.refunds[refund.provider_id]
    books.refunds[refund.provider_id] = type(listed)(
        **{**vars(listed), "status": "canceled", "cancellation_reason": "insufficient_funds"}
    )
    done = refund_sync(refund.pk)
    assert (done.state, done.cancellation_reason) == ("canceled", "insufficient_funds")
    assert refundable_of(payment).total == Decimal("194.39")


def test_another_sum_than_ours_is_not_booked(payment, anna, books):
    books.after = fails(OutcomeUnknown("timeout"))
    refund = refund_send(start(payment, anna))
    books.after = works
    [made] = books.refunds.values()
    books.refunds[made.id] = type(made)(**{**vars(made), "amount": Decimal("1.00")})
    assert refund_sync(refund.pk).state == "unknown"
    assert ledger_sum() == Decimal("194.39")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_asking(own_db, books, moment):
    """A worker dies before or after the provider has taken the request: the refund is made once."""
    from tenants.models import GasCompany

    connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
    shop_open()
    payment = paid(make_account("900001"))
    refund = start(payment, cashier("anna"))

    def dies():
        import os
        import signal

        connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
        setattr(books, moment, lambda: os.kill(os.getpid(), signal.SIGKILL))
        refund_send(refund)

    import os

    os.waitpid(forked(dies), 0)
    connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
    refund.refresh_from_db()
    assert refund.state == "created" and refund.sent_at and refund.due_at
    Refund.objects.update(due_at=timezone.now())
    assert refund_poll(refund.pk)
    assert books.given_back() == Decimal("100.00") and ledger_sum() == Decimal("94.39")


# --- any sequence ---------------------------------------------------------------------------------

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
