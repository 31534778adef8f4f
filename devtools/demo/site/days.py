"""Days of sample texts, counted from today: a demo is made on any day, and no deadline in it is past."""

import calendar
import datetime

GENITIVE = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
NOMINATIVE = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
LAST_DAY = 25  # of a month, until which its readings are asked for


def spoken(day: datetime.date) -> str:
    return f"{day.day} {GENITIVE[day.month - 1]}"


def next_deadline(today: datetime.date) -> datetime.date:
    """Return the day until which readings are asked for now."""
    if today.day <= LAST_DAY:
        return today.replace(day=LAST_DAY)
    left = calendar.monthrange(today.year, today.month)[1] - today.day
    return (today + datetime.timedelta(days=left + 1)).replace(day=LAST_DAY)
