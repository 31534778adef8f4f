import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment(value: datetime.datetime | None) -> str:
    """A moment as people write it, in the zone that is in force."""
    return date_format(timezone.localtime(value), "d.m.Y H:i") if value else ""
