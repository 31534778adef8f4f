"""charges.csv and payments.csv: rows add up, older months are replaced, names are known."""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.billing.models import BillingPayment, Charge
from cabinet.exchange.exceptions import PackageRefused
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.builder import (
    APRIL_CHARGE,
    CHARGE_COLUMNS,
    MAY_CHARGE,
    accounts,
    charge,
    charges,
    payments,
)
from tests.exchange.conftest import Load, Problems

MAY = datetime.date(2024, 5, 1)
NOT_ADDING_UP = "charges.csv:{} closing_balance строка не сходится"


def test_figure_28(loaded: Load) -> None:
    loaded(charges(APRIL_CHARGE, MAY_CHARGE))
    april, may = Charge.objects.order_by("period")
    assert (april.opening_balance, april.accrued, april.closing_balance) == (
        Decimal("-2.60"),
        Decimal("7.39"),
        Decimal("4.79"),
    )
    assert (may.period, may.paid, may.closing_balance) == (MAY, Decimal("1.00"), Decimal("3.79"))
    assert (may.bill_kind, may.acts, may.corrected, may.written_off) == ("общая", 0, 0, 0)


def test_a_row_that_does_not_add_up(problems: Problems, loaded: Load) -> None:
    wrong = MAY_CHARGE.replace(";3.79;", ";3.78;")
    [told] = problems(charges(APRIL_CHARGE, wrong))
    assert told.startswith(NOT_ADDING_UP.format(3))
    assert not Charge.objects.exists()


def test_nor_does_one_with_a_deduction(problems: Problems, loaded: Load) -> None:
    """opening + accrued + recalculated − quality + corrected − written off − paid, each with its sign."""
    row = "805107;2024-05;heat;principal;;Газ;;10.00;20.00;-3.00;;-1.00;{};{};{};5.00;{};;"
    loaded(charges(row.format("1.00", "0.50", "2.00", "19.50")))
    for sums in (
        ("-1.00", "0.50", "2.00", "19.50"),
        ("1.00", "", "2.00", "19.50"),
        ("1.00", "0.50", "", "19.50"),
    ):
        [told] = problems(charges(row.format(*sums)))
        assert told.startswith(NOT_ADDING_UP.format(2))


kopecks = st.integers(-(10**9), 10**9)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=30,
)
@given(st.lists(st.tuples(*[kopecks] * 7, st.sampled_from([0, 0, 0, 1, -1, 100])), max_size=20))
def test_exactly_those_that_do_not_add_up_are_told(
    problems: Problems, loaded: Load, rows: list[tuple[int, ...]]
) -> None:
    """In whole kopecks, which have no rounding."""
    lines, wrong = [], set()
    for number, (*sums, off) in enumerate(rows, start=2):
        opening, accrued, recalculated, quality, corrected, written_off, paid = sums
        closing = opening + accrued + recalculated - quality + corrected - written_off - paid + off
        if off:
            wrong.add(number)
        month = f"{2000 + number}-01"
        texts = [_rubles(one) for one in (opening, accrued, recalculated)]
        more = [_rubles(one) for one in (quality, corrected, written_off, paid, closing)]
        lines.append(f"805107;{month};heat;penalty;;Газ;;{';'.join(texts)};;;{';'.join(more)};;")
    if not wrong:
        with transaction.atomic():
            loaded(charges(*lines))
            transaction.set_rollback(True)
        return
    told = problems(charges(*lines))
    assert {int(re.findall(r"csv:(\d+) ", one)[0]) for one in told} == wrong


def _rubles(value: int) -> str:
    return str(Decimal(value).scaleb(-2).quantize(Decimal("0.01")))


