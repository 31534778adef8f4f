"""Reminders of appointments: on the eve and shortly before, each once, by the company's clocks."""

import datetime
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.notices import reminder_after
from cabinet.appointments.models import Appointment
from cabinet.appointments.ticket.reminding import reminders_send
from portal.messaging.models import Message, MessageSettings
from tests.support.appointments import MONDAY, at, booked, make_queue, make_service

EVE = MONDAY - datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def day(pskov, clock):
    """Two days before, at noon; the centre is open in the afternoon too."""
    clock.at("2026-09-12T11:00")
    centre = make_queue()
    centre.hours.update(closes=datetime.time(19))
    return centre


def book(centre, time="15:00", **fields):
    fields = {"phone": "", "email": "osipova@mail.ru", **fields}
    return booked(centre, make_service(), at(time), **fields)


def reminded() -> list[str]:
    return list(
        Message.objects.filter(kind="appointment_reminder")
        .order_by("created_at")
        .values_list("channel", flat=True)
    )


def test_each_moment_once(day, clock):
    appointment = book(day, phone="+79111234567")
    other = book(day, "16:00", email="b@mail.ru")
    appointment_cancel(appointment_pk=other.pk)
    clock.at(at("11:59", EVE))
    assert reminders_send() == 0
    clock.at(at("12:01", EVE))
    assert [reminders_send(), reminders_send()] == [2, 0]  # the cancelled one is only struck off
    assert reminded() == ["email"]
    clock.at(at("13:01"))
    assert [reminders_send(), reminders_send()] == [1, 0]
    # Shortly before, a letter may be read too late.
    assert reminded() == ["email", "sms"]
    appointment.refresh_from_db()
    message = Message.objects.get(channel="sms")
    assert f"/appointment/{appointment.link_secret}/" in message.text
    assert message.expires_at == appointment.starts_at
    assert not Appointment.objects.exclude(remind_at=None).exists()


def test_a_tick_that_comes_late_reminds_once(day, clock):
    book(day)
    clock.at(at("14:30"))
    assert [reminders_send(), reminders_send()] == [1, 0]
    assert len(reminded()) == 1
    Message.objects.all().delete()
    book(day, "16:00", email="b@mail.ru")
    clock.at(at("16:01"))
    reminders_send()
    assert reminded() == []  # it has begun


def test_a_move_is_reminded_of_anew(day, clock):
    appointment = book(day)
    clock.at(at("12:01", EVE))
    reminders_send()
    later = MONDAY + datetime.timedelta(days=2)
    appointment_move(appointment_pk=appointment.pk, starts_at=at("15:00", later))
    clock.at(at("13:30"))
    assert reminders_send() == 0
    clock.at(at("12:30", later - datetime.timedelta(days=1)))
    assert reminders_send() == 1
    assert len(reminded()) == 2


def test_nobody_is_woken(day, clock):
    """Two hours before nine it is night: the reminder of the eve is the last one."""
    appointment = book(day, "09:00")
    assert appointment.remind_at == at("12:00", EVE)
    now = at("12:00", EVE)
    assert reminder_after(at("09:00"), now) is None
    # Between seven and nine it waits for the morning, if that is early enough.
    assert reminder_after(at("10:30"), now) == at("09:00")
    assert reminder_after(at("15:00"), at("12:30")) is None  # half an hour after it was booked


ZONES = ["Europe/Moscow", "Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Berlin"]


@given(
    zone=st.sampled_from(ZONES),
    starts_at=st.datetimes(
        datetime.datetime(2026, 3, 1),
        datetime.datetime(2026, 11, 30),
        timezones=st.just(datetime.UTC),
    ),
    ahead=st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=4)),
)
def test_the_clocks_of_the_company(zone, starts_at, ahead):
    """Also over the nights in which clocks change."""
    usual = patch("portal.messaging.quiet.message_settings", MessageSettings)
    with timezone.override(zone), usual:
        now, moments = starts_at - ahead, []
        while moment := reminder_after(starts_at, moments[-1] if moments else now):
            moments.append(moment)
        assert len(moments) <= 2
        for moment in moments:
            local = timezone.localtime(moment)
            assert 9 <= local.hour < 21
            assert now + HOUR <= moment <= starts_at - HOUR
        if ahead >= datetime.timedelta(days=2, hours=1):
            eve = timezone.localtime(moments[0])
            assert eve.hour == 12
            assert eve.date() == timezone.localdate(starts_at) - datetime.timedelta(days=1)
