"""Opening hours as rules of days, in the company's local time. No database."""

import calendar
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALWAYS = 0  # of Rule.occurrence: each such weekday; 1–4 the first to the fourth of a month

LAST = -1  # the last one of a month

# Longer than New Year's holidays and a closing for repairs.
LOOK_AHEAD_DAYS = 62


@dataclass(frozen=True)
class Shift:
    """The hours of one day: `opens` < `closes`, and at most one break inside."""

    opens: datetime.time
    closes: datetime.time
    break_from: datetime.time | None = None
    break_to: datetime.time | None = None

    @property
    def has_break(self) -> bool:
        return self.break_from is not None and self.break_to is not None

    def spans(self) -> list[tuple[datetime.time, datetime.time]]:
        """Return the open hours: one span, or one before the break and one after it."""
        if self.break_from is None or self.break_to is None:
            return [(self.opens, self.closes)]
        return [(self.opens, self.break_from), (self.break_to, self.closes)]


@dataclass(frozen=True)
class Rule:
    """Weekdays (Monday is 0) from `first` to `last`, each week or once a month.

    `shift` None: closed on these days.
    """

    first: int
    last: int
    shift: Shift | None
    occurrence: int = ALWAYS

    def covers(self, day: datetime.date) -> bool:
        if not self.first <= day.weekday() <= self.last:
            return False
        if self.occurrence == ALWAYS:
            return True
        if self.occurrence == LAST:
            return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return (day.day - 1) // 7 + 1 == self.occurrence


def shadowed_by(rule: Rule, later: Sequence[Rule]) -> Rule | None:
    """Return the first of the later rules that leave a rule no day of its own, if its hours differ."""
    weekly = [one for one in later if one.occurrence in (ALWAYS, rule.occurrence)]
    covering = [
        [one for one in weekly if one.first <= day <= one.last]
        for day in range(rule.first, rule.last + 1)
    ]
    if not all(covering):
        return None
    return next((one for day in covering for one in day if one.shift != rule.shift), None)


@dataclass(frozen=True)
class Closure:
    """An exception: a holiday or a shortened day, `first` and `last` included. It beats every rule."""

    first: datetime.date
    last: datetime.date
    shift: Shift | None = None
    reason: str = ""


@dataclass(frozen=True)
class State:
    """Now: open until `until`, or closed until `next_opening`; both in the company's local time.

    `on_break`: it opens again today after the break. `reason`: why it is closed today, if it is said.
    """

    is_open: bool
    until: datetime.time | None = None
    shift: Shift | None = None
    next_opening: datetime.datetime | None = None
    on_break: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Schedule:
    """A later rule beats an earlier one, as on figure 32: «понедельник–пятница…, среда…»."""

    rules: tuple[Rule, ...] = ()
    closures: tuple[Closure, ...] = ()

    def shift_on(self, day: datetime.date) -> Shift | None:
        """Return the hours of a day, or None when it is closed."""
        closure = self.closure_on(day)
        if closure is not None:
            return closure.shift
        return next((rule.shift for rule in reversed(self.rules) if rule.covers(day)), None)

    def shift_worked(self, day: datetime.date, days: Mapping[datetime.date, bool]) -> Shift | None:
        """Return the hours of a day by the country's calendar too, which a closure of the centre beats.

        `days` are those that differ from their day of the week, by whether they are worked.
        """
        worked = days.get(day)
        if worked is None or self.closure_on(day) is not None:
            return self.shift_on(day)
        if not worked:
            return None
        return self.shift_on(day) or self._of_a_worked_saturday(day)

    def _of_a_worked_saturday(self, day: datetime.date) -> Shift | None:
        """Return Friday's hours where a centre that is closed on Saturdays has to work one."""
        before = day - datetime.timedelta(days=1)
        return self.shift_on(before) if day.weekday() == calendar.SATURDAY else None

    def closure_on(self, day: datetime.date) -> Closure | None:
        return next((one for one in reversed(self.closures) if one.first <= day <= one.last), None)

    def state(self, now: datetime.datetime) -> State:
        """Return the state at a local time of the company, aware in its time zone or naive."""
        local = now.replace(tzinfo=None)
        shift = self.shift_on(local.date())
        spans = shift.spans() if shift else []
        for opens, closes in spans:
            if opens <= local.time() < closes:
                return State(is_open=True, until=closes, shift=shift)
        closure = self.closure_on(local.date())
        between = len(spans) == 2 and spans[0][1] <= local.time() < spans[1][0]
        return State(
            is_open=False,
            shift=shift,
            next_opening=self._next_opening(local),
            on_break=between,
            reason=closure.reason if closure and shift is None else "",
        )

    def _next_opening(self, local: datetime.datetime) -> datetime.datetime | None:
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + datetime.timedelta(days=ahead)
            shift = self.shift_on(day)
            for opens, _ in shift.spans() if shift else ():
                if (moment := datetime.datetime.combine(day, opens)) > local:
                    return moment
        return None
