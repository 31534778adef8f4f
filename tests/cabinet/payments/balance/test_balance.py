"""What the portal has taken and billing has not included: of one account, of many, over random histories."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment, Charge
from cabinet.billing.selectors import account_balance, payments_not_yet_included
from cabinet.bills.selectors import bill_documents
from cabinet.payments.models import LedgerEntry, Payment, Refund
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_charge
from tests.support.payments import make_paid, make_payment, make_refunded

NOVEMBER = datetime.date(2026, 11, 1)


def include(
    payment: Payment, amount: str | Decimal, account: PersonalAccount | None = None
) -> None:
    """Billing gives the payment back under the portal's id."""
    BillingPayment.objects.update_or_create(
        payment_id=str(payment.payment_id),
        defaults={
            "account": account or payment.account,
            "paid_on": "2026-11-03",
            "amount": amount,
            "source": "Личный кабинет",
        },
    )


def waiting(*accounts: PersonalAccount) -> dict[int, list[tuple[str, str]]]:
    found = payments_not_yet_included([one.pk for one in accounts])
    return {
        account: [(str(one.principal), str(one.penalty)) for one in payments]
        for account, payments in found.items()
    }


def test_from_the_payment_to_a_refund_that_billing_has_answered(account: PersonalAccount) -> None:
    make_charge(account, NOVEMBER, opening="194.32")
    make_charge(account, NOVEMBER, kind="penalty", opening="0.07")
    payment = make_paid(account, "194.32", "0.07")
    assert waiting(account) == {account.pk: [("194.32", "0.07")]}
    assert account_balance(account).total == 0
    Charge.objects.filter(account=account, kind="principal").update(
        paid="194.32", closing_balance="0.00"
    )
    Charge.objects.filter(account=account, kind="penalty").update(
        paid="0.07", closing_balance="0.00"
    )
    include(payment, "194.39")
    assert waiting(account) == {} and account_balance(account).total == 0
    # Billing's charges still count all of it.
    make_refunded(payment, "94.32")
    balance = account_balance(account)
    assert waiting(account) == {account.pk: [("-94.32", "0.00")]}
    assert (balance.principal, balance.penalty) == (Decimal("94.32"), Decimal("0.00"))
    include(payment, "100.07")
    assert waiting(account) == {}


@pytest.mark.parametrize(
    ("refunds", "billed", "parts"),
    [
        ((), "0.00", ("90.00", "10.00")),
        ((("90.00", "10.00"),), None, None),
        ((("30.00", "0.00"),), None, ("60.00", "10.00")),
        ((("30.00", "0.00"),), "100.00", ("-30.00", "0.00")),
        ((("0.00", "10.00"),), "100.00", ("0.00", "-10.00")),
        # Billing knows a part: as what is left, 90 to 10.
        ((), "60.00", ("36.00", "4.00")),
        ((("90.00", "10.00"),), "50.00", ("-45.00", "-5.00")),
        # Halves of a kopeck do not get lost.
        ((), "99.95", ("0.04", "0.01")),
    ],
)
def test_what_is_principal_and_what_penalty(
    account: PersonalAccount, refunds: Any, billed: str | None, parts: tuple[str, str] | None
) -> None:
    payment = make_paid(account, "90.00", "10.00")
    for principal, penalty in refunds:
        make_refunded(payment, principal, penalty)
    if billed is not None:
        include(payment, billed)
    assert waiting(account) == ({account.pk: [parts]} if parts else {})


def test_billing_has_put_it_on_another_account(account: PersonalAccount) -> None:
    other = make_account("7")
    payment = make_paid(account, "90.00")
    include(payment, "90.00", other)
    assert waiting(account, other) == {}
    make_refunded(payment, "40.00")
    assert waiting(account) == {}
    assert waiting(other) == waiting(account, other) == {other.pk: [("-40.00", "0.00")]}


def test_only_money_that_was_taken_of_these_accounts_and_this_company(
    account: PersonalAccount, novgorod: GasCompany
) -> None:
    """Rows that are not UUIDs are nobody's; another company may give a payment the same number."""
    for state in ("created", "pending", "unknown", "canceled", "failed"):
        make_payment(account, state, principal="5.00")
    for number, name in enumerate(
        ("b-805107-1", "5e0b3f6e", "", "5E0B3F6E-0000-4000-8000-00000000000g")
    ):
        BillingPayment.objects.create(
            payment_id=f"{name}{number}", account=account, paid_on=NOVEMBER, amount=1, source="Банк"
        )
    make_paid(make_account("7"), "3.00")
    assert waiting(account) == {} and payments_not_yet_included([]) == {}
    payment = make_paid(account, "8.00")
    with in_company(novgorod):
        theirs = make_account("510080")
        include(payment, "8.00", theirs)
        assert waiting(theirs) == {}
    assert waiting(account) == {account.pk: [("8.00", "0.00")]}


