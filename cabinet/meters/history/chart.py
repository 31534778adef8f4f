"""The chart of consumption: m³ in the calendar months in which they were burnt, from the rows of the history.

A reading counts for a bill's month (`periods.py`); the gas was burnt on the days between two readings. So
one of 28 November, which is in December's bill, adds to November, and a month to come has no bar.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from cabinet.meters.history.table import HistoryRow
from portal.formats.dates import month_after, months_until

CHART_MONTHS = 12

_LITRE = Decimal("0.001")


@dataclass(frozen=True)
class MonthBar:
    """m³ of a month and of the same one a year before; `width`s in hundredths of the longest bar.

    `until`: the day of the last reading, where the month is known up to it alone.
    """

    month: datetime.date
    used: Decimal | None
    year_ago: Decimal | None
    width: int
    year_ago_width: int
    until: datetime.date | None = None


def used_by_month(rows: Iterable[HistoryRow]) -> dict[datetime.date, Decimal]:
    """Return m³ by calendar month; they add up to the consumption of the rows, to the litre.

    What was used between two readings is shared evenly over the days after the first, the second's included.
    """
    total: dict[datetime.date, Decimal] = {}
    for row in rows:
        if row.consumption is None or row.since is None:
            continue
        for month, share in _shared_by_days(row.consumption, row.since, row.taken_on):
            total[month] = total.get(month, Decimal()) + share
    return total


def month_bars(rows: Iterable[HistoryRow], day: datetime.date) -> list[MonthBar]:
    """Return twelve months up to the last known one, `day`'s at the latest, of all meters together.

    Months before the first known one are left out; empty when nothing is known. A reading of a day to come,
    which billing may have by mistake, is not drawn.
    """
    known_rows = [row for row in rows if row.taken_on <= day]
    total = used_by_month(known_rows)
    if not any(total.values()):
        return []
    months = months_until(max(total), CHART_MONTHS)
    pairs = [(month, total.get(month), total.get(month_after(month, -12))) for month in months]
    longest = max((used for pair in pairs for used in pair[1:] if used), default=None)
    if longest is None:
        return []
    last_day = max(row.taken_on for row in known_rows)

    def width(used: Decimal | None) -> int:
        return max(1, round(100 * used / longest)) if used else 0

    bars = [
        MonthBar(month, used, ago, width(used), width(ago), _until(month, last_day))
        for month, used, ago in pairs
    ]
    known = [number for number, bar in enumerate(bars) if bar.used is not None or bar.year_ago]
    return bars[known[0] :]


def _until(month: datetime.date, last_day: datetime.date) -> datetime.date | None:
    """Return the last day that is known of the month, None for a whole month."""
    is_part = month <= last_day < month_after(month) - datetime.timedelta(days=1)
    return last_day if is_part else None


def _shared_by_days(
    used: Decimal, since: datetime.date, until: datetime.date
) -> Iterable[tuple[datetime.date, Decimal]]:
    """Yield months and their share of what was used after `since` up to the end of `until`."""
    days, given = (until - since).days, Decimal()
    month = (since + datetime.timedelta(days=1)).replace(day=1)
    while month <= until:
        end = min(until, month_after(month) - datetime.timedelta(days=1))
        passed = (used * (end - since).days / days).quantize(_LITRE, ROUND_DOWN)
        upto = used if end == until else passed
        yield month, upto - given
        given, month = upto, month_after(month)