def test_the_database_holds_the_rule_too(loaded: Load) -> None:
    loaded(charges(MAY_CHARGE))
    for changed in ({"closing_balance": 1}, {"period": datetime.date(2024, 5, 2)}, {"kind": "fee"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Charge.objects.update(**changed)


def test_a_column_that_is_absent_keeps_what_is_stored(loaded: Load, problems: Problems) -> None:
    """Also where the sum of the row is checked: with the stored figures, or nothing in a new row."""
    full = "805107;2024-05;heat;principal;;Газ;;4.79;0.00;0.00;;;0.00;2.00;0.50;1.00;5.29;;"
    loaded(charges(full))
    few = "account_number;period;service_code;kind;paid;closing_balance"
    loaded(charges("805107;2024-05;heat;principal;2.00;4.29", header=few))
    row = Charge.objects.get()
    assert (row.corrected, row.written_off, row.paid, row.service_name) == (
        Decimal("2.00"),
        Decimal("0.50"),
        Decimal("2.00"),
        "Газ",
    )
    [told] = problems(charges("805107;2024-05;heat;principal;2.00;4.30", header=few))
    assert told.startswith("charges.csv:2 closing_balance строка не сходится")
    without = CHARGE_COLUMNS.replace("corrected;written_off;", "")
    new = "805107;2024-06;heat;principal;;Газ;;4.29;1.00;0.00;;;0.00;0.00;5.29;;"
    loaded(charges(new, header=without))
    assert Charge.objects.get(period="2024-06-01").corrected == 0


def test_bill_kind_may_be_absent_or_empty(loaded: Load) -> None:
    """Both are «общая», which is one and the same row."""
    loaded(charges(MAY_CHARGE))
    without = CHARGE_COLUMNS.replace("bill_kind;", "")
    outcome = loaded(charges(MAY_CHARGE.replace(";principal;;", ";principal;"), header=without))
    assert outcome.counts["charges.csv"].unchanged == 1
    named = MAY_CHARGE.replace(";principal;;", ";principal;общая;")
    assert loaded(charges(named)).counts["charges.csv"].unchanged == 1


def test_two_bills_principal_and_penalty_are_rows_of_their_own(loaded: Load) -> None:
    sums = ("0.00", "1.00", "0.00", "0.00", "1.00")
    loaded(
        charges(
            charge("2024-05", *sums),
            charge("2024-05", *sums, bill_kind="техобслуживание"),
            charge("2024-05", *sums, kind="penalty"),
            charge("2024-05", *sums, service="cook"),
        )
    )
    assert Charge.objects.count() == 4


def test_an_older_month_is_replaced(loaded: Load) -> None:
    loaded(charges(APRIL_CHARGE, MAY_CHARGE))
    again = charge("2024-04", "-2.60", "8.00", "0.00", "0.61", "4.79")
    outcome = loaded(charges(again))
    assert outcome.counts["charges.csv"].updated == 1
    april = Charge.objects.get(period="2024-04-01")
    assert (april.accrued, april.paid) == (Decimal("8.00"), Decimal("0.61"))
    assert Charge.objects.get(period=MAY).closing_balance == Decimal("3.79")


def test_full_prunes_no_month_and_no_payment(loaded: Load) -> None:
    loaded(charges(APRIL_CHARGE, MAY_CHARGE) | payments("p-1;805107;2024-05-03;1.00;;Касса"))
    loaded(charges(MAY_CHARGE) | payments(), mode="full")
    assert (Charge.objects.count(), BillingPayment.objects.count()) == (2, 1)


@pytest.mark.parametrize("kind", ["Principal", "пеня", "fee"])
def test_a_charge_of_an_unknown_kind_is_refused(
    kind: str, problems: Problems, loaded: Load
) -> None:
    [told] = problems(charges(MAY_CHARGE.replace(";principal;", f";{kind};")))
    assert told == "charges.csv:2 kind нужно одно из: principal, penalty"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ((";7.39;", ";7.3900001;"), "tariff"),
        ((";3.79;1.0;", ";3.79;1.0001;"), "volume"),
        ((";1.00;", ";1.001;"), "paid"),
        (("2024-05", "2024-13"), "period"),
        ((";4.79;", ";;"), "opening_balance"),
    ],
)
def test_more_decimals_than_the_format_has(
    change: tuple[str, str], column: str, problems: Problems, loaded: Load
) -> None:
    told = problems(charges(MAY_CHARGE.replace(*change, 1)))
    assert told[0].startswith(f"charges.csv:2 {column} ")


def test_an_account_that_nobody_knows(problems: Problems, loaded: Load) -> None:
    unknown = "такого лицевого счёта нет ни в пакете, ни в портале"
    assert problems(
        charges(MAY_CHARGE.replace("805107", "1"))
        | payments("p-1;2;2024-05-03;1.00;;Касса", "p-2;805107;2024-05-03;1.00;;Касса")
    ) == [
        f"charges.csv:2 account_number {unknown}",
        f"payments.csv:2 account_number {unknown}",
    ]


def test_a_rejected_account_takes_its_money_with_it(loaded: Load, tmp_path: Path) -> None:
    bad = "7;;Пётр;;г. Псков;;2020-01-01;"
    rejects = tmp_path / "rejects.csv"
    outcome = loaded(
        accounts(bad) | charges(MAY_CHARGE.replace("805107", "7"), MAY_CHARGE),
        rejects_path=rejects,
    )
    assert outcome.rejected_rows == 2
    assert Charge.objects.get().account.account_number == "805107"
    assert "charges.csv;2;account_number;называет запись, которая отклонена" in rejects.read_text()


def test_money_of_one_company_is_not_the_others(loaded: Load, novgorod: GasCompany) -> None:
    loaded(charges(MAY_CHARGE) | payments("p-1;805107;2024-05-03;1.00;;Касса"))
    with in_company(novgorod):
        assert not Charge.objects.exists()
        assert not BillingPayment.objects.exists()


def test_a_payment_is_known_by_its_number(loaded: Load) -> None:
    row = "web-17;805107;2024-05-03;1.00;principal;Личный кабинет"
    loaded(payments(row))
    outcome = loaded(payments(row, row.replace("web-17", "web-18")))
    counts = outcome.counts["payments.csv"]
    assert (counts.inserted, counts.unchanged) == (1, 1)
    loaded(payments(row.replace("1.00", "1.10")))
    assert BillingPayment.objects.get(payment_id="web-17").amount == Decimal("1.10")


def test_control_sums_of_money(loaded: Load) -> None:
    content = charges(APRIL_CHARGE, MAY_CHARGE)
    loaded(content, sums={"charges.csv": {"accrued": "7.39", "paid": "1"}})
    with pytest.raises(PackageRefused, match=r"сумма accrued равна 7\.39, а в манифесте 7\.40"):
        loaded(content, sums={"charges.csv": {"accrued": "7.40"}})
