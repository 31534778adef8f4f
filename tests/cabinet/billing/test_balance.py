"""What an account owes: the newest month of each service, kind and bill, less what is not yet in it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.models import Charge
from cabinet.billing.selectors import (
    NotYetIncluded,
    account_balance,
    account_bills,
    account_months,
    account_periods,
    balance_block,
    balance_part_register,
)
from cabinet.billing.selectors import balance as balances
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_charge, new_charge

APRIL, MAY = datetime.date(2024, 4, 1), datetime.date(2024, 5, 1)


@pytest.fixture
def figure_28(account: PersonalAccount) -> PersonalAccount:
    for month in (datetime.date(2023, 12, 1), *(datetime.date(2024, m, 1) for m in (1, 2, 3))):
        make_charge(account, month, opening="-2.60")
    make_charge(account, APRIL, opening="-2.60", accrued="7.39", volume=Decimal(1))
    make_charge(account, MAY, opening="4.79", paid="1.00", volume=Decimal(0))
    return account


def test_figure_28(figure_28: PersonalAccount) -> None:
    months = account_months(figure_28, since=datetime.date(2023, 12, 1), until=MAY)
    shown = [
        (
            str(month.period)[:7],
            *map(str, (s.opening_balance, s.accrued, s.paid, s.closing_balance)),
        )
        for month in months.months
        for s in [month.sums]
    ]
    assert shown[:3] == [
        ("2024-05", "4.79", "0.00", "1.00", "3.79"),
        ("2024-04", "-2.60", "7.39", "0.00", "4.79"),
        ("2024-03", "-2.60", "0.00", "0.00", "-2.60"),
    ]
    assert len(shown) == 6
    totals = months.totals
    assert (totals.opening_balance, totals.closing_balance) == (Decimal("-2.60"), Decimal("3.79"))
    assert (totals.accrued, totals.paid, totals.actually_accrued) == (
        Decimal("7.39"),
        Decimal("1.00"),
        Decimal("7.39"),
    )
    assert months.months[1].volumes == {"м³": Decimal(1)}
    assert account_balance(figure_28).to_pay == Decimal("3.79")


def test_figure_30(figure_28: PersonalAccount) -> None:
    """A bill's month is the one in which it was issued; its sum is that month's opening balance."""
    bills = account_bills(figure_28)[1:]  # that of June shows what May closed with
    assert [(bill.month.month, str(bill.total), str(bill.penalty)) for bill in bills] == [
        (5, "4.79", "0.00"),
        (4, "-2.60", "0.00"),
        (3, "-2.60", "0.00"),
        (2, "-2.60", "0.00"),
        (1, "-2.60", "0.00"),
        (12, "-2.60", "0.00"),
    ]
    assert {bill.bill_kind for bill in bills} == {"общая"}
    assert not any(bill.is_newest for bill in bills)


def test_the_newest_month_of_each_service_kind_and_bill(account: PersonalAccount) -> None:
    """A service that ended in debt, its penalty, another bill, a stranger's debt."""
    make_charge(account, APRIL, opening="10.00", accrued="5.00")
    make_charge(account, MAY, opening="15.00", accrued="6.00", recalculated="-1.00", paid="15.00")
    make_charge(account, MAY, kind="penalty", accrued="0.40")
    make_charge(account, APRIL, service="old", opening="100.00")
    make_charge(account, MAY, bill_kind="ТО", service="upkeep", accrued="43.50", paid="50.00")
    make_charge(make_account("7"), MAY, opening="999.00")
    balance = account_balance(account)
    assert (balance.principal, balance.penalty, balance.total) == (
        Decimal("98.50"),
        Decimal("0.40"),
        Decimal("98.90"),
    )
    assert balance.period == MAY
    assert {(s.service_code, s.bill_kind, s.total) for s in balance.services} == {
        ("heat", "общая", Decimal("5.40")),
        ("old", "общая", Decimal("100.00")),
        ("upkeep", "ТО", Decimal("-6.50")),
    }
    block = balance_block(balance)
    assert block is not None
    assert (block.debt, block.accrued, block.recalculated, block.penalty, block.paid) == (
        Decimal("115.00"),
        Decimal("49.50"),
        Decimal("-1.00"),
        Decimal("0.40"),
        Decimal("65.00"),
    )


def test_no_charges_at_all(account: PersonalAccount) -> None:
    balance = account_balance(account)
    assert (balance.total, balance.to_pay, balance.period, balance.as_of) == (0, 0, None, None)
    assert balance_block(balance) is None
    assert account_months(account).months == []
    assert account_months(account).totals.closing_balance == 0
    assert account_periods(account) == []


def test_an_overpayment_is_nothing_to_pay(account: PersonalAccount) -> None:
    make_charge(account, MAY, opening="-2.60")
    balance = account_balance(account)
    assert (balance.to_pay, balance.overpaid) == (Decimal("0.00"), Decimal("2.60"))


