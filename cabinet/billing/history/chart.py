"""The chart of what was charged and paid: by month, by year where there are many months."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format

from cabinet.billing.selectors import Months, Sums
from portal.formats.dates import months_between, months_until
from portal.formats.numbers import NO_BREAK

# With more months than these a chart is of years.
MOST_MONTHS = 24


@dataclass(frozen=True)
class SumsBar:
    """₽ of a month or a year, None where there are no charges; `width`s in hundredths of the longest."""

    name: str
    accrued: Decimal | None
    paid: Decimal | None
    accrued_width: int
    paid_width: int


def sums_bars(months: Months) -> list[SumsBar]:
    """Return bars from the oldest month to the newest; empty where all are nothing, or there is only one."""
    by_name = _by_name(months)
    known = [sums for sums in by_name.values() if sums]
    longest = max((max(sums.accrued, sums.paid) for sums in known), default=Decimal())
    if longest <= 0 or len(by_name) < 2:
        return []

    def width(amount: Decimal) -> int:
        return max(1, round(100 * amount / longest)) if amount > 0 else 0

    return [
        SumsBar(name, sums.accrued, sums.paid, width(sums.accrued), width(sums.paid))
        if sums
        else SumsBar(name, None, None, 0, 0)
        for name, sums in by_name.items()
    ]


def _by_name(months: Months) -> dict[str, Sums | None]:
    """Return the sums by month or year, oldest first; None for one without charges."""
    if not months.months:
        return {}
    first, last = months.months[-1].period, months.months[0].period
    count = months_between(first, last) + 1
    is_monthly = count <= MOST_MONTHS
    name = _short_month if is_monthly else _year_of
    found: dict[str, Sums | None] = {name(month): None for month in months_until(last, count)}
    for month in reversed(months.months):
        before = found[name(month.period)] or Sums()
        found[name(month.period)] = Sums(
            accrued=before.accrued + month.sums.accrued, paid=before.paid + month.sums.paid
        )
    return found


def _short_month(month: datetime.date) -> str:
    return f"{str(date_format(month, 'M')).lower()}{NO_BREAK}{month.year}"


def _year_of(month: datetime.date) -> str:
    return str(month.year)
