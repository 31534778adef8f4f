"""From a free window to a booking, moved and cancelled; what is refused on the way."""

import datetime
import re
import uuid

import pytest

from cabinet.appointments.exceptions import (
    AppointmentOver,
    BookingClosed,
    CodeTooSoon,
    LinkDead,
    NoWayForCode,
    TooManyBookings,
    WindowTaken,
)
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.confirming import (
    appointment_book,
    appointment_code_send,
    appointment_confirm,
)
from cabinet.appointments.lifecycle.holding import holds_expire
from cabinet.appointments.models import Appointment
from cabinet.appointments.selectors import (
    appointment_by_link,
    centres_bookable,
    days_free,
    nearest_free,
    services_of,
)
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.secrets import CodeSpent, CodeWrong, secret_hash
from tests.support.appointments import MONDAY, at, booked, held, make_queue, make_service

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _morning(clock):
    clock.at("2026-09-14T07:00")


@pytest.fixture
def centre(pskov):
    return make_queue()


@pytest.fixture
def service(pskov):
    return make_service()


def times(centre, service, day=MONDAY) -> list[str]:
    (found,) = days_free(centre, service, day, day)
    return [f"{one.starts_at:%H:%M}" for one in found.windows]


def code_of(message: Message) -> str:
    return re.search(r"\d{3} ?\d{3}", message.text)[0].replace(" ", "")


def test_from_a_window_to_a_booking_that_is_moved_and_cancelled(centre, service, clock):
    assert centre in centres_bookable() and service in services_of(centre)
    assert times(centre, service) == ["09:00", "09:30", "10:00", "10:30"]
    appointment = held(centre, service, at("09:30"), email="guest@mail.ru", phone="")
    assert times(centre, service) == ["09:00", "10:00", "10:30"]
    contact = appointment_code_send(appointment_pk=appointment.pk)
    assert str(contact) == "guest@mail.ru"
    with pytest.raises(CodeTooSoon):
        appointment_code_send(appointment_pk=appointment.pk)
    code = code_of(Message.objects.get(kind="appointment_code"))
    with pytest.raises(CodeWrong):
        appointment_confirm(appointment_pk=appointment.pk, code="000000")
    secret = appointment_confirm(appointment_pk=appointment.pk, code=code)
    # Sent twice: the same link.
    assert appointment_confirm(appointment_pk=appointment.pk, code=code) == secret
    assert appointment_by_link(secret) == appointment

    old = secret_hash(secret)
    move = {"appointment_pk": appointment.pk, "link_hash": old}
    secret = appointment_move(**move, starts_at=at("10:30"))
    assert times(centre, service) == ["09:00", "09:30", "10:00"]
    with pytest.raises(LinkDead):
        appointment_move(**move, starts_at=at("09:00"))
    with pytest.raises(LinkDead):
        appointment_cancel(appointment_pk=appointment.pk, link_hash=old)
    appointment_cancel(appointment_pk=appointment.pk, link_hash=secret_hash(secret))
    assert times(centre, service) == ["09:00", "09:30", "10:00", "10:30"]
    assert appointment_by_link(secret) is None
    with pytest.raises(LinkDead):
        appointment_cancel(appointment_pk=appointment.pk, link_hash=secret_hash(secret))
    actions = AuditEntry.objects.filter(subject=appointment.number).order_by("pk")
    assert [one.action for one in actions] == [
        f"appointment.{verb}" for verb in ("book", "move", "cancel")
    ]


def test_a_hold_is_over_after_ten_minutes_and_may_be_confirmed_if_still_free(
    centre, service, clock
):
    late, later = held(centre, service, at("09:30")), held(centre, service, at("10:00"))
    clock.forward(11 * MINUTE)
    assert "09:30" in times(centre, service)
    other = booked(centre, service, at("10:00"))
    with pytest.raises(WindowTaken):
        appointment_book(appointment_pk=later.pk)
    assert appointment_book(appointment_pk=late.pk)
    later.refresh_from_db()
    assert later.state == "expired" and later.desk == other.desk
    third = held(centre, service, at("10:30"))
    clock.forward(11 * MINUTE)
    holds_expire()
    third.refresh_from_db()
    assert third.state == "expired"


