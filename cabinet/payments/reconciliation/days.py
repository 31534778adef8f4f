import datetime

from django.utils import timezone

Days = tuple[datetime.datetime, datetime.datetime]


def day_of(day: datetime.date) -> Days:
    """Return the moments between which it is this day in the company's time."""
    return _midnight(day), _midnight(day + datetime.timedelta(days=1))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), timezone.get_current_timezone())
