"""The day sheet: who comes to which desk of a centre on a day, and what is still free."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.desk.fitting import Fit, Reason, row_of
from cabinet.appointments.desk.hours import Hours, Span, cut, day_of, without
from cabinet.appointments.models import ACTIVE, Appointment, Desk, DeskAbsence
from cms_pages.models import ServiceCentre

State = Appointment.State
# What a sheet shows; codes that nobody typed in say nothing to those who serve.
_SHOWN = (*ACTIVE, State.MISSED, State.CANCELLED)
# A shorter gap is a pause between two persons.
SHORTEST = datetime.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the sheet: a booking, or free time. `reasons`: why the booking cannot be served here."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    booking: Appointment | None = None
    reasons: Sequence[Reason] = ()
    is_now: bool = False
    is_past: bool = False

    @property
    def times(self) -> str:
        first, last = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{first:%H:%M}–{last:%H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def waits_for_mark(self) -> bool:
        return bool(self.is_past and self.booking and self.booking.state == State.BOOKED)


@dataclass(frozen=True, kw_only=True)
class DeskDay:
    """A desk's day; without a desk, those who are served besides the booked ones."""

    desk: Desk | None
    lines: list[Line]
    hours: list[Span] = field(default_factory=list)
    absences: list[DeskAbsence] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return the desk's name; without one, whether all are extra or another system has the desks."""
        if self.desk:
            return self.desk.name
        extra = all(one.source == Appointment.Source.WALK_IN for one in self.bookings)
        return _("Сверх записи") if extra else _("Без окна")

    @property
    def bookings(self) -> list[Appointment]:
        return [line.booking for line in self.lines if line.booking]

    @property
    def free_minutes(self) -> int:
        return sum(line.minutes for line in self.lines if line.booking is None)


@dataclass(frozen=True, kw_only=True)
class DaySheet:
    centre: ServiceCentre
    day: datetime.date
    desks: list[DeskDay]
    cancelled: list[Appointment]
    closed_because: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(one.lines for one in self.desks)

    def count(self, *states: str) -> int:
        bookings = (booking for one in self.desks for booking in one.bookings)
        return sum(booking.state in states for booking in bookings)

    @property
    def booked(self) -> int:
        return self.count(State.BOOKED)

    @property
    def arrived(self) -> int:
        return self.count(State.ARRIVED)

    @property
    def missed(self) -> int:
        return self.count(State.MISSED)

    @property
    def unmarked(self) -> int:
        return sum(line.waits_for_mark for one in self.desks for line in one.lines)


def _bookings(centre: ServiceCentre, bounds: Span, desk_pk: int | None) -> QuerySet[Appointment]:
    """Return what a sheet is made of. Who is served besides, or was refused, stands on each desk's own."""
    first, last = bounds
    rows = Appointment.objects.filter(centre=centre, starts_at__gte=first, starts_at__lt=last)
    shown = rows.filter(state__in=_SHOWN).select_related("account")
    if desk_pk is not None:
        shown = shown.filter(Q(desk=desk_pk) | Q(desk=None) | Q(state=State.CANCELLED))
    return shown.order_by("starts_at", "pk")


def day_sheet(
    centre: ServiceCentre, day: datetime.date, fit: Fit, desk_pk: int | None = None
) -> DaySheet:
    """Return the sheet of a day, of one desk or of all, in a constant number of queries."""
    now = timezone.now()
    ends = Q(last_day__gte=day) | Q(last_day=None, first_day=day)
    of_day = DeskAbsence.objects.filter(ends, first_day__lte=day)
    asked = Desk.objects.filter(centre=centre).order_by("order", "name")
    asked = asked.prefetch_related(Prefetch("absences", of_day, "absences_of_day"))
    desks = [one for one in asked if desk_pk in (None, one.pk)]
    opening = Hours.of(centre, day)
    by_desk: dict[int | None, list[Appointment]] = {}
    cancelled = []
    for booking in _bookings(centre, day_of(day), desk_pk):
        if booking.state == State.CANCELLED:
            cancelled.append(booking)
        elif booking.state != State.HELD or (booking.held_until and booking.held_until > now):
            by_desk.setdefault(booking.desk_id, []).append(booking)
    shown = [_desk_day(one, by_desk.get(one.pk, []), opening, day, fit) for one in desks]
    shown = [one for one in shown if one.desk and (one.desk.is_open or one.lines)]
    if besides := by_desk.get(None):
        lines = [_line(one, now, fit) for one in besides]
        shown.append(DeskDay(desk=None, lines=lines))
    closure = centre.schedule.closure_on(day)
    return DaySheet(
        centre=centre,
        day=day,
        desks=shown,
        cancelled=cancelled,
        closed_because=closure.reason if closure else "",
    )


def _desk_day(
    desk: Desk,
    bookings: list[Appointment],
    opening: Hours,
    day: datetime.date,
    fit: Fit,
) -> DeskDay:
    now = timezone.now()
    absences = list(desk.absences_of_day)  # type: ignore[attr-defined]
    hours = opening.spans(day)
    for absence in absences:
        hours = without(hours, opening.absence_span(absence, day))
    lines = [_line(one, now, fit) for one in bookings]
    if desk.is_open:
        taken = [
            (one.starts_at, one.ends_at)
            for one in lines
            if one.booking and one.booking.state in ACTIVE
        ]
        lines += _free(hours, taken, now)
    lines.sort(key=lambda one: (one.starts_at, one.booking is None))
    return DeskDay(desk=desk, lines=lines, hours=hours, absences=absences)


def _free(hours: list[Span], taken: Iterable[Span], now: datetime.datetime) -> list[Line]:
    """Return the free time from now on."""
    left = hours
    for span in taken:
        left = without(left, span)
    ahead = cut(left, now.replace(second=0, microsecond=0))
    return [
        Line(starts_at=first, ends_at=last, is_now=first <= now < last)
        for first, last in ahead
        if last - first >= SHORTEST
    ]


def _line(booking: Appointment, now: datetime.datetime, fit: Fit) -> Line:
    first, last = booking.during.lower, booking.during.upper
    is_to_come = booking.state == State.BOOKED and booking.desk_id is not None and last > now
    return Line(
        starts_at=first,
        ends_at=last,
        booking=booking,
        reasons=fit.reasons(row_of(booking)) if is_to_come else (),
        is_now=first <= now < last,
        is_past=first <= now,
    )
