"""Days and times as the steps show them: a calendar of whole weeks, times by the part of the day."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.base import Window
from cabinet.appointments.page.steps import Choice, Way, moment_words
from cabinet.appointments.selectors import booking_days, days_free, nearest_free
from cms_pages.centres.schedule import Shift
from portal.formats.dates import day_and_month
from tenants.legal.working_days import days_that_differ

_A_DAY = datetime.timedelta(days=1)
_NOON, _EVENING = 12, 17
NEAREST = 6

# The free windows of each day that has some.
Free = dict[datetime.date, list[Window]]


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar; `address` only where there is time. One that cannot be asked for is empty."""

    day: datetime.date
    free: int = 0
    address: str = ""
    is_open: bool = False
    is_asked: bool = False

    @property
    def said(self) -> str:
        """Return how much time there is, in the words of the calendar."""
        if self.free:
            return _("свободно %(n)d") % {"n": self.free}
        if not self.is_asked:
            return ""
        return _("мест нет") if self.is_open else _("не работаем")


@dataclass(frozen=True)
class TimeOffer:
    """A time that can be chosen: the address of the next step, or the value of a button."""

    window: Window
    address: str

    @property
    def time(self) -> str:
        return f"{timezone.localtime(self.window.starts_at):%H:%M}"

    @property
    def said(self) -> str:
        return moment_words(self.window.starts_at)

    @property
    def value(self) -> str:
        return self.window.starts_at.isoformat()


@dataclass(frozen=True)
class DayPart:
    """Times before noon, after it, or in the evening."""

    title: str
    offers: list[TimeOffer]


def windows_by_day(choice: Choice) -> Free:
    """Return the free windows of all days that can be chosen."""
    days = days_free(*choice.what, *booking_days())
    return {one.day: list(one.windows) for one in days if one.windows}


def calendar(way: Way, choice: Choice, free: Free) -> list[DayCell]:
    """Return the days of whole weeks, from Monday to Sunday; the first one is not over for the centre."""
    first, last = booking_days()
    days = [first + number * _A_DAY for number in range((last - first).days + 1)]
    schedule, differ = choice.what[0].schedule, days_that_differ(first)
    cells = [_cell(way, choice, day, free, schedule.shift_worked(day, differ)) for day in days]
    while cells and not cells[0].free and not cells[0].is_open:
        cells.pop(0)
    if not cells:
        return []
    before, after = cells[0].day.weekday(), 6 - last.weekday()
    return [
        *(DayCell(cells[0].day - number * _A_DAY) for number in range(before, 0, -1)),
        *cells,
        *(DayCell(last + number * _A_DAY) for number in range(1, after + 1)),
    ]


def _cell(way: Way, choice: Choice, day: datetime.date, free: Free, shift: Shift | None) -> DayCell:
    windows = free.get(day, [])
    return DayCell(
        day,
        free=len(windows),
        address=way.address(replace(choice, day=day, time=None)) if windows else "",
        is_open=shift is not None,
        is_asked=True,
    )


def day_parts(way: Way, choice: Choice, windows: Sequence[Window]) -> list[DayPart]:
    """Return the times of a day: «Утро», «День», «Вечер», those that have some."""
    parts = [DayPart(_("До обеда"), []), DayPart(_("После обеда"), []), DayPart(_("Вечером"), [])]
    for window in windows:
        hour = timezone.localtime(window.starts_at).hour
        offer = TimeOffer(window, way.address(choice.at(window)))
        parts[(hour >= _NOON) + (hour >= _EVENING)].offers.append(offer)
    return [part for part in parts if part.offers]


def nearest_offers(
    way: Way, choice: Choice, after: datetime.datetime | None = None
) -> list[TimeOffer]:
    """Return the next free times after this one; from now on where there are none."""
    now = timezone.now()
    windows = nearest_free(*choice.what, after or now, NEAREST)
    if not windows and after:
        windows = nearest_free(*choice.what, now, NEAREST)
    return [TimeOffer(one, way.address(choice.at(one))) for one in windows]


def days_beside(day: datetime.date, free: Free, way: Way, choice: Choice) -> list[tuple[str, str]]:
    """Return words and addresses of the free days before and after this one."""
    before = max((one for one in free if one < day), default=None)
    after = min((one for one in free if one > day), default=None)
    return [
        (day_and_month(one), way.address(replace(choice, day=one, time=None)))
        for one in (before, after)
        if one
    ]
