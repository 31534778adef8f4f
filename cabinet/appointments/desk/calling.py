"""Whom to call: bookings that no longer fit the hours, the desk or the services they were made for."""

from dataclasses import dataclass

from django.utils import timezone

from cabinet.appointments.contrib.local.queue import seconds_of
from cabinet.appointments.desk.fitting import Fit, Reason, Row, fit_read, row_of
from cabinet.appointments.models import Appointment
from cms_pages.models import ServiceCentre

# A page shows so many; the next ones come up when these are done.
SHOWN = 100
# Codes of reasons that another desk does not have.
_OF_DESK = {"away", "shut", "unfit"}


@dataclass(frozen=True)
class ToCall:
    """A booking with what is wrong."""

    booking: Appointment
    reasons: list[Reason]

    @property
    def is_of_desk(self) -> bool:
        """Tell whether the desk alone is wrong: another one may serve the person at the same time."""
        return {one.code for one in self.reasons} <= _OF_DESK


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
    shown = [*waiting[:SHOWN], *called[:SHOWN]]
    rows = Appointment.objects.select_related("centre", "desk", "service")
    bookings = rows.in_bulk([row.pk for row in shown])
    made = [
        ToCall(bookings[row.pk], fit.reasons(row)) if row.pk in bookings else None for row in shown
    ]
    known = [one for one in made if one]
    count = len(waiting[:SHOWN])
    return Calls(known[:count], known[count:], len(waiting), len(called))


def to_call_count(centre: ServiceCentre | None = None, fit: Fit | None = None) -> int:
    return sum(not is_called for _row, is_called in _misfits(fit or fit_read(), centre))


def _misfits(fit: Fit, centre: ServiceCentre | None = None) -> list[tuple[Row, bool]]:
    """Return the bookings that do not fit, the nearest first, and whether somebody has called about it."""
    rows = Appointment.objects.filter(
        state=Appointment.State.BOOKED, starts_at__gt=timezone.now()
    ).exclude(desk=None)
    if centre is not None:
        rows = rows.filter(centre=centre)
    found = []
    for values in rows.order_by("starts_at", "pk").values_list(
        "pk",
        "centre_id",
        "desk_id",
        "service_id",
        seconds_of("lower"),
        seconds_of("upper"),
        "called_about",
    ):
        row = Row(*values)
        if codes := fit.codes(row):
            found.append((row, row.called_about == about(row, codes)))
    return found


def _is_to_come(booking: Appointment) -> bool:
    is_booked = booking.state == Appointment.State.BOOKED and booking.desk_id is not None
    return is_booked and booking.during.upper > timezone.now()
