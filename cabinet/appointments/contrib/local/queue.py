"""The portal's own queue: windows from the centre's hours, its desks, and what is booked there.

Whoever takes a window holds the centre's lock (`lifecycle/windows.py`): of two that insert overlapping
ranges at once each would wait for the other. The exclusion constraint holds whatever anybody forgets.
"""

import datetime
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BigIntegerField, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.appointments.base import AppointmentBackend, Window
from cabinet.appointments.contrib.local.timetable import A_DAY, Busy, Timetable, moments_of
from cabinet.appointments.exceptions import WindowTaken
from cabinet.appointments.models import Appointment, AppointmentService, Desk, DeskAbsence
from cabinet.appointments.registry import appointment_settings
from cms_pages.models import ServiceCentre
from tenants.legal.working_days import days_that_differ

State = Appointment.State
# As the exclusion constraint has it, so that its index is used.
_ACTIVE = Q(state=State.HELD) | Q(state=State.BOOKED) | Q(state=State.ARRIVED)
_EXCLUSION_VIOLATION = "23P01"
_EVER = datetime.datetime.min.replace(tzinfo=datetime.UTC) + A_DAY


class LocalQueue(AppointmentBackend):
    code = "local"
    title = _("портал")

    def free_windows(
        self,
        centre: ServiceCentre,
        service: AppointmentService,
        first: datetime.date,
        last: datetime.date,
        *,
        by_staff: bool = False,
    ) -> list[Window]:
        return timetable_of(
            centre, service, first, last, length=service.length, by_staff=by_staff
        ).windows()

    def take(
        self,
        appointment: Appointment,
        starts_at: datetime.datetime,
        *,
        reference: str = "",
        by_staff: bool = False,
    ) -> None:
        length = _length_of(appointment)
        day = timezone.localdate(starts_at)
        table = timetable_of(
            appointment.centre,
            appointment.service,
            day,
            day,
            length=length,
            by_staff=by_staff,
            but=appointment.pk,
        )
        appointment.starts_at = starts_at
        appointment.during = DateTimeTZRange(starts_at, starts_at + length)
        for desk in table.desks_at(starts_at):
            appointment.desk_id = desk
            if _saved(appointment):
                return
        raise WindowTaken

    def release(self, appointment: Appointment) -> None:
        """Do nothing: the row itself, by its state or its new time, has freed the window."""


def timetable_of(
    centre: ServiceCentre,
    service: AppointmentService | None,
    first: datetime.date,
    last: datetime.date,
    *,
    length: datetime.timedelta,
    by_staff: bool = False,
    but: int | None = None,
) -> Timetable:
    """Return the timetable of a centre's days: at most seven queries, however many days and desks.

    `but` is an appointment whose own window counts as free.
    """
    rules, now, today = appointment_settings(), timezone.now(), timezone.localdate()
    zone = timezone.get_current_timezone()
    earliest = _EVER if by_staff else now + datetime.timedelta(minutes=rules.notice_minutes)
    if not by_staff:
        first, last = max(first, today), min(last, today + rules.days_ahead * A_DAY)
    # So far no queryset was read: a wrong year of a visitor costs nothing.
    days = days_that_differ(first) if first <= last else {}
    desks = _desks(centre, service) if first <= last else []
    numbers = [first + number * A_DAY for number in range((last - first).days + 1)]
    shifts = [(day, centre.schedule.shift_worked(day, days)) for day in numbers] if desks else []
    busy = [*_booked(desks, first, last, zone, now, but), *_away(desks, first, last, zone)]
    return Timetable(
        shifts=[(day, shift) for day, shift in shifts if shift],
        zone=zone,
        length=length,
        desks=desks,
        busy=busy,
        earliest=earliest,
    )


def _length_of(appointment: Appointment) -> datetime.timedelta:
    if appointment.service is not None:
        return appointment.service.length
    # The service is deleted: as long as it was.
    start, end = _bounds(appointment)
    return end - start


def _bounds(appointment: Appointment) -> tuple[datetime.datetime, datetime.datetime]:
    during = appointment.during
    return (during[0], during[1]) if isinstance(during, tuple) else (during.lower, during.upper)


def _desks(centre: ServiceCentre, service: AppointmentService | None) -> list[int]:
    desks = Desk.objects.filter(centre=centre, is_open=True)
    if service is not None:
        desks = desks.filter(Q(services=None) | Q(services=service))
    found = desks.order_by("order", "name").values_list("pk", flat=True)
    return list(dict.fromkeys(found))


def _booked(
    desks: list[int],
    first: datetime.date,
    last: datetime.date,
    zone: datetime.tzinfo,
    now: datetime.datetime,
    but: int | None,
) -> Iterator[Busy]:
    if not desks:
        return
    begin = datetime.datetime.combine(first, datetime.time(), zone)
    end = datetime.datetime.combine(last + A_DAY, datetime.time(), zone)
    found = Appointment.objects.filter(_ACTIVE, desk__in=desks, during__overlap=(begin, end))
    found = found.exclude(state=State.HELD, held_until__lte=now)
    if but is not None:
        found = found.exclude(pk=but)
    # Numbers are read several times as fast as moments, and a busy month has twenty thousand.
    yield from found.values_list("desk_id", seconds_of("lower"), seconds_of("upper"))


def seconds_of(function: str) -> Func:
    """Return a bound of the window as seconds; Django's `Extract` would shift them by the time zone."""
    template = f"EXTRACT(epoch FROM {function}(%(expressions)s))::bigint"
    return Func(F("during"), template=template, output_field=BigIntegerField())


def _away(
    desks: list[int], first: datetime.date, last: datetime.date, zone: datetime.tzinfo
) -> Iterator[Busy]:
    if not desks:
        return
    ends = Q(last_day__gte=first) | Q(last_day=None, first_day__gte=first)
    for absence in DeskAbsence.objects.filter(ends, desk__in=desks, first_day__lte=last):
        day, until = max(absence.first_day, first), min(absence.last_day or absence.first_day, last)
        while day <= until:
            begins, _late = moments_of(day, absence.from_time or datetime.time(), zone)
            if absence.to_time is None:
                _early, ends_at = moments_of(day + A_DAY, datetime.time(), zone)
            else:
                _early, ends_at = moments_of(day, absence.to_time, zone)
            yield absence.desk_id, begins, ends_at
            day += A_DAY


def _saved(appointment: Appointment) -> bool:
    """Save, and return whether the table took it: it refuses a desk that is not free."""
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != _EXCLUSION_VIOLATION:
            raise
        return False
    return True
