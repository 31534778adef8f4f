"""A window is given once, a contact has two: real commits, real threads, changes killed at any statement."""

import datetime
import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from cabinet.appointments.exceptions import (
    AppointmentOver,
    LinkDead,
    TooManyBookings,
    WindowTaken,
)
from cabinet.appointments.lifecycle.by_staff import appointment_missed, appointment_state_undo
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.confirming import appointment_book, appointment_code_send
from cabinet.appointments.lifecycle.holding import holds_expire
from cabinet.appointments.models import ACTIVE, Appointment
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.appeals import make_operator
from tests.support.appointments import at, booked, held, make_queue, make_service
from tests.support.processes import die_before, forked

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def company(pskov, clock):
    clock.at("2026-09-14T07:00")
    with in_company(pskov):
        yield pskov


@pytest.fixture
def centre(company):
    return make_queue()


@pytest.fixture
def service(company):
    return make_service()


def kinds(errors: list[BaseException]) -> set[type[BaseException]]:
    return {type(one) for one in errors}


def test_fifty_want_the_last_window(centre, service, at_once):
    for time in ("09:00", "09:30", "10:00"):
        booked(centre, service, at(time))
    errors = at_once(*[lambda: booked(centre, service, at("10:30"))] * 50)
    assert len(errors) == 49 and kinds(errors) == {WindowTaken}
    assert Appointment.objects.filter(starts_at=at("10:30")).count() == 1


def test_the_table_itself_gives_a_window_once(centre, service, at_once):
    """Whatever code forgets: overlapping rows of one desk are refused, also those that overlap in part."""
    (desk,) = centre.desks.all()
    first = booked(centre, service, at("09:00"))
    copy = Appointment.objects.get(pk=first.pk)
    copy.pk, copy.form_key, copy.number, copy.link_hash = None, uuid.uuid4(), "1", ""
    copy.during = (at("09:15"), at("09:45"))
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
    appointment_cancel(appointment_pk=first.pk)
    copy.save(force_insert=True)
    assert copy.desk == desk


def test_several_desks_are_all_given_and_none_twice(company, service, at_once):
    centre = make_queue(code="large", desks=4)
    longer = make_service("Заключение договора", minutes=60)
    works = [lambda: booked(centre, service, at("09:00"))] * 4
    works += [lambda: booked(centre, longer, at("09:00"))] * 4
    errors = at_once(*works)
    assert len(errors) == 4 and kinds(errors) == {WindowTaken}
    desks = Appointment.objects.filter(state__in=ACTIVE).values_list("desk", flat=True)
    assert len(set(desks)) == len(desks) == 4


def test_a_contact_gets_two_however_many_forms_it_sends(centre, service, at_once):
    mine = {"phone": "+79111234567", "email": "guest@mail.ru"}
    ways = [mine, mine | {"email": ""}, mine | {"phone": ""}, mine]
    times = ("09:00", "09:30", "10:00", "10:30")
    works = [
        lambda time=time, way=way: booked(centre, service, at(time), **way)
        for time, way in zip(times, ways, strict=True)
    ]
    errors = at_once(*works)
    assert kinds(errors) <= {TooManyBookings}
    booked_rows = Appointment.objects.filter(state="booked")
    for way in ({"phone": mine["phone"]}, {"email": mine["email"]}):
        assert booked_rows.filter(**way).count() <= 2
    assert (
        2 <= booked_rows.count() <= 3
    )  # one by telephone alone, one by address alone, one by both


def test_one_form_sent_five_times_at_once(centre, service, at_once):
    form = {"form_key": uuid.uuid4(), "phone": "+79111234567"}
    assert at_once(*[lambda: held(centre, service, at("09:00"), **form)] * 5) == []
    (row,) = Appointment.objects.all()
    assert at_once(*[lambda: appointment_book(appointment_pk=row.pk)] * 5) == []
    assert AuditEntry.objects.filter(action="appointment.book").count() == 1


def test_moves_holds_cancellations_and_the_sweep_at_once(centre, service, at_once, clock):
    """Each has its window or is refused, and nobody waits in a circle."""
    for _round in range(4):
        Appointment.objects.all().delete()
        clock.at("2026-09-14T07:00")
        late = held(centre, service, at("09:30"))
        clock.at("2026-09-14T07:11")
        one, two = booked(centre, service, at("09:00")), booked(centre, service, at("10:00"))
        missed = booked(centre, service, at("10:30"))
        anna = make_operator(f"anna{_round}")
        appointment_missed(appointment_pk=missed.pk, actor=anna)
        undo = {"appointment_pk": missed.pk, "actor": anna}
        link = {"appointment_pk": two.pk, "link_hash": two.link_hash}
        errors = at_once(
            lambda one=one: appointment_move(appointment_pk=one.pk, starts_at=at("10:30")),
            lambda link=link: appointment_move(**link, starts_at=at("09:30")),
            lambda link=link: appointment_cancel(**link),
            lambda: held(centre, service, at("09:30")),
            lambda: held(centre, service, at("10:30")),
            lambda late=late: appointment_book(appointment_pk=late.pk),
            lambda undo=undo: appointment_state_undo(**undo),
            holds_expire,
        )
        assert kinds(errors) <= {WindowTaken, LinkDead, AppointmentOver}, errors
        two.refresh_from_db()
        assert two.link_hash != link["link_hash"]
        active = Appointment.objects.filter(state__in=ACTIVE)
        starts = list(active.values_list("starts_at", flat=True))
        assert len(starts) == len(set(starts))


# Each change is a row in all of these, or in none.
WRITTEN: list[type[Model]] = [Appointment, AuditEntry, Message]


@pytest.mark.parametrize("what", ["hold", "code", "book", "move", "cancel", "expire"])
def test_killed_at_any_statement(company, centre, service, clock, what):
    """All of a change is there, with its message and entry in the log, or nothing."""
    key = uuid.uuid4()
    waiting = held(centre, service, at("09:00"), phone="", email="guest@mail.ru")
    done = booked(centre, service, at("09:30"), phone="", email="other@mail.ru")
    if what == "expire":
        clock.forward(11 * MINUTE)
    works: dict[str, Callable[[], object]] = {
        "hold": lambda: held(centre, service, at("10:30"), form_key=key),
        "code": lambda: appointment_code_send(appointment_pk=waiting.pk),
        "book": lambda: appointment_book(appointment_pk=waiting.pk),
        "move": lambda: appointment_move(appointment_pk=done.pk, starts_at=at("10:00")),
        "cancel": lambda: appointment_cancel(appointment_pk=done.pk),
        "expire": holds_expire,
    }

    def stored() -> tuple[list[int], list[Any]]:
        with in_company(company):
            rows = list(Appointment.objects.order_by("pk").values_list())
            return [model._default_manager.count() for model in WRITTEN], rows

    before = stored()
    for number in range(1, 60):

        def until_then(number: int = number) -> None:
            with in_company(company), connection.execute_wrapper(die_before(number)):
                works[what]()

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        if died:
            assert stored() == before, number
            continue
        after = stored()
        assert after != before
        windows = Appointment.objects.filter(state__in=ACTIVE).values_list("starts_at", flat=True)
        wanted = {
            "hold": {at("09:00"), at("09:30"), at("10:30")},
            "move": {at("09:00"), at("10:00")},
            "cancel": {at("09:00")},
            "expire": {at("09:30")},
        }
        assert set(windows) == wanted.get(what, {at("09:00"), at("09:30")})
        logged = {"book": 1, "move": 1, "cancel": 1}.get(what, 0)
        assert after[0][1] - before[0][1] == logged
        return
    raise AssertionError("never came to its end")
