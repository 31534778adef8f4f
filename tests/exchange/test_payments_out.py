"""Giving payments back: what is left after refunds, under the portal's own id, until it is acknowledged."""

import datetime
import uuid
from decimal import Decimal

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import account_balance
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cabinet.payments.refunds.services import refund_start
from cabinet.payments.refunds.syncing import refund_send
from portal.staff import roles
from portal.staff.services import staff_create
from tests.exchange.api import Billing, make_token
from tests.exchange.builder import COMPANY, charge, charges, payments
from tests.support.factories import PASSWORD
from tests.support.provider import books as books
from tests.support.provider import paid, shop_open


@pytest.fixture
def billing(pskov):
    return Billing(make_token(pskov))


@pytest.fixture
def payment(pskov, account, books):
    shop_open()
    payment = paid(account, commission="15.00", collector="portal")
    outgoing_note(Kind.PAYMENTS, [payment.pk])
    return payment


@pytest.fixture
def give_back(pskov, payment):
    anna = staff_create(username="anna", password=PASSWORD, groups=[roles.CASHIERS])

    def give(principal, penalty="0.00", commission="0.00"):
        sums = {"principal": principal, "penalty": penalty, "commission": commission}
        return refund_send(
            refund_start(
                payment=payment,
                reason="Ошибся счётом",
                actor=anna,
                form_key=uuid.uuid4(),
                **{name: Decimal(value) for name, value in sums.items()},
            )
        )

    return give


def test_a_payment_with_all_its_fields(billing, payment):
    (row,) = billing.rows("payments")
    assert datetime.datetime.fromisoformat(row.pop("paid_at")).utcoffset() == datetime.timedelta(
        hours=3
    )
    assert row == {
        "cursor": 1,
        "payment_id": str(payment.payment_id),
        "account_number": "805107",
        "principal": "194.32",
        "penalty": "0.07",
        "commission": "15.00",
        "method": "card",
        "provider_payment_id": payment.provider_id,
        "status": "succeeded",
    }


def test_given_again_until_acknowledged_and_a_refund_is_a_new_cursor(billing, payment, give_back):
    (first,) = billing.rows("payments")
    assert billing.rows("payments") == [first]
    assert billing.acknowledge(payments=1).json() == {"payments": 1}
    assert billing.rows("payments") == []
    give_back("94.32", "0.07")
    (second,) = billing.rows("payments")
    assert (second["cursor"], second["payment_id"]) == (2, first["payment_id"])
    assert (second["principal"], second["penalty"]) == ("100.00", "0.00")
    assert (second["commission"], second["status"]) == ("15.00", "partly_refunded")
    give_back("100.00", "0.00", "15.00")
    rows = billing.rows("payments")
    assert [one["cursor"] for one in rows] == [2, 3]  # given until it is acknowledged
    last = rows[-1]
    assert (last["principal"], last["penalty"], last["commission"]) == ("0.00", "0.00", "0.00")
    assert last["status"] == "refunded"


def test_refunded_before_anybody_asked_is_one_row(billing, payment, give_back):
    give_back("194.32", "0.07")
    (row,) = billing.rows("payments")
    assert (row["principal"], row["status"]) == ("0.00", "refunded")


def test_what_did_not_succeed_is_never_given(billing, account, payment):
    pending = paid(account, state="pending", paid_at=None)
    outgoing_note(Kind.PAYMENTS, [pending.pk])
    assert [one["payment_id"] for one in billing.rows("payments")] == [str(payment.payment_id)]


def test_the_bank_s_commission_is_not_ours(billing, account, books):
    shop_open()
    payment = paid(account, commission="15.00", collector="bank")
    outgoing_note(Kind.PAYMENTS, [payment.pk])
    (row,) = billing.rows("payments")
    assert (row["principal"], row["commission"]) == ("194.32", "0.00")


def test_a_refund_after_billing_has_included_the_payment(billing, load, books):
    """Paid, included, refunded, answered: the balance is right at each step, by real packages."""
    load(COMPANY | charges(charge("2026-10", "0.00", "194.32", "0.00", "0.00", "194.32")))
    account = PersonalAccount.objects.get(account_number="805107")
    shop_open()
    payment = paid(account, "194.32", "0.00")
    outgoing_note(Kind.PAYMENTS, [payment.pk])
    assert account_balance(account).total == 0
    (row,) = billing.rows("payments")
    billing.acknowledge(payments=row["cursor"])
    paid_row = f"{row['payment_id']};805107;2026-11-03;194.32;;Портал"
    load(
        charges(charge("2026-11", "194.32", "0.00", "0.00", "194.32", "0.00")) | payments(paid_row)
    )
    assert account_balance(account).total == 0
    anna = staff_create(username="anna", password=PASSWORD, groups=[roles.CASHIERS])
    refund_send(
        refund_start(
            payment=payment,
            principal=Decimal("94.32"),
            penalty=Decimal(0),
            commission=Decimal(0),
            reason="Ошибся счётом",
            actor=anna,
            form_key=uuid.uuid4(),
        )
    )
    assert account_balance(account).total == Decimal("94.32")
    (refunded,) = billing.rows("payments")
    assert (refunded["payment_id"], refunded["principal"]) == (row["payment_id"], "100.00")
    load(
        charges(charge("2026-11", "194.32", "0.00", "0.00", "100.00", "94.32"))
        | payments(paid_row.replace("194.32", "100.00"))
    )
    assert account_balance(account).total == Decimal("94.32")
