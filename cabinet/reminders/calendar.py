"""Which reminder day it is, and whether it is an hour to write to people."""

import datetime
from calendar import monthrange

from cabinet.meters.periods import period_of
from portal.formats.dates import month_after


def run_day(day: datetime.date, days: list[int], since: datetime.date) -> datetime.date | None:
    """The newest reminder day of this month up to `day`: one that was missed is made up for.

    The 31st is the last day of a shorter month. None before the first one, and for one before `since`, the
    day from which readings count for another month than those that it reminded of.
    """
    last = monthrange(day.year, day.month)[1]
    past = [min(one, last) for one in days if min(one, last) <= day.day]
    newest = day.replace(day=max(past)) if past else None
    return newest if newest and newest >= since else None


def counted_since(day: datetime.date, until_day: int) -> datetime.date:
    """The first day whose readings count for the same month as those of `day`."""
    before = period_of(month_after(period_of(day, until_day).month, -1), until_day)
    return before.until + datetime.timedelta(days=1)
