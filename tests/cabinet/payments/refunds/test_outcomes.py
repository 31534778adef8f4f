"""What becomes of a refund, whatever the provider and the worker do: it is made once or not at all."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from cabinet.payments.base import GatewayRefused, GatewayUnavailable, OutcomeUnknown
from cabinet.payments.lifecycle.plan import REPEAT_FOR
from cabinet.payments.models import Refund
from cabinet.payments.refunds.sums import refundable_of
from cabinet.payments.refunds.syncing import refund_poll, refund_send, refund_sync
from portal.connection import connection
from tests.support.factories import make_account
from tests.support.processes import forked
from tests.support.provider import paid, shop_open
from tests.support.provider import raises as fails
from tests.support.refunds import cashier, ledger_sum, start


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
