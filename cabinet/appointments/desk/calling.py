"""Whom to call: bookings that no longer fit the hours, the desk or the services they were made for."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.desk.hours import Hours, holds
from cabinet.appointments.models import Appointment, AppointmentService, Desk, DeskAbsence
from cms_pages.models import ServiceCentre
from tenants.legal.working_days import days_that_differ

# Codes of reasons that another desk does not have.
_OF_DESK = {"away", "shut", "unfit"}


@dataclass(frozen=True)
class Reason:
    """Why a booking does not fit: a code that stays the same, and the words of it."""

    code: str
    said: str


@dataclass(frozen=True)
class ToCall:
    """A booking with what is wrong; `is_called`: an operator has told the person about just that."""

    booking: Appointment
    reasons: list[Reason]

    @property
    def about(self) -> str:
        return about(self.booking, self.reasons)

    @property
    def is_of_desk(self) -> bool:
        """Tell whether the desk alone is wrong: another one may serve the person at the same time."""
        return {one.code for one in self.reasons} <= _OF_DESK

    @property
    def is_called(self) -> bool:
        return self.booking.called_about == self.about


def about(booking: Appointment, reasons: Iterable[Reason]) -> str:
    """Return what a call was about, to compare with later: another reason or window is another call."""
    codes = ",".join(sorted(one.code for one in reasons))
    return f"{codes}@{booking.starts_at:%Y-%m-%dT%H:%M}"


def why_to_call(
    booking: Appointment, desk: Desk, absences: Sequence[DeskAbsence], hours: Hours
) -> list[Reason]:
    """Return why a booking cannot be served at its desk and time; nothing for one that is over.

    The desk's and the service's rows come along, so that a list of bookings asks nothing more.
    """
    if booking.state != Appointment.State.BOOKED or booking.during.upper <= timezone.now():
        return []
    day = timezone.localtime(booking.starts_at).date()
    span = (booking.during.lower, booking.during.upper)
    found = [*_of_hours(hours, day, span)]
    for absence in absences:
        first, last = hours.absence_span(absence, day)
        covers = absence.first_day <= day <= (absence.last_day or absence.first_day)
        if covers and first < span[1] and span[0] < last:
            reason = f": {absence.reason}" if absence.reason else ""
            found.append(Reason("away", _("%s не принимает") % desk.name + reason))
            break
    return [*found, *_of_service(booking, desk)]


def reasons_of(booking: Appointment) -> list[Reason]:
    """Return why a single booking does not fit."""
    if booking.desk is None:
        return []
    hours = Hours.of(booking.centre, timezone.localdate())
    return why_to_call(booking, booking.desk, list(booking.desk.absences.all()), hours)


def bookings_to_call(centre: ServiceCentre | None = None) -> list[ToCall]:
    """Return the bookings to come that no longer fit, the nearest first.

    The number of queries is the same for any number of centres, desks and bookings.
    """
    now = timezone.now()
    rows = Appointment.objects.filter(state=Appointment.State.BOOKED, starts_at__gt=now)
    if centre is not None:
        rows = rows.filter(centre=centre)
    bookings = list(rows.exclude(desk=None).order_by("starts_at", "pk"))
    if not bookings:
        return []
    around = _around({one.desk_id for one in bookings if one.desk_id})
    found = []
    for booking in bookings:
        if booking.service_id:
            booking.service = around.services.get(booking.service_id)
        desk = around.desks[booking.desk_id or 0]
        booking.desk = desk
        hours = around.hours[booking.centre_id]
        booking.centre = around.centres[booking.centre_id]
        if reasons := why_to_call(booking, desk, around.absences[desk.pk], hours):
            found.append(ToCall(booking, reasons))
    return found


def to_call_count(centre: ServiceCentre | None = None) -> int:
    return sum(not one.is_called for one in bookings_to_call(centre))


@dataclass(frozen=True)
class _Around:
    """What lies around the bookings, by key."""

    centres: Mapping[int, ServiceCentre]
    hours: Mapping[int, Hours]
    desks: Mapping[int, Desk]
    absences: Mapping[int, list[DeskAbsence]]
    services: Mapping[int, AppointmentService]


def _around(desk_pks: set[int]) -> _Around:
    today = timezone.localdate()
    desks = Desk.objects.in_bulk(desk_pks)
    asked = Desk.objects.filter(pk__in=desk_pks).prefetch_related("services")
    desks = {one.pk: one for one in asked}
    centres = {
        one.pk: one
        for one in ServiceCentre.objects.filter(
            pk__in={one.centre_id for one in desks.values()}
        ).prefetch_related("hours", "closures", "phones")
    }
    days, zone = days_that_differ(today), timezone.get_current_timezone()
    absences: dict[int, list[DeskAbsence]] = defaultdict(list)
    ahead = Q(last_day__gte=today) | Q(last_day=None, first_day__gte=today)
    for absence in DeskAbsence.objects.filter(ahead, desk__in=desk_pks):
        absences[absence.desk_id].append(absence)
    services = AppointmentService.objects.prefetch_related("centres")
    return _Around(
        centres=centres,
        hours={pk: Hours(one.schedule, days, zone) for pk, one in centres.items()},
        desks=desks,
        absences=absences,
        services={one.pk: one for one in services},
    )


def _of_hours(
    hours: Hours, day: datetime.date, span: tuple[datetime.datetime, datetime.datetime]
) -> list[Reason]:
    spans = hours.spans(day)
    if not spans:
        closure = hours.schedule.closure_on(day)
        because = f": {closure.reason}" if closure and closure.reason else ""
        return [Reason("closed", _("Центр в этот день закрыт") + because)]
    if holds(spans, span):
        return []
    if spans[0][0] <= span[0] and span[1] <= spans[-1][1]:
        return [Reason("break", _("В это время в центре обед"))]
    return [Reason("hours", _("В это время центр закрыт"))]


def _of_service(booking: Appointment, desk: Desk) -> list[Reason]:
    service = booking.service
    found = []
    if not desk.is_open:
        found.append(Reason("shut", _("%s больше не принимает по записи") % desk.name))
    if service is None or not service.is_offered:
        found.append(Reason("gone", _("Услугу больше не оказывают по записи")))
        return found
    centres = {one.pk for one in service.centres.all()}
    if centres and booking.centre_id not in centres:
        found.append(Reason("gone", _("Услугу больше не оказывают в этом центре")))
    served = {one.pk for one in desk.services.all()}
    if served and service.pk not in served:
        found.append(Reason("unfit", _("%s больше не оказывает эту услугу") % desk.name))
    return found
