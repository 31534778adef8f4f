"""Monthly consumption with last year beside it: bars that are a table at the same time."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cabinet.meters.past import Past
from portal.formats.dates import month_after, months_until

MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """m³ of a month and of the same one a year before; `width`s in hundredths of the longest bar."""

    month: datetime.date
    used: Decimal | None
    year_ago: Decimal | None
    width: int
    year_ago_width: int


def consumption_bars(pasts: Iterable[Past], last_month: datetime.date) -> list[Bar]:
    """Twelve months up to `last_month` of all these meters together; empty when nothing is known."""
    total: dict[datetime.date, Decimal] = {}
    for past in pasts:
        for month, used in past.months.items():
            total[month] = total.get(month, Decimal()) + used
    while total.get(last_month) is None and last_month > min(total, default=last_month):
        last_month = month_after(last_month, -1)
    months = months_until(last_month, MONTHS)
    pairs = [(month, total.get(month), total.get(month_after(month, -12))) for month in months]
    longest = max((used for pair in pairs for used in pair[1:] if used), default=None)
    if longest is None:
        return []

    def width(used: Decimal | None) -> int:
        return max(1, round(100 * used / longest)) if used else 0

    bars = [Bar(month, used, ago, width(used), width(ago)) for month, used, ago in pairs]
    known = [number for number, bar in enumerate(bars) if bar.used is not None or bar.year_ago]
    return bars[known[0] :]
