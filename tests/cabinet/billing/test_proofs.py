"""What sums of bills and payments are worth as a proof of linking."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.accounts.models import LastSurnameChange, PersonalAccount
from cabinet.accounts.proofs import proof_of
from cabinet.billing.common_sums import common_sums_count, common_sums_recount, common_sums_sweep
from cabinet.billing.models import BillingPayment, SumCount
from cabinet.billing.proofs import typed_sum
from cabinet.billing.selectors import account_balance, guest_due
from tests.exchange.builder import AS_OF, charge, charges
from tests.support.factories import make_account, make_charge, new_charge
from tests.support.guessing import shown_to_pay
from tests.support.jobs import enqueued, swept

SEPTEMBER, OCTOBER = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)
ODD = "1482.37"


@pytest.fixture(autouse=True)
def _today(pskov, clock) -> None:
    clock.at("2026-11-28T12:00")


def count() -> None:
    common_sums_recount()
    assert common_sums_count(1)


def owing(number: str = "900", *, sum_: str = ODD, **october: Any) -> PersonalAccount:
    """Return an account whose bill of October is the rest of an odd payment, and was paid as it was."""
    account = make_account(number)
    paid = str(Decimal("3000.00") - Decimal(sum_))
    make_charge(account, SEPTEMBER, opening="3000.00", accrued="0.00", paid=paid)
    make_charge(account, OCTOBER, **{"opening": sum_, "accrued": "250.19", "paid": sum_, **october})
    return account


def pay(account: PersonalAccount, amount: str, day: str = "2026-08-03", **fields: Any) -> None:
    number = BillingPayment.objects.count()
    row = {"payment_id": f"p-{number}", "source": "Касса", "paid_on": day, **fields}
    BillingPayment.objects.create(account=account, amount=Decimal(amount), **row)


def bill(account: PersonalAccount) -> set[str]:
    return set(proof_of("gas", "bill").answers(account))


def payment(account: PersonalAccount) -> set[str]:
    return set(proof_of("capital_repair", "payment").answers(account))


# --- what is typed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("1 234,56", "1234.56"),
        ("1\u2009234,56 ₽", "1234.56"),
        ("1234.56 руб", "1234.56"),
        ("1234 руб. 56 коп.", "1234.56"),
        ("1234 рубля 5 копеек", "1234.05"),
        ("−12,30", "12.30"),
        ("-12.3", "12.30"),
        ("1234", "1234.00"),
        ("0012,30р", "12.30"),
    ],
)
def test_a_sum_is_understood_as_people_write_it(text, sum_):
    assert typed_sum(text) == sum_


@pytest.mark.parametrize("text", ["", " ", "сколько-то", "1,2,3", "12,345", "1.234,56", "-", "1e5"])
def test_what_is_no_sum_is_not_taken_for_one(text):
    with pytest.raises(ValueError, match="сумму"):
        typed_sum(text)


@given(st.decimals(-(10**8), 10**8, places=2, allow_nan=False))
def test_every_sum_is_read_in_each_of_its_forms(sum_):
    plain = f"{abs(sum_):.2f}"
    grouped = f"{sum_:,.2f}".replace(",", " ").replace(".", ",")
    for text in (f"{sum_:.2f}", grouped, f"{grouped} ₽", grouped.replace("-", "−")):
        assert typed_sum(text) == plain
    assert typed_sum(plain) == plain


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        found = typed_sum(text)
    except ValueError:
        return
    assert typed_sum(found) == found


# --- bills ----------------------------------------------------------------------------------------------


def test_the_bill_before_the_newest_is_a_proof(pskov):
    account = owing()
    count()
    assert bill(account) == {ODD}


@pytest.mark.parametrize(
    "changes",
    [
        {"paid": "0.00", "accrued": "0.00"},  # is what is owed today
        {"paid": "0.00"},  # is what is owed today without the month's 250.19
        {"sum_": "1500.00"},
        {"sum_": "82.37"},
        {"sum_": "1234.56"},
        {"sum_": "0.00"},
    ],
    ids=["seen", "follows", "round", "small", "made up", "nothing"],
)
def test_a_bill_that_can_be_guessed_is_none(changes, pskov):
    account = owing(**changes)
    count()
    assert bill(account) == set()


def test_area_times_rate_is_none_however_many_months(pskov):
    account = make_account("900")
    owed = Decimal("0.00")
    for month in range(1, 10):
        day = datetime.date(2026, month, 1)
        make_charge(account, day, service="cr", opening=str(owed), accrued="947.68", unit="")
        owed += Decimal("947.68")
    make_charge(account, OCTOBER, service="cr", opening=str(owed), accrued="947.68", paid=str(owed))
    count()
    assert bill(account) == set()


def test_nor_are_whole_metres_of_a_known_price(pskov):
    account = make_account("900")
    gas = {"tariff": Decimal("9.064101"), "volume": Decimal(115)}
    make_charge(account, SEPTEMBER, accrued="1042.37", **gas)
    make_charge(account, OCTOBER, opening="1042.37", accrued="906.41", paid="1042.37")
    count()
    assert bill(account) == set()


def test_a_sum_that_another_account_has_is_none(pskov):
    account = owing()
    owing("901")
    count()
    assert bill(account) == set()


def test_no_sum_is_accepted_until_common_ones_are_counted(load, pskov):
    account = owing()
    assert bill(account) == set()
    count()
    assert bill(account) == {ODD}
    pay(account, "1733.21")
    line = charge("2024-02", "0.00", "1.00", "0.00", "1.00", "0.00").replace("805107", "900")
    with enqueued() as tasks:
        load(charges(line), as_of=AS_OF)
    assert bill(account) == set() == payment(account)
    assert SumCount.objects.get().due_at
    (task,) = [task for task in tasks if "common_sums" in task.name]
    task.run()
    assert bill(account) == {ODD}


def test_a_count_that_is_killed_is_made_by_the_next_sweep(load, pskov, monkeypatch):
    account = owing()
    count()
    common_sums_recount()
    with monkeypatch.context() as killed:
        killed.setattr("cabinet.billing.common_sums._PAYMENTS", "SELECT 1 / 0")
        assert not common_sums_count(1)
    assert bill(account) == set()
    SumCount.objects.update(due_at=datetime.datetime(2026, 11, 28, 8, tzinfo=datetime.UTC))
    assert swept(common_sums_sweep) == 1
    assert bill(account) == {ODD}


# --- payments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_accepted"),
    [
        ("2026-11-01", False),
        ("2026-10-29", True),
        ("2025-11-29", True),
        ("2025-11-27", False),
    ],
)
def test_a_payment_counts_from_its_thirtieth_day_for_a_year(day, is_accepted, pskov):
    account = owing()
    pay(account, "1733.21", day)
    count()
    assert payment(account) == ({"1733.21"} if is_accepted else set())


def test_one_under_half_a_usual_bill_does_not(pskov):
    account = make_account("900")
    for month in (8, 9, 10):
        make_charge(account, datetime.date(2026, month, 1), accrued="2000.00", paid="2000.00")
    pay(account, "999.99")
    pay(account, "1001.13", "2026-09-03")
    count()
    assert payment(account) == {"1001.13"}


@pytest.mark.parametrize("charged", [{}, {8: "0.00", 9: "0.00", 10: "2000.00"}, {10: "-2000.00"}])
def test_nor_does_a_little_where_most_months_are_charged_nothing(charged, pskov):
    """A summer house: what a stranger has paid at a bank is no proof a month later."""
    account = make_account("900")
    for month, accrued in charged.items():
        make_charge(account, datetime.date(2026, month, 1), accrued=accrued)
    pay(account, "123.47")
    count()
    assert payment(account) == set()


def test_what_was_paid_at_once_is_one_payment(pskov):
    account = owing()
    pay(account, "1733.21")
    pay(account, "112.04", kind="penalty")
    count()
    assert payment(account) == {"1845.25"}


def test_several_are_accepted_only_where_each_is_the_wider(pskov):
    account = make_account("900")
    make_charge(account, OCTOBER, accrued="300.00", paid="300.00")
    for amount, day in (("151.37", "03"), ("152.38", "04"), ("411.59", "05")):
        pay(account, amount, f"2026-08-{day}")
    count()
    assert payment(account) == {"411.59"}


# --- a former owner -------------------------------------------------------------------------------------


def test_a_former_owner_knows_the_papers_of_his_time(pskov):
    account = owing()
    pay(account, "1733.21")
    pay(account, "1911.47", "2026-10-20")
    count()
    assert len(bill(account)) == 1 and len(payment(account)) == 2
    LastSurnameChange.objects.create(account_number="900", changed_at="2026-10-02T12:00:00+03:00")
    assert (bill(account), payment(account)) == (set(), {"1911.47"})


# --- what guests will see -------------------------------------------------------------------------------


def test_what_guests_are_to_see_is_all_that_a_balance_can_say(pskov):
    account = make_account("900")
    for fields in (
        {"opening": "10.11", "accrued": "100.17"},
        {"service": "cook", "accrued": "31.13"},
        {"service": "cook", "kind": "penalty", "accrued": "1.07"},
        {"service": "upkeep", "bill_kind": "ТО", "accrued": "43.50", "paid": "50.00"},
    ):
        new_charge(account, OCTOBER, **fields).save()
    assert shown_to_pay(account) <= guest_due(account_balance(account)).sums
