"""The days of autopays, in the time zone that is active: the company's."""

import datetime
import zoneinfo

from django.utils import timezone

from portal.formats.dates import month_after

DAYS = range(1, 29)  # that every month has
FROM_HOUR, UNTIL_HOUR = 9, 21  # people are written to, and banks answer
ONE_DAY = datetime.timedelta(days=1)
# After a charge that failed, the next one is so many days later; then it is given up.
TRY_AGAIN_AFTER = (1, 2)


def next_due(day: int, after: datetime.date) -> datetime.date:
    """Return the first such day of a month that is later than `after`."""
    month = after.replace(day=1)
    this = month.replace(day=day)
    return this if this > after else month_after(month).replace(day=day)


def next_try(ordinal: int, today: datetime.date) -> datetime.date | None:
    """Return the day on which a charge is tried again after the `ordinal`-th one; None for no more."""
    if ordinal > len(TRY_AGAIN_AFTER):
        return None
    return today + datetime.timedelta(days=TRY_AGAIN_AFTER[ordinal - 1])


def may_work_now() -> bool:
    """Return whether it is an hour of the company's day."""
    return FROM_HOUR <= timezone.localtime().hour < UNTIL_HOUR


def may_wait_an_hour() -> bool:
    """Return whether it will still be an hour of the company's day in an hour, with time to spare."""
    return timezone.localtime().hour < UNTIL_HOUR - 2


def work_begins(day: datetime.date) -> datetime.datetime:
    """Return the moment of the day from which people are charged."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, zoneinfo.ZoneInfo)  # noqa: S101 — for mypy
    return datetime.datetime.combine(day, datetime.time(FROM_HOUR), zone)
