"""What a booking has to fit: the hours of its centre, the absences of its desk, what is served there."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.desk.hours import Hours
from cabinet.appointments.models import Appointment, AppointmentService, Desk, DeskAbsence
from cms_pages.models import ServiceCentre
from tenants.legal.working_days import days_that_differ

Seconds = tuple[int, int]


class Row(NamedTuple):
    """A booking as numbers, because thousands are looked through. Moments are in seconds since 1970."""

    pk: int
    centre: int
    desk: int
    service: int | None
    start: int
    end: int
    called_about: str = ""


def row_of(booking: Appointment) -> Row:
    """Return a booking as numbers; it has to have a window."""
    return Row(
        booking.pk,
        booking.centre_id,
        booking.desk_id or 0,
        booking.service_id,
        int(booking.during.lower.timestamp()),
        int(booking.during.upper.timestamp()),
        booking.called_about,
    )


@dataclass(frozen=True)
class Reason:
    """Why a booking does not fit: a code that stays the same, and the words of it."""

    code: str
    said: str


class Fit:
    """The hours, desks and services of a company from today on. What is asked often is remembered."""

    def __init__(
        self,
        hours: dict[int, Hours],
        desks: dict[int, Desk],
        absences: dict[int, list[DeskAbsence]],
        services: dict[int, AppointmentService],
    ) -> None:
        self._hours, self._desks, self._services = hours, desks, services
        self._absences = absences
        self._zone = timezone.get_current_timezone()
        self._spans: dict[tuple[int, datetime.date], list[Seconds]] = {}
        self._served: dict[tuple[int, int, int | None], tuple[str, ...]] = {}

    def codes(self, row: Row) -> tuple[str, ...]:
        """Return why a booking does not fit; nothing for one that does."""
        day = datetime.datetime.fromtimestamp(row.start, self._zone).date()
        found = self._served_codes(row.centre, row.desk, row.service)
        if not self._fits(row.centre, row.start, row.end):
            found = (self._hours_code(row, day), *found)
        if self._absence(row, day):
            found = (*found, "away")
        return found

    def reasons(self, row: Row) -> list[Reason]:
        """Return the same in words."""
        if not (codes := self.codes(row)):
            return []
        day = datetime.datetime.fromtimestamp(row.start, self._zone).date()
        desk, absence = self._desks[row.desk].name, self._absence(row, day)
        closure = self._hours[row.centre].schedule.closure_on(day)
        said = {
            "closed": _with(_("Центр в этот день закрыт"), closure.reason if closure else ""),
            "break": _("В это время в центре обед"),
            "hours": _("В это время центр закрыт"),
            "shut": _("%s больше не принимает по записи") % desk,
            "gone": _("Услугу больше не оказывают по записи"),
            "elsewhere": _("Услугу больше не оказывают в этом центре"),
            "unfit": _("%s больше не оказывает эту услугу") % desk,
            "away": _with(_("%s не принимает") % desk, absence.reason if absence else ""),
        }
        return [Reason(code, said[code]) for code in codes]

    def others_of(self, row: Row) -> list[int]:
        """Return the desks of the centre that could serve the booking at its time, taken or not."""
        centre = [one.pk for one in self._desks.values() if one.centre_id == row.centre]
        return [desk for desk in centre if not self.codes(row._replace(desk=desk))]

    def suspects(
        self,
        windows: Iterable[tuple[int, int, int]],
        served: Iterable[tuple[int, int, int | None]],
    ) -> Q:
        """Return a condition that all bookings meet which do not fit, and few others.

        `windows`: centre, start and end, each once; `served`: centre, desk and service. Thousands of
        bookings share a few of them.
        """
        shut = {start for centre, start, end in windows if not self._fits(centre, start, end)}
        odd = [one for one in served if self._served_codes(*one)]
        services = [service for _centre, _desk, service in odd if service]
        found = Q(
            starts_at__in=[datetime.datetime.fromtimestamp(one, datetime.UTC) for one in shut]
        )
        found |= Q(
            Q(service__in=services) | Q(service=None),
            desk__in={desk for _centre, desk, _service in odd},
        )
        for absence in chain.from_iterable(self._absences.values()):
            days = (absence.first_day, absence.last_day or absence.first_day)
            found |= Q(desk=absence.desk_id, starts_at__date__range=days)
        return found

    def _fits(self, centre: int, start: int, end: int) -> bool:
        day = datetime.datetime.fromtimestamp(start, self._zone).date()
        return any(first <= start and end <= last for first, last in self._open(centre, day))

    def _open(self, centre: int, day: datetime.date) -> list[Seconds]:
        key = (centre, day)
        if key not in self._spans:
            spans = self._hours[centre].spans(day)
            self._spans[key] = [
                (int(first.timestamp()), int(last.timestamp())) for first, last in spans
            ]
        return self._spans[key]

    def _hours_code(self, row: Row, day: datetime.date) -> str:
        spans = self._open(row.centre, day)
        if not spans:
            return "closed"
        return "break" if spans[0][0] <= row.start and row.end <= spans[-1][1] else "hours"

    def _absence(self, row: Row, day: datetime.date) -> DeskAbsence | None:
        for absence in self._absences.get(row.desk, ()):
            if absence.first_day <= day <= (absence.last_day or absence.first_day):
                first, last = self._hours[row.centre].absence_span(absence, day)
                if first.timestamp() < row.end and row.start < last.timestamp():
                    return absence
        return None

    def _served_codes(self, centre: int, desk: int, service: int | None) -> tuple[str, ...]:
        key = (centre, desk, service)
        if key not in self._served:
            self._served[key] = tuple(self._not_served(*key))
        return self._served[key]

    def _not_served(self, centre: int, desk_pk: int, service_pk: int | None) -> list[str]:
        desk, service = self._desks[desk_pk], self._services.get(service_pk or 0)
        found = [] if desk.is_open else ["shut"]
        if service is None or not service.is_offered:
            return [*found, "gone"]
        centres = {one.pk for one in service.centres.all()}
        if centres and centre not in centres:
            found.append("elsewhere")
        served = {one.pk for one in desk.services.all()}
        if served and service.pk not in served:
            found.append("unfit")
        return found


def fit_read() -> Fit:
    """Return what bookings have to fit now, in ten queries."""
    today = timezone.localdate()
    days, zone = days_that_differ(today), timezone.get_current_timezone()
    centres = ServiceCentre.objects.filter(desks__isnull=False).distinct()
    centres = centres.prefetch_related("hours", "closures")
    absences: dict[int, list[DeskAbsence]] = defaultdict(list)
    for absence in DeskAbsence.objects.filter(
        Q(last_day__gte=today) | Q(last_day=None, first_day__gte=today)
    ):
        absences[absence.desk_id].append(absence)
    return Fit(
        {one.pk: Hours(one.schedule, days, zone) for one in centres},
        {one.pk: one for one in Desk.objects.prefetch_related("services")},
        absences,
        {one.pk: one for one in AppointmentService.objects.prefetch_related("centres")},
    )


def _with(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text