@pytest.fixture
def portal_payments(
    account: PersonalAccount, monkeypatch: pytest.MonkeyPatch
) -> list[NotYetIncluded]:
    found: list[NotYetIncluded] = []
    monkeypatch.setattr(balances, "PAYMENT_READERS", [])
    balance_part_register(lambda _: {account.pk: list(found)})
    return found


def test_less_what_billing_has_not_included(
    account: PersonalAccount, portal_payments: list[NotYetIncluded]
) -> None:
    make_charge(account, MAY, opening="194.32")
    make_charge(account, MAY, kind="penalty", opening="0.07")
    portal_payments += [
        NotYetIncluded(MAY, Decimal("194.32"), Decimal("0.07")),
        NotYetIncluded(APRIL, Decimal("1.00"), Decimal("0.00")),
    ]
    balance = account_balance(account)
    assert [payment.paid_on for payment in balance.paid_since] == [APRIL, MAY]
    assert (balance.principal, balance.penalty) == (Decimal("-1.00"), Decimal("0.00"))
    block = balance_block(balance)
    assert block is not None and block.paid_since == Decimal("195.39")


money = st.integers(-(10**7), 10**7).map(lambda kopecks: Decimal(kopecks).scaleb(-2))
row = st.tuples(
    st.integers(1, 12),  # the month
    st.sampled_from(["heat", "cook"]),
    st.sampled_from(["principal", "penalty"]),
    st.sampled_from(["общая", "ТО"]),
    st.lists(money, min_size=7, max_size=7),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(row, max_size=30, unique_by=lambda one: one[:4]), st.integers(1, 12))
def test_all_views_of_the_same_charges_agree(
    account: PersonalAccount, rows: list[Any], since: int
) -> None:
    Charge.objects.filter(account=account).delete()
    names = [
        "opening",
        "accrued",
        "recalculated",
        "quality_deduction",
        "corrected",
        "written_off",
        "paid",
    ]
    newest: dict[tuple[str, ...], tuple[int, Decimal]] = {}
    charges = []
    for month, service, kind, bill_kind, sums in rows:
        charge = new_charge(
            account,
            datetime.date(2026, month, 1),
            service=service,
            kind=kind,
            bill_kind=bill_kind,
            **{name: str(value) for name, value in zip(names, sums, strict=True)},
        )
        charges.append(charge)
        line = (service, kind, bill_kind)
        newest[line] = max(newest.get(line, (0, Decimal(0))), (month, charge.closing_balance))
    Charge.objects.bulk_create(charges)
    balance = account_balance(account)
    assert balance.total == sum((closing for _, closing in newest.values()), Decimal(0))
    assert sum((service.total for service in balance.services), Decimal(0)) == balance.total
    block = balance_block(balance)
    assert (block is None) == (not rows)
    if block:
        assert balance.total == (
            block.debt
            + block.accrued
            + block.recalculated
            + block.penalty
            + block.other
            - block.paid
            - block.paid_since
        )
    for months in (
        account_months(account),
        account_months(account, since=datetime.date(2026, since, 17)),
    ):
        assert all(month.sums.adds_up and month.penalty.adds_up for month in months.months)
        if months.months:
            assert months.months[0].sums.closing_balance == balance.total
            assert months.months[0].penalty.closing_balance == balance.penalty
    assert [month.period for month in account_months(account).months] == account_periods(account)


@pytest.mark.parametrize("count", [1, 36])
def test_queries_do_not_grow_with_months(
    count: int, account: PersonalAccount, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        month = datetime.date(2023 + number // 12, number % 12 + 1, 1)
        for kind in ("principal", "penalty"):
            make_charge(account, month, kind=kind, accrued="1.00")
    with django_assert_num_queries(3):
        balance_block(account_balance(account))
    with django_assert_num_queries(2):
        _ = account_months(account, since=datetime.date(2023, 1, 1)).totals
    with django_assert_num_queries(2):
        account_bills(account)


def test_the_newest_months_are_read_in_the_order_of_the_index(account: PersonalAccount) -> None:
    make_charge(account, MAY)
    queryset = (
        Charge.objects.filter(account=account)
        .order_by("-service_code", "-kind", "-bill_kind", "-period")
        .distinct("service_code", "kind", "bill_kind")
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = queryset.explain()
    assert "Index Scan Backward" in plan and "charge_once" in plan
    assert "Sort" not in plan


# --- one state of the database ------------------------------------------------------------------


def test_a_snapshot_sees_nothing_of_what_comes_later(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        account = make_account()
        make_charge(account, MAY, opening="1.00")
        with billing_snapshot():
            assert account_balance(account).total == 1
            _in_another_connection(
                "UPDATE billing_charge SET opening_balance = 2, closing_balance = 2"
            )
            assert account_balance(account).total == 1
        assert account_balance(account).total == 2
        with pytest.raises(InternalError, match="read-only"), billing_snapshot():
            make_charge(account, APRIL)
        make_charge(account, APRIL)  # and the next transaction is as it always was


def _in_another_connection(statement: str) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SET search_path = pskov")
            cursor.execute(statement)
    finally:
        other.close()
