"""Desks of the demo's centres and who comes to them: a free day, a full one, today half over."""

import datetime
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from devtools.demo.data.logins import SUBSCRIBER

if TYPE_CHECKING:
    from cabinet.appointments.models import Appointment, AppointmentService, Desk
    from cms_pages.models import ServiceCentre

# Centre, desk, and words of the services that it alone has (none: all).
DESKS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "pskov": (
        ("pskov", "Окно 1", ()),
        ("pskov", "Окно 2", ()),
        ("pskov", "Окно 3", ("Заключение", "Смена")),
        ("luki", "Окно 1", ()),
        ("luki", "Окно 2", ()),
        ("ostrov", "Окно 1", ()),
    ),
    "novgorod": (
        ("novgorod", "Окно 1", ()),
        ("novgorod", "Окно 2", ()),
        ("borovichi", "Окно 1", ()),
    ),
}
_NAMES = (
    "Анна Сергеевна",
    "Иванов Пётр",
    "Мария",
    "Галина Фёдоровна",
    "Олег Н.",
    "Смирнова Е. А.",
    "Виктор",
    "Ольга Павловна",
    "Николай Ильич",
    "Тамара",
)
_COMMENTS = ("", "", "", "Приеду с мамой", "Документы на дом и договор", "")
# Of the centre where the third open day is full and the fourth one free; elsewhere about half is taken.
_FULL_CENTRE, _SEED, _DAYS = "ostrov", 2026, 8


def appointments_create() -> None:
    """Create the desks and the bookings of each company, once."""
    from cabinet.appointments.models import Appointment
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for schema in DESKS:
        with in_company(GasCompany.objects.get(schema_name=schema)):
            _desks_create(schema)
            if not Appointment.objects.exists():
                dice = random.Random(f"{_SEED}{schema}")  # noqa: S311 — no secrets
                for desk in _desks():
                    Appointment.objects.bulk_create(_bookings_of(desk, dice))
                _own_create()
                _waiting_create()


def _desks_create(schema: str) -> None:
    from cabinet.appointments.models import AppointmentService, Desk
    from cms_pages.models import ServiceCentre

    for order, (code, name, words) in enumerate(DESKS[schema], start=1):
        centre = ServiceCentre.objects.get(code=code)
        desk, is_new = Desk.objects.get_or_create(
            centre=centre, name=name, defaults={"order": order * 10}
        )
        if is_new:
            for word in words:
                desk.services.add(*AppointmentService.objects.filter(name__startswith=word))


def _desks() -> Any:
    from cabinet.appointments.models import Desk

    return Desk.objects.select_related("centre").prefetch_related("services", "centre__hours")


def _bookings_of(desk: "Desk", dice: random.Random) -> Iterator["Appointment"]:
    from cabinet.appointments.models import AppointmentService

    services = list(desk.services.all()) or list(AppointmentService.objects.all())
    if not services:
        return
    for place, day in enumerate(_open_days(desk.centre)):
        share = 0.5
        if desk.centre.code == _FULL_CENTRE:
            share = {2: 1.0, 3: 0.0}.get(place, share)
        yield from _bookings_on(desk, day, services, share, dice)


def _open_days(centre: "ServiceCentre") -> list[datetime.date]:
    from django.utils import timezone

    from tenants.legal.working_days import days_that_differ

    today = timezone.localdate()
    differing = days_that_differ(today)
    days = (today + datetime.timedelta(days=number) for number in range(20))
    found = [one for one in days if centre.schedule.shift_on(one) and differing.get(one, True)]
    return found[:_DAYS]


def _bookings_on(
    desk: "Desk",
    day: datetime.date,
    services: list["AppointmentService"],
    share: float,
    dice: random.Random,
) -> Iterator["Appointment"]:
    """Yield bookings one after another; windows of ten minutes are the grid that all lengths fit."""
    from django.utils import timezone

    zone = timezone.get_current_timezone()
    shift = desk.centre.schedule.shift_on(day)
    for opens, closes in shift.spans() if shift else ():
        begins = datetime.datetime.combine(day, opens, zone)
        while True:
            service = dice.choice(services)
            end = begins + service.length
            if end > datetime.datetime.combine(day, closes, zone):
                break
            if dice.random() < share:
                yield _booking(desk, service, begins, dice)
            begins = end


def _booking(
    desk: "Desk", service: "AppointmentService", begins: datetime.datetime, dice: random.Random
) -> "Appointment":
    from django.utils import timezone

    from cabinet.appointments.models import Appointment

    state, source = Appointment.State.BOOKED, Appointment.Source.GUEST
    if begins < timezone.now():
        is_there = dice.random() < 0.85
        state = Appointment.State.ARRIVED if is_there else Appointment.State.MISSED
    return _row(
        desk,
        service,
        begins,
        state=state,
        source=source,
        contact_name=dice.choice(_NAMES),
        # Numbers that nobody has.
        phone=f"+7000{dice.randrange(10**7):07d}",
        comment=dice.choice(_COMMENTS),
    )


def _row(
    desk: "Desk", service: "AppointmentService", begins: datetime.datetime, **values: Any
) -> "Appointment":
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from cabinet.appointments.models import Appointment
    from portal.secrets import random_number

    return Appointment(
        number=random_number(),
        centre=desk.centre,
        desk=desk,
        during=DateTimeTZRange(begins, begins + service.length),
        starts_at=begins,
        service=service,
        service_name=service.name,
        **values,
    )


def _own_create() -> None:
    """Create a booking of the demo's subscriber on the fifth open day, where the desk is free."""
    from cabinet.appointments.models import Appointment, AppointmentService
    from cabinet.subscribers.models import Subscriber

    subscriber = Subscriber.objects.filter(email=SUBSCRIBER).first()
    desk, service = _desks().first(), AppointmentService.objects.order_by("-minutes").first()
    if subscriber is None or desk is None or service is None:
        return
    day = _open_days(desk.centre)[4]
    taken = Appointment.objects.filter(desk=desk, starts_at__date=day).order_by("starts_at").first()
    if taken is None:
        return
    Appointment.objects.filter(
        desk=desk, starts_at__gte=taken.starts_at, starts_at__lt=taken.starts_at + service.length
    ).delete()
    _row(
        desk,
        service,
        taken.starts_at,
        state=Appointment.State.BOOKED,
        source=Appointment.Source.CABINET,
        subscriber_id=subscriber.pk,
        contact_name="Елена",
        email=SUBSCRIBER,
    ).save()


def _waiting_create() -> None:
    """Let two people wait for the day that is full."""
    from cabinet.appointments.models import AppointmentService, WaitingEntry
    from cms_pages.models import ServiceCentre

    centre = ServiceCentre.objects.filter(code=_FULL_CENTRE).first()
    service = AppointmentService.objects.first()
    if centre is None or service is None:
        return
    day = _open_days(centre)[2]
    for name, phone in (("Зинаида", "+70000000001"), ("Роман", "+70000000002")):
        WaitingEntry.objects.create(
            state=WaitingEntry.State.WAITING,
            centre=centre,
            service=service,
            first_day=day,
            last_day=day,
            contact_name=name,
            phone=phone,
        )
