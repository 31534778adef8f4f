"""Whom to call: bookings that no longer fit the hours, the desk or the services they were made for."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from cabinet.appointments.contrib.local.queue import seconds_of
from cabinet.appointments.desk.fitting import Fit, Reason, Row, fit_read, row_of
from cabinet.appointments.models import ACTIVE, Appointment
from cms_pages.models import ServiceCentre

# A page shows so many; the next ones come up when these are done.
SHOWN = 100
_CACHE_KEY, _CACHED_SECONDS = "appointments-to-call", 60


@dataclass(frozen=True)
class ToCall:
    """A booking with what is wrong; `has_other_desk`: one is free at its time, and nobody has to call."""

    booking: Appointment
    reasons: list[Reason]
    has_other_desk: bool


@dataclass(frozen=True)
class Calls:
    """Whom to call, whom somebody has called already, and how many of each there are."""

    waiting: list[ToCall]
    called: list[ToCall]
    waiting_count: int
    called_count: int


def about(row: Row, codes: tuple[str, ...]) -> str:
    """Return what a call is about, to compare with later: another reason or window is another call."""
    return f"{','.join(sorted(codes))}@{row.start}"


def about_of(booking: Appointment) -> str:
    """Return what a call about this booking is about now; empty when it fits."""
    row = row_of(booking)
    codes = fit_read().codes(row) if _is_to_come(booking) else ()
    return about(row, codes) if codes else ""


def reasons_of(booking: Appointment) -> list[Reason]:
    """Return why a booking does not fit; nothing for one that is over."""
    return fit_read().reasons(row_of(booking)) if _is_to_come(booking) else []


def calls_of() -> Calls:
    """Return the bookings to come that no longer fit, the nearest first.

    The number of queries is the same for any number of centres, desks and bookings; 20 000 bookings are
    read as numbers, and only what is shown as objects.
    """
    fit = fit_read()
    found = _misfits(fit)
    waiting = [row for row, is_called in found if not is_called]
    called = [row for row, is_called in found if is_called]
    cache.set(_CACHE_KEY, len(waiting), _CACHED_SECONDS)
    shown = [*waiting[:SHOWN], *called[:SHOWN]]
    others = _other_desks(fit, shown)
    rows = Appointment.objects.select_related("centre", "desk", "service")
    bookings = rows.in_bulk([row.pk for row in shown])

    def made(found: list[Row]) -> list[ToCall]:
        return [
            ToCall(bookings[row.pk], fit.reasons(row), row.pk in others)
            for row in found[:SHOWN]
            if row.pk in bookings
        ]

    return Calls(made(waiting), made(called), len(waiting), len(called))


def _other_desks(fit: Fit, rows: list[Row]) -> set[int]:
    """Return the keys of those bookings that another desk, free at their time, could serve. One query."""
    wanted = {row.pk: desks for row in rows if (desks := fit.others_of(row))}
    if not wanted:
        return set()
    first, last = min(row.start for row in rows), max(row.end for row in rows)
    moments = [datetime.datetime.fromtimestamp(one, datetime.UTC) for one in (first, last)]
    asked = {desk for found in wanted.values() for desk in found}
    taken = Appointment.objects.filter(
        state__in=ACTIVE, desk__in=asked, during__overlap=(moments[0], moments[1])
    )
    busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for desk, start, end in taken.values_list("desk", seconds_of("lower"), seconds_of("upper")):
        busy[desk].append((start, end))

    def is_free(desk: int, row: Row) -> bool:
        return not any(start < row.end and row.start < end for start, end in busy[desk])

    return {row.pk for row in rows if any(is_free(desk, row) for desk in wanted.get(row.pk, ()))}


def to_call_count(centre: ServiceCentre | None = None, fit: Fit | None = None) -> int:
    """Return how many wait for a call, in a centre or in all; of all it is remembered for the menu."""
    count = sum(not is_called for _row, is_called in _misfits(fit or fit_read(), centre))
    if centre is None:
        cache.set(_CACHE_KEY, count, _CACHED_SECONDS)
    return count


def to_call_lately() -> int:
    """Return how many there are in all centres, as counted within the last minute: every page asks."""
    count: int | None = cache.get(_CACHE_KEY)
    return to_call_count() if count is None else count


def to_call_changed() -> None:
    """Have them counted anew, because an operator has called somebody, or changed a booking."""
    cache.delete(_CACHE_KEY)


def _misfits(fit: Fit, centre: ServiceCentre | None = None) -> list[tuple[Row, bool]]:
    """Return the bookings that do not fit, the nearest first, and whether somebody has called about it.

    What they share is looked at first: on most days nothing is wrong, and of 20 000 none has to be read.
    """
    rows = Appointment.objects.filter(
        state=Appointment.State.BOOKED, starts_at__gt=timezone.now()
    ).exclude(desk=None)
    if centre is not None:
        rows = rows.filter(centre=centre)
    start, end = seconds_of("lower"), seconds_of("upper")
    windows = rows.order_by().values_list("centre_id", start, end).distinct()
    served = rows.order_by().values_list("centre_id", "desk_id", "service_id").distinct()
    rows = rows.filter(fit.suspects(windows, served)).order_by("starts_at", "pk")
    columns = ("pk", "centre_id", "desk_id", "service_id", start, end, "called_about")
    found = []
    for values in rows.values_list(*columns):
        row = Row(*values)
        if codes := fit.codes(row):
            found.append((row, row.called_about == about(row, codes)))
    return found


def _is_to_come(booking: Appointment) -> bool:
    is_booked = booking.state == Appointment.State.BOOKED and booking.desk_id is not None
    return is_booked and booking.during.upper > timezone.now()
