"""The search line: what people type for months, days and sums; no text is too odd for it."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.billing.history.typed import typed_amounts, typed_months, typed_payment
from portal.formats.dates import month_in, month_name, month_title
from portal.formats.numbers import rubles

MONTH_FORMS = (
    month_name,
    month_in,
    month_title,
    lambda month: month_title(month).upper().replace("\xa0", "'")[:-4] + f"{month:%y}",
    lambda month: f"{month_title(month)[:3].lower()}. {month:%Y}",
    lambda month: f"{month:%m.%Y}",
    lambda month: f"{month.month}/{month.year} г.",
    lambda month: f" {month:%Y-%m} ",
)
months = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)).map(
    lambda day: day.replace(day=1)
)
days = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))
amounts = st.integers(0, 10**10 - 1).map(lambda kopecks: Decimal(kopecks).scaleb(-2))


@given(months, st.sampled_from(MONTH_FORMS))
def test_a_month_is_found_however_it_is_written(month, form):
    assert typed_months(form(month)) == (month, month), form(month)


@given(months)
def test_a_year_is_its_months(month):
    whole = datetime.date(month.year, 1, 1), datetime.date(month.year, 12, 1)
    assert typed_months(str(month.year)) == whole == typed_months(f"{month.year} год")


@given(days)
def test_a_day_finds_payments_of_it_alone(day):
    for typed in (
        f"{day:%d.%m.%Y}",
        f"{day:%d.%m.%y}",
        f"{day:%Y-%m-%d}",
        f"{day.day}/{day.month}/{day.year}",
    ):
        wanted = typed_payment(typed)
        assert wanted.is_met_by(day, Decimal(0)), typed
        assert not wanted.is_met_by(day + datetime.timedelta(days=1), Decimal(0)), typed


@given(amounts)
def test_a_sum_finds_itself_however_it_is_written(amount):
    exact = (amount, amount)
    for typed in (rubles(amount), rubles(-amount), f"{amount:.2f}", f"{amount:.2f} руб."):
        assert typed_amounts(typed) == exact, typed
        assert typed_payment(typed).is_met_by(datetime.date(1950, 1, 1), -amount)
    least, most = typed_amounts(str(int(amount)))
    assert least <= amount <= most < least + 1


@given(st.text(max_size=40) | st.text("0123456789.,-'май24/ ₽", max_size=14))
def test_no_text_is_too_odd(text):
    found = typed_months(text)
    assert found is None or found[0] <= found[1]
    wanted = typed_payment(text)
    assert wanted is None or wanted.is_met_by(datetime.date(2024, 5, 1), Decimal(1)) in (
        True,
        False,
    )


@pytest.mark.parametrize(
    "text", ["", "май", "24", "2026-13", "13.2026", "00.2024", "'; --", "маи 2024 2", "32 мая", "я"]
)
def test_what_is_no_month(text):
    assert typed_months(text) is None


@pytest.mark.parametrize("text", ["", "'; --", "1.2.3.4", "31.02.2024", "десять рублей", "1,234"])
def test_what_is_no_payment(text):
    assert typed_payment(text) is None