def test_one_query_for_many(
    account: PersonalAccount, django_assert_num_queries: Callable[..., Any]
) -> None:
    accounts = [account, *(make_account(str(number)) for number in range(100, 120))]
    for one in accounts:
        make_charge(one, NOVEMBER, opening="100.00")
        make_paid(one, "10.00")
        make_paid(one, "5.00", "1.00")
    with django_assert_num_queries(1):
        found = payments_not_yet_included([one.pk for one in accounts])
    assert {sum(one.amount for one in payments) for payments in found.values()} == {16}
    assert [one.left for one in bill_documents(accounts, NOVEMBER)] == [Decimal("84.00")] * 21


def test_the_newest_bill_asks_for_what_is_left_and_an_older_one_for_nothing(
    account: PersonalAccount,
) -> None:
    make_charge(account, datetime.date(2026, 10, 1), opening="50.00", accrued="50.00")
    make_charge(account, NOVEMBER, opening="100.00")
    make_paid(account, "60.00")
    (newest,) = bill_documents([account], NOVEMBER)
    (older,) = bill_documents([account], datetime.date(2026, 10, 1))
    assert (newest.left, older.payments_since) == (Decimal("40.00"), ())
    assert newest.payments_since[0].source == "Личный кабинет"


@pytest.mark.parametrize("has_november", [True, False])
def test_the_bill_and_the_balance_agree_on_what_billing_gives_back(
    account: PersonalAccount, data_as_of: Callable[[str], None], *, has_november: bool
) -> None:
    """With rows of the month, and where billing has counted the payment in the month before."""
    paid = "0.00" if has_november else "60.00"
    make_charge(account, datetime.date(2026, 10, 1), accrued="100.00", paid=paid)
    if has_november:
        make_charge(account, NOVEMBER, opening="100.00", paid="60.00")
    data_as_of("2026-11-20T06:00:00+03:00")
    include(make_paid(account, "60.00"), "60.00")
    make_paid(account, "7.00")
    (bill,) = bill_documents([account], NOVEMBER)
    assert bill.asked == account_balance(account).total == Decimal("33.00")


kopecks = st.integers(1, 10**6)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), kopecks, st.integers(0, 10**4)),
        st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 100)),
        st.tuples(st.just("package"), st.integers(0, 10**6), st.sets(st.integers(0, 9))),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_random_histories(account: PersonalAccount, history: list[Any]) -> None:
    """Closing of billing's charges less what it has not included, after each step; never a kopeck besides.

    Billing's own books: what it has of each payment is in the closing of the same package.
    """
    LedgerEntry.objects.all().delete()
    for model in (Refund, Payment, BillingPayment, Charge):
        model.objects.all().delete()
    payments: list[Payment] = []
    left: dict[int, list[Decimal]] = {}
    billed: dict[int, Decimal] = {}
    accrued = Decimal(0)
    for what, number, more in history:
        if what == "pay":
            sums = Decimal(number).scaleb(-2), Decimal(more).scaleb(-2)
            payments.append(make_paid(account, *sums))
            left[payments[-1].pk] = list(sums)
        elif what == "refund" and payments:
            payment = payments[number % len(payments)]
            part = [(sum_ * more / 100).quantize(Decimal("0.01")) for sum_ in left[payment.pk]]
            if any(part):
                make_refunded(payment, *part)
                left[payment.pk] = [a - b for a, b in zip(left[payment.pk], part, strict=True)]
        elif what == "package":
            accrued += Decimal(number).scaleb(-2)
            for index in more:
                if index < len(payments):
                    payment = payments[index]
                    billed[payment.pk] = sum(left[payment.pk], Decimal(0))
                    include(payment, billed[payment.pk])
            Charge.objects.all().delete()
            make_charge(account, NOVEMBER, accrued=str(accrued), paid=str(sum(billed.values())))
        kept = sum((sum(parts, Decimal(0)) for parts in left.values()), Decimal(0))
        balance = account_balance(account)
        assert balance.total == accrued - kept
        assert balance.total_paid_since == kept - sum(billed.values(), Decimal(0))
        # Nobody's principal is hidden in penalty: without a row of billing they are as paid.
        if not billed:
            assert balance.penalty == -sum((parts[1] for parts in left.values()), Decimal(0))
