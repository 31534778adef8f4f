"""The reconciliation and refunds by the real gateway: what the stand-in of YooKassa lists."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import Difference, LedgerEntry, Payment, Reconciliation
from cabinet.payments.reconciliation.services import reconciliation_again, reconciliation_run
from cabinet.payments.refunds.adopting import refund_adopt
from cabinet.payments.refunds.services import refund_start
from cabinet.payments.refunds.sums import left_of
from cabinet.payments.refunds.syncing import refund_send
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD
from tests.support.paying import requisites_set, started


@pytest.fixture
def cashier(pskov):
    return staff_create(username="anna", password=PASSWORD, groups=[roles.CASHIERS])


@pytest.fixture
def pay(pskov, account, payment_sandbox, shop_set_up):
    shop_set_up("pskov")
    requisites_set()

    def pay(principal="194.32"):
        sent = payment_send(started(account, principal, form_key=uuid.uuid4()))
        payment_sandbox.pay(str(sent.provider_id))
        return payment_sync(sent.pk)

    return pay


@pytest.fixture
def today_is_reconciled(cashier):
    def run():
        run = reconciliation_again(day=timezone.localdate(), actor=cashier)
        assert reconciliation_run(run.pk), Reconciliation.objects.get().error
        return sorted(Difference.objects.filter(closed_at=None).values_list("kind", flat=True))

    return run


def refund(payment, cashier, principal):
    return refund_send(
        refund_start(
            payment=payment,
            principal=Decimal(principal),
            penalty=Decimal(0),
            commission=Decimal(0),
            reason="Ошибся счётом",
            actor=cashier,
            form_key=uuid.uuid4(),
        )
    )


def test_lost_rows_and_refunds_past_the_portal(pay, today_is_reconciled, cashier, payment_sandbox):
    kept, lost = pay(), pay("50.00")
    assert refund(kept, cashier, "94.32").state == "succeeded"
    assert today_is_reconciled() == []
    LedgerEntry.objects.filter(payment=lost).delete()
    Payment.objects.filter(pk=lost.pk).delete()
    assert today_is_reconciled() == ["not_here"]
    found = Difference.objects.get()
    assert found.facts["is_ours"] and found.facts["payment_id"] == str(lost.payment_id)
    assert found.theirs == lost.amount
    other = refund(kept, cashier, "1.00")
    LedgerEntry.objects.filter(refund=other).delete()
    other.delete()
    assert today_is_reconciled() == ["not_here", "not_here"]
    adopted = refund_adopt(provider_id=other.provider_id, actor=cashier)
    assert adopted.state == "succeeded" and today_is_reconciled() == ["not_here"]
    assert kept.amount - left_of([kept.pk])[kept.pk].total == payment_sandbox.returned("pskov")


def test_an_answer_that_was_lost_a_day_ago(pay, today_is_reconciled, cashier, payment_sandbox):
    """The provider has forgotten the key: the list says, and nothing is given back twice."""
    payment = pay()
    done = refund(payment, cashier, "10.00")
    LedgerEntry.objects.filter(refund=done).delete()
    type(done).objects.update(
        state="unknown",
        provider_id=None,
        ended_at=None,
        sent_at=timezone.now() - datetime.timedelta(hours=24),
    )
    assert today_is_reconciled() == []
    done.refresh_from_db()
    assert done.state == "succeeded"
    assert payment_sandbox.returned("pskov") == Decimal("10.00")
