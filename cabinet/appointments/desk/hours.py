"""Open hours of centres and desks as spans of time, in UTC, so that clocks may change between them."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from cabinet.appointments.contrib.local.timetable import A_DAY, moments_of
from cabinet.appointments.models import DeskAbsence
from cms_pages.centres.schedule import Schedule
from cms_pages.models import ServiceCentre
from tenants.legal.working_days import days_that_differ

Span = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Hours:
    """The hours of a centre, with the country's days off, in the company's time zone."""

    schedule: Schedule
    days: Mapping[datetime.date, bool]
    zone: datetime.tzinfo

    @classmethod
    def of(cls, centre: ServiceCentre, first: datetime.date) -> "Hours":
        """Return the hours of a centre from a day on."""
        days = days_that_differ(first)
        return cls(centre.schedule, days, timezone.get_current_timezone())

    def spans(self, day: datetime.date) -> list[Span]:
        """Return when the centre is open on a day, without its break."""
        shift = self.schedule.shift_worked(day, self.days)
        return [
            (self._moment(day, opens, late=True), self._moment(day, closes))
            for opens, closes in (shift.spans() if shift else ())
        ]

    def absence_span(self, absence: DeskAbsence, day: datetime.date) -> Span:
        """Return the part of a day on which the desk takes nobody: all of it, if no time is said."""
        first = self._moment(day, absence.from_time or datetime.time.min)
        if absence.to_time:
            return first, self._moment(day, absence.to_time, late=True)
        return first, self._moment(day + A_DAY, datetime.time.min, late=True)

    def _moment(
        self, day: datetime.date, time: datetime.time, *, late: bool = False
    ) -> datetime.datetime:
        return _moment(day, time, self.zone, late=late)


def day_of(day: datetime.date) -> Span:
    """Return the beginning of a day of the company and that of the next one."""
    zone = timezone.get_current_timezone()
    midnight = datetime.time.min
    return _moment(day, midnight, zone), _moment(day + A_DAY, midnight, zone)


def _moment(
    day: datetime.date, time: datetime.time, zone: datetime.tzinfo, *, late: bool = False
) -> datetime.datetime:
    """Return a moment: of an hour that comes twice or is left out, the early one or the late one."""
    return datetime.datetime.fromtimestamp(moments_of(day, time, zone)[late], datetime.UTC)


def without(spans: Iterable[Span], away: Span) -> list[Span]:
    """Return what is left of spans without another one."""
    left: list[Span] = []
    for first, last in spans:
        parts = ((first, min(last, away[0])), (max(first, away[1]), last))
        left += [part for part in parts if part[0] < part[1]]
    return left


def cut(spans: Iterable[Span], start: datetime.datetime) -> list[Span]:
    """Return what is left of spans from a moment on."""
    return [(max(first, start), last) for first, last in spans if last > start]
