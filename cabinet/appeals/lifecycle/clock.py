"""The clock of an answer's term: working time by the hours of a centre, in the company's time zone.

It runs while the centre is open: by its timetable, its own closures, and the country's days off where it
has entered no hours of its own for them. `add` and `between` are each other's inverse.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.models import OPEN, Appeal, AppealKind
from cms_pages.centres.schedule import LOOK_AHEAD_DAYS, Rule, Schedule, Shift
from cms_pages.models import ServiceCentre
from portal.formats.dates import long_day, long_moment
from tenants.legal.working_days import days_that_differ

Urgency = Literal["ok", "soon", "late"]

_MOSCOW = ZoneInfo("Europe/Moscow")
_A_DAY = datetime.timedelta(days=1)
# Of a company that has entered no hours.
USUAL_SHIFT = Shift(datetime.time(9), datetime.time(18))
USUAL = Schedule((Rule(0, 4, USUAL_SHIFT),))
# What is closed for longer is closed for good: nothing may wait for it without an end.
_LONGEST_CLOSED = 400


@dataclass(frozen=True)
class Clock:
    """Working time. `days` are those that differ from their day of the week, by whether they are worked."""

    schedule: Schedule = USUAL
    days: Mapping[datetime.date, bool] = field(default_factory=dict)
    zone: datetime.tzinfo = _MOSCOW

    def shift_on(self, day: datetime.date) -> Shift | None:
        """Return the hours of a day. A closure of the centre beats the country's calendar."""
        return self.schedule.shift_worked(day, self.days)

    def add(self, start: datetime.datetime, seconds: int) -> datetime.datetime:
        """Return the moment when so much working time has passed since `start`."""
        left = datetime.timedelta(seconds=seconds)
        for opens, closes in self._spans_from(start):
            if closes <= start:
                continue
            opens = max(opens, start)
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError  # the spans have no end

    def between(self, start: datetime.datetime, end: datetime.datetime) -> int:
        """Return the seconds of working time from `start` to `end`; 0 if that is earlier."""
        total = datetime.timedelta()
        for opens, closes in self._spans_from(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), datetime.timedelta())
        return int(total.total_seconds())

    def day_end(self, start: datetime.date, days: int) -> datetime.datetime:
        """Return the close of the last of so many working days after `start`."""
        day = start
        for _number in range(days):
            day = self._next_open(day + _A_DAY)
        return self._closes(day)

    def calendar_day_end(self, start: datetime.date, days: int) -> datetime.datetime:
        """Return the close of the day so many days after `start`, or of the first open one after that."""
        return self._closes(self._next_open(start + days * _A_DAY))

    def local_day(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()

    def _closes(self, day: datetime.date) -> datetime.datetime:
        shift = self.shift_on(day) or USUAL_SHIFT
        return datetime.datetime.combine(day, shift.closes, self.zone)

    def _next_open(self, day: datetime.date) -> datetime.date:
        found = (day + number * _A_DAY for number in range(_LONGEST_CLOSED))
        return next((one for one in found if self.shift_on(one)), day)

    def _spans_from(
        self, start: datetime.datetime
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
        """Yield open hours, in order and without an end, from the day of `start` on."""
        day, closed = self.local_day(start), 0
        while True:
            shift = self.shift_on(day)
            closed = 0 if shift else closed + 1
            if closed > _LONGEST_CLOSED:
                shift = USUAL_SHIFT
            for opens, closes in shift.spans() if shift else ():
                yield (
                    datetime.datetime.combine(day, opens, self.zone),
                    datetime.datetime.combine(day, closes, self.zone),
                )
            day += _A_DAY


def clock_of(centre: ServiceCentre | None) -> Clock:
    """Return the clock of a centre, in the company's time zone: at most three queries."""
    today = timezone.localdate()
    days, zone = days_that_differ(today - 31 * _A_DAY), timezone.get_current_timezone()
    clock = Clock(_schedule_of(centre), days, zone)
    opens = any(clock.shift_on(today + number * _A_DAY) for number in range(LOOK_AHEAD_DAYS))
    return clock if opens else Clock(USUAL, days, zone)


def _schedule_of(centre: ServiceCentre | None) -> Schedule:
    if centre is None:
        return USUAL
    return (
        centre.schedule
        if centre.schedule.rules
        else replace(USUAL, closures=centre.schedule.closures)
    )


def due_of(term: int, unit: str, clock: Clock, start: datetime.datetime) -> datetime.datetime:
    """Return until when to answer what came at `start`: within open hours. The day it came is not counted."""
    if unit == AppealKind.TermUnit.HOURS:
        return clock.add(start, term * 3600)
    if unit == AppealKind.TermUnit.WORKING_DAYS:
        return clock.day_end(clock.local_day(start), term)
    return clock.calendar_day_end(clock.local_day(start), term)


def term_said(appeal: Appeal) -> str:
    """Return until when the answer is due, to stand after «до»: a day, or a moment of a term in hours."""
    if appeal.due_at is None:
        return ""
    if appeal.term_unit == AppealKind.TermUnit.HOURS:
        return long_moment(appeal.due_at)
    return _("%(day)s включительно") % {"day": long_day(timezone.localdate(appeal.due_at))}


def left_of(appeal: Appeal, clock: Clock, now: datetime.datetime) -> int:
    """Return the seconds of working time that are left of the term; 0 once it is over."""
    if appeal.due_at is None:
        return appeal.time_left or 0
    return clock.between(now, appeal.due_at)


def soon_border(now: datetime.datetime) -> datetime.datetime:
    """Return the close of the next working day: what is due until then is urgent. One query."""
    clock = clock_of(None)
    return clock.day_end(clock.local_day(now), 1)


def urgency_of(
    appeal: Appeal, now: datetime.datetime, border: datetime.datetime | None = None
) -> Urgency:
    """Return how urgent an appeal is. A list passes the border of `soon_border`, and asks it once."""
    if appeal.state not in OPEN or appeal.due_at is None:
        return "ok"
    if appeal.due_at < now:
        return "late"
    return "soon" if appeal.due_at <= (border or soon_border(now)) else "ok"
