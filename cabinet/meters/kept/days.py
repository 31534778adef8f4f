"""The day of a reading that a telephone has kept: the company's, at the moment when it was typed."""

import datetime

from django.utils import timezone
from django.utils.dateparse import parse_date

from cabinet.meters.selectors import today
from cabinet.meters.services import LATEST


def moment_typed(age: str) -> datetime.datetime:
    """How many seconds ago it was typed, as the telephone counts: its clock may stand wrong, but it goes.

    Raises ValueError for anything but a number of seconds.
    """
    # Whatever is older than a decade is too old, and no moment of that is before the year 1.
    seconds = min(max(0, int(age)), 10 * 365 * 86_400)
    return timezone.now() - datetime.timedelta(seconds=seconds)


def is_in_time(day: datetime.date) -> bool:
    return today() - LATEST <= day <= today()


def day_typed(text: str) -> datetime.date:
    """The day that a form says its reading was typed on; today for none, and for one out of time."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day if day and is_in_time(day) else today()
