"""The waiting list: joined by a guest and from a booking, offered, accepted, declined, run out."""

import datetime
import re
from uuid import uuid4

import pytest
from limits import RateLimitItemPerHour

from cabinet.appointments import limits
from cabinet.appointments.lifecycle.changing import appointment_cancel
from cabinet.appointments.lifecycle.holding import holds_expire
from cabinet.appointments.models import Appointment, AppointmentSettings, WaitingEntry
from cabinet.appointments.selectors import days_free
from cabinet.appointments.waiting.joining import entries_forget
from cabinet.appointments.waiting.offers import MOST_OFFERS, waiting_offer, waiting_sweep
from cabinet.notifications.models import Notification
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Consent
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from tests.support.appointments import booked
from tests.support.factories import logged_in, text_of
from tests.support.linking import box_of
from tests.support.waiting import day_filled, desk_open, half_hour, waits

MONDAY = datetime.date(2026, 11, 30)
TUESDAY = datetime.date(2026, 12, 1)
A_DAY = datetime.timedelta(days=1)
AN_HOUR = datetime.timedelta(hours=1)
ZINA = "+79111234567"
JOIN = "/guest/appointment/waiting/"


@pytest.fixture
def desk(pskov, clock):
    clock.at("2026-11-30T12:00")
    return desk_open()


def form(guest, desk, **changes):
    return {
        "consent": box_of(guest.get(address(desk)).content.decode()),
        "form_key": str(uuid4()),
        "first_day": "2026-12-01",
        "last_day": "2026-12-02",
        "contact_name": "Зинаида",
        "contact": "8 911 123-45-67",
        "captcha": "human",
        **changes,
    }


def address(desk) -> str:
    return f"{JOIN}{desk.centre_id}/{half_hour().pk}/?day=2026-12-01"


def message_to(recipient: str, kind: str = "window_offered") -> Message:
    found = Message.objects.filter(kind=kind).order_by("created_at")
    return [one for one in found if one.recipient == recipient][-1]


def offer_path(recipient: str = ZINA) -> str:
    return re.search(r"/appointment/offer/\S+/", message_to(recipient).text)[0]


def states() -> list[str]:
    return list(WaitingEntry.objects.order_by("pk").values_list("state", flat=True))


def window_of(page: str) -> str:
    return re.search(r'name="window" value="(\d+)"', page)[1]


def free_on(desk, day) -> list[str]:
    (found,) = days_free(desk.centre, half_hour(), day, day)
    return [f"{window.starts_at:%H:%M}" for window in found.windows]


def test_a_guest_joins_by_a_code_and_books_what_is_freed(guest, desk):
    taken = day_filled(desk, TUESDAY)
    assert "Псковский" in text_of(guest.get(address(desk)))
    sent = form(guest, desk, last_day="2026-12-01")
    code_page = guest.post(address(desk), sent).url
    assert guest.post(address(desk), sent).url == code_page  # sent twice
    code = re.search(r"\d{3} \d{3}", message_to(ZINA, "appointment_code").text)[0]
    wrong = "000 000" if code != "000 000" else "111 111"
    assert "Осталось 4 попытки" in text_of(guest.post(code_page, {"code": wrong}))
    assert waiting_offer(desk.centre_id) == 0 and states() == ["unconfirmed"]
    mine = guest.post(code_page, {"code": code}).url
    assert "Вы ждёте" in text_of(guest.get(mine))
    assert "уже подтверждена" in text_of(guest.post(code_page, {"code": code}))
    assert waiting_offer(desk.centre_id) == 0
    appointment_cancel(appointment_pk=taken[1].pk)
    connection.tenant.status = "suspended"  # its pages are closed
    assert waiting_offer(desk.centre_id) == 0
    connection.tenant.status = "active"
    assert waiting_offer(desk.centre_id) == 1 and waiting_offer(desk.centre_id) == 0
    assert guest.get(mine).status_code == 410  # a newer link has come
    assert free_on(desk, TUESDAY) == []  # nobody else gets it meanwhile
    message = message_to(ZINA)
    assert (message.channel, message.recipient) == ("sms", ZINA)
    assert "есть время 1 декабря в 09:30" in message.text and "до 13:00" in message.text
    page = guest.get(offer_path())
    guest.head(offer_path())
    assert states() == ["offered"] and "Вторник, 1 декабря" in text_of(page)
    answer = {"action": "accept", "window": window_of(page.content.decode())}
    assert "/appointment/" in guest.post(offer_path(), answer).url
    booking = Appointment.objects.get(source="waiting")
    assert (booking.state, booking.phone) == ("booked", ZINA)
    assert Consent.objects.get().application_id == booking.form_key
    assert guest.post(offer_path(), answer).status_code == 302  # twice: nothing more
    assert Appointment.objects.filter(source="waiting").count() == 1
    assert "Вы записаны" in text_of(guest.get(offer_path()))
    assert AuditEntry.objects.filter(action="waiting.accept").count() == 1


