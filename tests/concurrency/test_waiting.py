"""Offers of the waiting list on real commits: accepted twice, too late, and killed at any statement."""

import datetime
import os

import pytest
from django.db.models import Model
from django.utils import timezone

from cabinet.appointments.exceptions import WindowTaken
from cabinet.appointments.lifecycle.changing import appointment_cancel
from cabinet.appointments.lifecycle.holding import holds_expire
from cabinet.appointments.models import Appointment, WaitingEntry
from cabinet.appointments.waiting.offers import (
    OfferOver,
    offer_accept,
    waiting_offer,
    waiting_sweep,
)
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.appointments import booked
from tests.support.processes import die_before, forked
from tests.support.waiting import day_filled, desk_open, half_hour, waits

DAYS = datetime.timedelta(days=3)
WRITTEN: list[type[Model]] = [Appointment, AuditEntry, Message]


@pytest.fixture
def freed(pskov) -> Appointment:
    """The only free window of a day; a later booking of somebody who would come earlier."""
    with in_company(pskov):
        desk, day = desk_open(), timezone.localdate() + DAYS
        full = day_filled(desk, day)
        later = full[3].starts_at + datetime.timedelta(days=1)
        mine = booked(desk.centre, half_hour(), later, phone="+79110000000")
        waits(desk, day, appointment=mine)
        appointment_cancel(appointment_pk=full[1].pk)
        Message.objects.all().delete()
        return full[1]


def offered() -> WaitingEntry:
    return WaitingEntry.objects.get(state="offered")


def accept(entry: WaitingEntry) -> None:
    offer_accept(entry_pk=entry.pk, window_pk=entry.offered_id)


def taken(freed: Appointment) -> int:
    """How many have the window that was freed."""
    return Appointment.objects.filter(
        state__in=("held", "booked"), starts_at=freed.starts_at
    ).count()


def test_one_window_is_offered_and_accepted_once(pskov, freed, at_once):
    with in_company(pskov):
        day = timezone.localdate(freed.starts_at)
        waits(freed.desk, day, phone="+79110000001")
    assert at_once(*[lambda: waiting_offer(freed.centre_id)] * 5) == []
    with in_company(pskov):
        entry = offered()
        assert taken(freed) == 1 and Message.objects.filter(kind="window_offered").count() == 1
    errors = at_once(*[lambda: accept(entry)] * 5)
    assert [type(one) for one in errors] == [OfferOver] * 4
    with in_company(pskov):
        assert taken(freed) == 1 and not Appointment.objects.filter(state="held").exists()
        assert AuditEntry.objects.filter(action="waiting.accept").count() == 1


def test_an_offer_that_runs_out_while_it_is_accepted(pskov, freed, at_once):
    """Whoever is first: the window is one person's, or free."""
    with in_company(pskov):
        waiting_offer(freed.centre_id)
        entry = offered()

    def somebody_else() -> None:
        booked(entry.centre, half_hour(), freed.starts_at, phone="+79110000002")

    for_a_while = Appointment.objects.filter(pk=entry.offered_id)
    with in_company(pskov):
        for_a_while.update(held_until=timezone.now() + datetime.timedelta(milliseconds=40))
    errors = at_once(lambda: accept(entry), holds_expire, waiting_sweep, somebody_else)
    assert {type(one) for one in errors} <= {OfferOver, WindowTaken}
    with in_company(pskov):
        assert taken(freed) <= 1


def test_killed_at_any_statement(pskov, freed):
    """The window is the person's with everything that belongs to it, or nothing has happened."""
    for step in (lambda: waiting_offer(freed.centre_id), lambda: accept(offered())):
        with in_company(pskov):
            before = [model._default_manager.count() for model in WRITTEN]
            entry = WaitingEntry.objects.values_list("state", "offered").get()
        number, status = 0, 1
        while status:
            number += 1

            def work(step=step, number=number) -> None:
                with in_company(pskov), connection.execute_wrapper(die_before(number)):
                    step()

            _child, status = os.waitpid(forked(work), 0)
            with in_company(pskov):
                if status:
                    counts = [model._default_manager.count() for model in WRITTEN]
                    now = WaitingEntry.objects.values_list("state", "offered").get()
                    assert (counts, now) == (before, entry)
        assert number > 10
    with in_company(pskov):
        assert taken(freed) == 1 and WaitingEntry.objects.get().state == "accepted"
        assert Appointment.objects.get(starts_at=freed.starts_at, state="booked").phone
