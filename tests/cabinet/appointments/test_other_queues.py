"""Another queue system keeps the windows: what is reserved there is taken, or given up."""

import datetime
from uuid import uuid4

import pytest
from wagtail.models import Site

from cabinet.appointments.base import AppointmentBackend, Window
from cabinet.appointments.lifecycle.by_staff import appointment_walk_in
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.holding import holds_expire
from cabinet.appointments.models import AppointmentSettings
from cabinet.appointments.registry import _BACKENDS
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tests.support.appointments import at, booked, held, make_queue, make_service
from tests.support.factories import PASSWORD


class OtherQueue(AppointmentBackend):
    """Gives every window a reference; `taken` are those that it keeps."""

    code, title = "other", "другая очередь"
    taken: set[str]

    def free_windows(self, centre, service, first, last, *, by_staff=False):
        return [Window(at("09:00"), at("09:30"))]

    def reserve(self, centre, service, starts_at):
        reference = f"{starts_at:%H:%M}-{uuid4().hex}"
        self.taken.add(reference)
        return reference

    def give_up(self, reference):
        self.taken.discard(reference)

    def take(self, appointment, starts_at, *, reference="", by_staff=False):
        if appointment.reference:
            self.release(appointment)
        assert reference
        appointment.desk, appointment.reference = None, reference
        appointment.starts_at = starts_at
        appointment.during = (starts_at, starts_at + appointment.service.length)
        appointment.save()

    def release(self, appointment):
        self.taken.discard(appointment.reference)


@pytest.fixture
def other(pskov, clock, monkeypatch):
    clock.at("2026-09-14T07:00")
    monkeypatch.setitem(_BACKENDS, OtherQueue.code, OtherQueue)
    monkeypatch.setattr(OtherQueue, "taken", set(), raising=False)
    site = Site.objects.get(is_default_site=True)
    AppointmentSettings.objects.update_or_create(site=site, defaults={"backend": "other"})
    return OtherQueue


@pytest.fixture
def operator(pskov):
    return staff_create(username="anna", password=PASSWORD, groups=[OPERATORS])


def test_what_is_reserved_elsewhere_is_taken_or_given_up(other, operator, clock):
    centre, service, key = make_queue(), make_service(), uuid4()
    first = held(centre, service, at("09:00"), form_key=key, phone="+79111234567")
    assert other.taken == {first.reference} and first.desk is None
    # The same form again needs no other window.
    assert held(centre, service, at("09:00"), form_key=key, phone="+79111234567") == first
    assert other.taken == {first.reference}
    # Nobody has a third hold: the oldest one goes, with its window.
    for time in ("09:30", "10:00"):
        held(centre, service, at(time), phone="+79111234567")
    assert len(other.taken) == 2 and first.reference not in other.taken
    clock.forward(datetime.timedelta(minutes=11))
    holds_expire()
    assert not other.taken

    one = booked(centre, service, at("09:00"))
    appointment_move(appointment_pk=one.pk, starts_at=at("09:30"))
    one.refresh_from_db()
    assert other.taken == {one.reference}
    appointment_cancel(appointment_pk=one.pk)
    assert not other.taken
    by_staff = {"centre": centre, "service": service, "actor": operator}
    here = appointment_walk_in(**by_staff, form_key=uuid4(), starts_at=at("10:00"))
    appointment_walk_in(**by_staff, form_key=uuid4())
    assert other.taken == {here.reference}