def test_codes_are_limited_together_with_those_of_bookings(guest, desk, monkeypatch):
    monkeypatch.setattr(limits.CODES_TO_CONTACT, "item", RateLimitItemPerHour(1))
    assert limits.may_code_be_sent(Contact("phone", ZINA))
    page = text_of(guest.post(address(desk), form(guest, desk)))
    assert "Попробуйте через час" in page and not Message.objects.exists()


def test_what_a_form_refuses_stays_typed(guest, desk):
    bad = form(
        guest,
        desk,
        first_day="2026-12-05",
        last_day="2026-12-01",
        contact="zina@mail",
        contact_name="",
    )
    page = guest.post(address(desk), bad)
    text = text_of(page)
    assert "Последний день раньше первого" in text and "почтовой службы" in text
    assert 'value="zina@mail"' in page.content.decode()
    assert "Отметьте согласие" in text_of(guest.post(address(desk), form(guest, desk, consent="")))
    past = form(guest, desk, first_day="2026-11-01", last_day="2026-11-02")
    assert "уже прошёл" in text_of(guest.post(address(desk), past))
    assert guest.get(f"{JOIN}999999/1/").status_code == 404
    assert guest.get(f"{JOIN}?ticket=x").status_code == 404
    assert not WaitingEntry.objects.exists() and not Message.objects.exists()


def test_a_contact_waits_in_two_places_at_most(guest, desk, clock):
    for _number in range(2):
        waits(desk, TUESDAY, phone=ZINA)
    # Only who has the telephone learns where it waits.
    code_page = guest.post(address(desk), form(guest, desk)).url
    code = re.search(r"\d{3} \d{3}", message_to(ZINA, "appointment_code").text)[0]
    assert "в двух местах" in text_of(guest.post(code_page, {"code": code}))
    clock.forward(2 * A_DAY)
    assert entries_forget() == 1


def test_who_has_booked_swaps_for_an_earlier_window(owner, stranger, desk):
    """The old window is free at once and goes to the next who waits; the ticket's link is a new one."""
    full = day_filled(desk, TUESDAY)
    later = booked(
        desk.centre,
        half_hour(),
        full[3].starts_at + A_DAY,
        subscriber_id=owner.pk,
        email=owner.email,
    )
    client = logged_in(owner, "pskov.gas.localhost")
    path = f"{JOIN}?booking={later.number}"
    assert logged_in(stranger, "pskov.gas.localhost").get(path).status_code == 404
    days = {"form_key": str(uuid4()), "first_day": "2026-12-01", "last_day": "2026-12-20"}
    mine = client.post(path, days).url
    assert mine.startswith("/cabinet/appointments/waiting/")
    assert logged_in(stranger, "pskov.gas.localhost").get(mine).status_code == 404
    entry = WaitingEntry.objects.get()
    assert entry.last_day == TUESDAY + A_DAY  # not after what he has
    next_one = waits(desk, TUESDAY + A_DAY, email="zina@mail.ru")
    for row in day_filled(desk, TUESDAY + A_DAY):
        assert row.starts_at != later.starts_at
    assert waiting_offer(desk.centre_id) == 0
    appointment_cancel(appointment_pk=full[0].pk)
    assert waiting_offer(desk.centre_id) == 1
    assert Notification.objects.filter(subscriber_id=owner.pk, kind="window_offered").exists()
    page = client.get(mine)
    assert "на другое время: среда, 2 декабря, 10:30" in text_of(page)
    before = later.link_hash
    window = window_of(page.content.decode())
    assert client.post(mine, {"action": "accept", "window": window}).status_code == 302
    later.refresh_from_db()
    assert (later.state, later.starts_at) == ("booked", full[0].starts_at)
    assert later.link_hash not in ("", before)
    assert not Appointment.objects.filter(state="held").exists()
    assert waiting_offer(desk.centre_id) == 1
    next_one.refresh_from_db()
    assert next_one.offered.starts_at == full[3].starts_at + A_DAY


def test_by_the_link_of_a_ticket_one_waits_changes_the_days_and_leaves(guest, desk):
    booking = booked(desk.centre, half_hour(), day_filled(desk, TUESDAY)[0].starts_at + 3 * A_DAY)
    ticket = f"/appointment/{booking.link_secret}/"
    path = f"{JOIN}?ticket={booking.link_secret}"
    assert path in guest.get(ticket).content.decode()
    for last in ("2026-12-01", "2026-12-03"):
        days = {"form_key": str(uuid4()), "first_day": "2026-12-01", "last_day": last}
        assert "Вы ждёте" in text_of(guest.post(path, days, follow=True))
        assert WaitingEntry.objects.get().last_day.isoformat() == last
    assert "Изменить дни или выйти" in text_of(guest.get(ticket))
    assert guest.post(path, {"action": "leave"}).url == ticket and states() == ["left"]
    by_operator = booked(
        desk.centre, half_hour(), booking.starts_at + AN_HOUR, phone="+78112595050"
    )
    assert guest.get(f"{JOIN}?ticket={by_operator.link_secret}").status_code == 404
    appointment_cancel(appointment_pk=booking.pk)
    assert guest.get(path).status_code == 404