def test_the_same_form_gives_the_same_row_in_the_window_now_chosen(centre, service, owner, clock):
    form = {"form_key": uuid.uuid4(), "phone": "+79111234567"}
    first = held(centre, service, at("09:30"), **form)
    clock.forward(MINUTE)
    again = held(centre, service, at("09:30"), **form, comment="С документами")
    assert (again.pk, again.held_until) == (first.pk, first.held_until)
    moved = held(centre, service, at("10:00"), **form)
    assert moved.pk == first.pk and times(centre, service) == ["09:00", "09:30", "10:30"]
    assert moved.held_until > first.held_until
    # Booked, it stays as it is, and another person's form of this key is a row of his own.
    appointment_book(appointment_pk=first.pk)
    assert held(centre, service, at("10:30"), **form).starts_at == at("10:00")
    theirs = held(centre, service, at("10:30"), **form | {"phone": ""}, subscriber_id=owner.pk)
    assert theirs.pk != first.pk


def test_a_code_of_another_contact_confirms_nothing(centre, service):
    form = {"form_key": uuid.uuid4(), "phone": ""}
    appointment = held(centre, service, at("09:30"), **form, email="first@mail.ru")
    appointment_code_send(appointment_pk=appointment.pk)
    code = code_of(Message.objects.get(kind="appointment_code"))
    held(centre, service, at("09:30"), **form, email="second@mail.ru")
    with pytest.raises(CodeSpent):
        appointment_confirm(appointment_pk=appointment.pk, code=code)
    nobody = held(centre, service, at("10:00"), phone="", email="")
    with pytest.raises(NoWayForCode):
        appointment_code_send(appointment_pk=nobody.pk)


def test_a_contact_has_two_to_come(centre, service):
    mine = {"phone": "+79111234567", "email": "guest@mail.ru"}
    abandoned = held(centre, service, at("09:00"), **mine)
    booked(centre, service, at("09:30"), **mine)
    # What nobody has confirmed makes room, and may still be confirmed as long as there is.
    second = booked(centre, service, at("10:00"), **mine | {"phone": ""})
    abandoned.refresh_from_db()
    assert abandoned.state == "expired"
    for time, other in (("10:30", mine), ("09:00", mine | {"phone": ""})):
        with pytest.raises(TooManyBookings):
            booked(centre, service, at(time), **other)
    with pytest.raises(TooManyBookings):
        appointment_book(appointment_pk=abandoned.pk)
    appointment_cancel(appointment_pk=second.pk)
    appointment_book(appointment_pk=abandoned.pk)


def test_what_nobody_may_book(centre, service, clock):
    day = datetime.timedelta(days=1)
    for when in (at("09:00") - day, at("09:00") + 22 * day):
        with pytest.raises(BookingClosed):
            held(centre, service, when)
        assert days_free(centre, service, when.date(), when.date()) == []
    elsewhere = make_service("Только в другом центре")
    elsewhere.centres.add(make_queue(code="other"))
    for withdrawn in (elsewhere, make_service("Снята", is_offered=False)):
        with pytest.raises(BookingClosed):
            held(centre, withdrawn, at("09:00"))
    # Between two windows, in closed hours, and later than an hour before.
    for time in ("09:15", "11:00", "08:30"):
        with pytest.raises(WindowTaken):
            held(centre, service, at(time))
    clock.at("2026-09-14T08:01")
    with pytest.raises(WindowTaken):
        held(centre, service, at("09:00"))
    assert times(centre, service) == ["09:30", "10:00", "10:30"]
    centre.desks.update(is_open=False)
    assert centre not in centres_bookable() and services_of(centre) == []
    with pytest.raises(BookingClosed):
        held(centre, service, at("09:30"))


def test_what_is_over_is_neither_moved_nor_cancelled(centre, service, clock):
    appointment = booked(centre, service, at("09:00"))
    clock.at("2026-09-14T09:05")
    for change in (
        lambda: appointment_move(appointment_pk=appointment.pk, starts_at=at("10:30")),
        lambda: appointment_cancel(appointment_pk=appointment.pk),
    ):
        with pytest.raises(AppointmentOver):
            change()
    (first, second) = nearest_free(centre, service, at("10:30"), 2)
    assert (first.starts_at, second.starts_at) == (at("10:30"), at("09:00") + 24 * 60 * MINUTE)


def test_a_failed_move_changes_nothing(centre, service):
    appointment = booked(centre, service, at("09:00"))
    booked(centre, service, at("09:30"))
    before = Appointment.objects.values().get(pk=appointment.pk)
    with pytest.raises(WindowTaken):
        appointment_move(appointment_pk=appointment.pk, starts_at=at("09:30"))
    assert Appointment.objects.values().get(pk=appointment.pk) == before
    # To where it is: no new link.
    same = appointment_move(appointment_pk=appointment.pk, starts_at=at("09:00"))
    assert appointment_by_link(same) == appointment
