"""Arithmetic of the payment page: what is offered, what it costs, what a typed sum means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.payments.models import Shop
from cabinet.payments.page.fields import rubles_typed, rubles_written
from cabinet.payments.page.sums import PaymentSums

MONEY = st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2)
PAID = st.decimals(Decimal("0.00"), Decimal("999999.99"), places=2)
FUND = {
    "commission_percent": Decimal("1.5"),
    "commission_min": Decimal(15),
    "commission_max": Decimal(15000),
}


@given(MONEY, MONEY)
def test_what_is_offered_is_what_is_owed(principal, penalty):
    """An overpayment of the one pays the other; nobody is offered less than nothing."""
    offered = PaymentSums(owed_principal=principal, owed_penalty=penalty).prefilled
    assert min(offered) >= 0 and sum(offered) == max(principal + penalty, Decimal(0))


def test_a_fund_that_hides_sums_offers_none():
    sums = PaymentSums(owed_principal=Decimal(5), for_guest=True, are_shown=False)
    assert sums.prefilled == (0, 0)


@pytest.mark.parametrize("collector", ["portal", "bank"])
@pytest.mark.parametrize(
    ("credited", "commission"),
    [
        ("194.39", "15.00"),  # manual 2, figure 3.2.3
        ("1000.00", "15.00"),
        ("1000.33", "15.00"),
        ("1000.34", "15.01"),  # half a kopeck up: 15.0051
        ("1000000.00", "15000.00"),
        ("2000000.00", "15000.00"),
        ("0.00", "0.00"),
    ],
)
def test_the_commission_of_a_fund(collector, credited, commission):
    shop = Shop(commission_collector=collector, **FUND)
    assert shop.commission_of(Decimal(credited)) == Decimal(commission)
    assert shop.commission_of(Decimal(credited), is_exempt=True) == 0


def test_without_a_collector_there_is_no_commission():
    assert Shop(**FUND).commission_of(Decimal(1000)) == 0


@given(PAID)
def test_a_sum_is_read_as_it_is_written(amount):
    assert rubles_typed(rubles_written(amount)) == amount
    assert rubles_typed(f"{amount:,.2f}".replace(",", " ").replace(".", ",") + " ₽") == amount


@given(st.text(max_size=30))
def test_nothing_typed_breaks_a_sum(typed):
    try:
        amount = rubles_typed(typed)
    except ValueError:
        return
    assert amount >= 0 and amount == round(amount, 2)