def test_what_is_declined_or_left_unanswered_goes_to_the_next(guest, desk, clock):
    full = day_filled(desk, TUESDAY)
    for number in range(3):
        waits(desk, TUESDAY, phone=f"+7911123456{number}")
    appointment_cancel(appointment_pk=full[2].pk)
    assert waiting_offer(desk.centre_id) == 1 and states() == ["offered", "waiting", "waiting"]
    first = offer_path("+79111234560")
    window = window_of(guest.get(first).content.decode())
    assert guest.post(first, {"action": "decline", "window": window}).status_code == 302
    waiting_offer(desk.centre_id)
    assert states() == ["waiting", "offered", "waiting"]  # not to him again
    second = offer_path("+79111234561")
    window = window_of(guest.get(second).content.decode())
    clock.forward(AN_HOUR)
    page = text_of(guest.post(second, {"action": "accept", "window": window}, follow=True))
    assert "срок ответа вышел" in page
    holds_expire()
    waiting_sweep()
    assert states() == ["waiting", "waiting", "offered"]
    third = offer_path("+79111234562")
    assert guest.post(third, {"action": "leave"}).status_code == 302
    assert "больше не ждёте" in text_of(guest.get(third))
    assert waiting_offer(desk.centre_id) == 0 and states() == ["waiting", "waiting", "left"]
    assert free_on(desk, TUESDAY) == ["10:00"]


def test_at_night_the_time_to_answer_begins_in_the_morning(desk, clock):
    full = day_filled(desk, TUESDAY + A_DAY)
    waits(desk, TUESDAY + A_DAY, phone=ZINA)
    clock.at("2026-11-30T23:30")
    appointment_cancel(appointment_pk=full[0].pk)
    assert waiting_offer(desk.centre_id) == 1
    offered = WaitingEntry.objects.get().offered
    assert offered.held_until.astimezone() == datetime.datetime.fromisoformat(
        "2026-12-01T10:00+03:00"
    )
    assert "до 10:00 1 декабря" in message_to(ZINA).text


def test_nobody_is_offered_what_he_cannot_answer_in_time(desk, clock):
    """An hour before the window no booking is possible; ten minutes to answer are no offer."""
    full = day_filled(desk, TUESDAY)
    waits(desk, TUESDAY, phone=ZINA)
    clock.at("2026-12-01T09:20")
    appointment_cancel(appointment_pk=full[3].pk)  # 10:30, to be booked until 9:30
    assert waiting_offer(desk.centre_id) == 0
    clock.at("2026-12-01T09:10")
    assert waiting_offer(desk.centre_id) == 1
    until = WaitingEntry.objects.get().offered.held_until
    assert until == full[3].starts_at - AN_HOUR


def test_a_wait_ends(desk, clock):
    """With the last day, with the booking that it is about, and after so many offers."""
    booking = booked(
        desk.centre,
        half_hour(),
        day_filled(desk, TUESDAY)[0].starts_at + 2 * A_DAY,
        phone="+79110009999",
    )
    waits(desk, TUESDAY, appointment=booking)
    waits(desk, TUESDAY, phone=ZINA)
    appointment_cancel(appointment_pk=booking.pk)
    waiting_sweep()
    assert states() == ["over", "waiting"]
    clock.forward(2 * A_DAY)
    waiting_sweep()
    assert states() == ["over", "over"]
    friday = TUESDAY + 3 * A_DAY
    entry = waits(desk, friday, friday + 7 * A_DAY, phone="+79111234568")
    # What was free when he joined he could have taken himself.
    assert waiting_offer(desk.centre_id) == 0
    WaitingEntry.objects.filter(pk=entry.pk).update(known=[])
    for _number in range(MOST_OFFERS):
        assert waiting_offer(desk.centre_id) == 1
        clock.forward(2 * AN_HOUR)
    entry.refresh_from_db()
    assert len(set(entry.seen)) == MOST_OFFERS
    waiting_sweep()
    entry.refresh_from_db()
    assert entry.state == "over"


def test_nothing_is_offered_where_bookings_are_switched_off(desk):
    waits(desk, TUESDAY, phone=ZINA)
    settings = AppointmentSettings.for_site(desk_site())
    settings.is_on = False
    settings.save()
    assert waiting_offer(desk.centre_id) == 0


def desk_site():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True)
