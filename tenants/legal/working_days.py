"""Working days by the production calendar: the only reader of its records."""

import datetime
from itertools import takewhile

from tenants.models import CalendarDay
from tenants.models.calendar import SATURDAY

# Longer than any row of days off: the longest, in January, has eleven.
_FAR_ENOUGH = 31


def next_working_day(day: datetime.date) -> datetime.date:
    """Return the day itself when it is worked, else the first worked day after it. One query."""
    days = [day + datetime.timedelta(days=count) for count in range(_FAR_ENOUGH)]
    records = CalendarDay.objects.filter(day__range=(days[0], days[-1]))
    worked = {record.day: record.is_working for record in records}
    off = list(takewhile(lambda one: not worked.get(one, one.weekday() < SATURDAY), days))
    return day + datetime.timedelta(days=len(off))


def are_moved_days_known(year: int) -> bool:
    """Tell whether the government's decree for the year is in the calendar: each year moves a day."""
    moved = [CalendarDay.Kind.MOVED, CalendarDay.Kind.WORKED]
    return CalendarDay.objects.filter(day__year=year, kind__in=moved).exists()
