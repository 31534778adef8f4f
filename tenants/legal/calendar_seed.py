"""The calendar that the portal starts with. Central admins correct it, and add a year's moved days.

From the library `holidays`: public holidays of article 112 of the Labour Code, and the days that the
government has moved. Imported when it is needed, because that takes a quarter of a second.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tenants.models import CalendarDay
from tenants.models.calendar import SATURDAY

FIRST_YEAR = 2024
# Of later years the holidays are known, and the moved days only as soon as a decree names them.
YEARS_AHEAD = 3
LABOUR_CODE = "Трудовой кодекс РФ, статья 112"
DECREE = "Постановление Правительства РФ о переносе выходных дней в {year} году"

_FROM = re.compile(r"\d\d\.\d\d\.\d{4}")


def calendar_seed() -> None:
    """Add the days that are missing; what a central admin has changed stays as it is. One statement."""
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, kind=kind, source=source) for day, kind, source in seeds()],
        ignore_conflicts=True,
    )


@cache
def seeds() -> tuple[tuple[datetime.date, str, str], ...]:
    """Return day, kind and source of each day that differs from its day of the week."""
    from holidays import country_holidays
    from holidays.countries.russia import RussiaStaticHolidays

    last = max(RussiaStaticHolidays.special_public_holidays) + YEARS_AHEAD
    found = country_holidays("RU", years=range(FIRST_YEAR, last + 1), language="ru")
    return tuple(sorted({*_days_off(found), *_days_worked(found.weekend_workdays)}))


def is_seeded_day(day: datetime.date) -> bool:
    """Tell whether the next migration would bring a deleted day back; those are corrected instead."""
    return any(day == seeded for seeded, _kind, _source in seeds())


def _days_off(found: Mapping[datetime.date, str]) -> Iterator[tuple[datetime.date, str, str]]:
    for day, name in found.items():
        if day.weekday() >= SATURDAY:
            continue
        if moved_from := _FROM.search(name):
            decree = DECREE.format(year=day.year)
            yield day, CalendarDay.Kind.MOVED, f"{decree} (с {moved_from[0]})"
        else:
            yield day, CalendarDay.Kind.HOLIDAY, f"{LABOUR_CODE}: {name}"


def _days_worked(days: Iterable[datetime.date]) -> Iterator[tuple[datetime.date, str, str]]:
    for day in days:
        yield day, CalendarDay.Kind.WORKED, DECREE.format(year=day.year)
