"""Working days by the production calendar: the only reader of its records."""

import datetime
from collections.abc import Collection

from tenants.models import CalendarDay
from tenants.models.calendar import SATURDAY

# Longer than any row of days off: the longest, in January, has eleven.
_FAR_ENOUGH = datetime.timedelta(days=31)
_A_DAY = datetime.timedelta(days=1)


def next_working_days(days: Collection[datetime.date]) -> dict[datetime.date, datetime.date]:
    """Return each day, or the first worked one after it where it is a day off. One query."""
    if not days:
        return {}
    until = max(days) + _FAR_ENOUGH
    records = CalendarDay.objects.filter(day__range=(min(days), until))
    worked = {record.day: record.is_working for record in records}

    def first(day: datetime.date) -> datetime.date:
        while not worked.get(day, day.weekday() < SATURDAY):
            day += _A_DAY
        return day

    return {day: first(day) for day in days}


def days_that_differ(first: datetime.date) -> dict[datetime.date, bool]:
    """Return the days from this one on that are not as their day of the week: whether each is worked."""
    records = CalendarDay.objects.filter(day__gte=first)
    return {record.day: record.is_working for record in records}


def are_moved_days_known(year: int) -> bool:
    """Tell whether the government's decree for the year is in the calendar: each year moves a day."""
    moved = [CalendarDay.Kind.MOVED, CalendarDay.Kind.WORKED]
    return CalendarDay.objects.filter(day__year=year, kind__in=moved).exists()


def working_days_after(day: datetime.date, count: int) -> datetime.date:
    """Return the last of so many working days after a day. One query."""
    worked = days_that_differ(day)
    left = count
    while left > 0:
        day += _A_DAY
        left -= worked.get(day, day.weekday() < SATURDAY)
    return day
