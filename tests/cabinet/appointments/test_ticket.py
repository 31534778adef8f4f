"""The ticket: what it shows, its files, and the link that dies with its use."""

import datetime
import io

import icalendar
import pytest
import zxingcpp
from limits import RateLimitItemPerDay
from PIL import Image

from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.models import Appointment
from cabinet.appointments.ticket import moving
from cabinet.notifications.models import Notification
from portal.messaging.models import Attachment, Message
from tests.support.appointments import MONDAY, at, booked, make_queue, make_service
from tests.support.factories import text_of

PHONE = "+79111234567"
TUESDAY = MONDAY + datetime.timedelta(days=1)


@pytest.fixture
def centre(pskov, clock):
    clock.at("2026-09-11T12:00")
    return make_queue(note="Вход со двора")


@pytest.fixture
def service(pskov):
    return make_service(bring="Паспорт\nКвитанция")


def make_ticket(centre, service, time="09:00", **fields):
    return booked(
        centre,
        service,
        at(time),
        **{
            "contact_name": "Осипова Елена Григорьевна",
            "phone": "",
            "email": "osipova@mail.ru",
            **fields,
        },
    )


def path_of(appointment) -> str:
    appointment.refresh_from_db()
    return f"/appointment/{appointment.link_secret}/"


def event_of(content: bytes):
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def test_a_ticket_says_all_and_nothing_of_the_person(centre, service, guest):
    appointment = make_ticket(centre, service, phone=PHONE, comment="Счётчик стучит")
    path, number = path_of(appointment), appointment.number
    answer = guest.get(path)
    page = text_of(answer)
    for said in (
        f"{number[:3]} {number[3:6]} {number[6:]}",
        "Понедельник, 14 сентября",
        "09:00",
        "Сверка",
        "Псковский",
        "Рижский пр.",
        "Вход со двора",
        "(8112) 59-50-50",
        "Паспорт",
        "О. Е. Г.",
    ):
        assert said in page, said
    for hidden in ("Осипова", "osipova", "стучит", PHONE):
        assert hidden not in page, hidden
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    picture = guest.get(f"{path}qr.png").content
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code.text.endswith(path) and code.text.startswith("http")


def test_a_calendar_gets_the_window_in_the_companys_time(centre, service, guest):
    appointment = make_ticket(centre, service)
    answer = guest.get(f"{path_of(appointment)}calendar.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    event = event_of(answer.content)
    assert event.decoded("dtstart") == at("09:00") and event.decoded("dtend") == at("09:30")
    assert event["dtstart"].params["TZID"] == "Europe/Moscow"
    assert b"BEGIN:VTIMEZONE" in answer.content
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == datetime.timedelta(hours=-2)
    assert "Рижский" in event["location"] and appointment.number[:3] in event["description"]
    assert "Осипова" not in str(event)
    (attached,) = Attachment.objects.all()
    assert event_of(attached.read())["uid"] == event["uid"]


def test_a_link_dies_with_its_move(centre, service, guest):
    appointment = make_ticket(centre, service)
    old, to = path_of(appointment), at("10:00", TUESDAY)
    days = text_of(guest.get(f"{old}move/"))
    assert (
        f"{old}move/?day=2026-09-15" in days and "Сейчас: понедельник, 14 сентября, 09:00" in days
    )
    assert "10:00" in text_of(guest.get(f"{old}move/?day=2026-09-15"))
    asked = text_of(guest.get(f"{old}move/", {"to": to.isoformat()}))
    assert "Вторник, 15 сентября" in asked
    assert path_of(appointment) == old  # nothing but a POST moves
    answer = guest.post(f"{old}move/", {"to": to.isoformat()})
    new = path_of(appointment)
    assert answer.status_code == 302 and answer.url == new != old
    assert appointment.starts_at == to
    assert "Вторник, 15 сентября" in text_of(guest.get(new))
    for end in ("", "move/", "cancel/"):
        dead = guest.get(f"{old}{end}")
        assert dead.status_code == 404 and "больше не действует" in text_of(dead)
        again = guest.post(f"{old}{end}", {"to": at("09:00").isoformat()})
        assert again.status_code in (404, 405), end
    assert guest.get(f"{old}qr.png").status_code == 404
    assert path_of(appointment) == new and appointment.starts_at == to
    # The letter has the new link, and its file takes the place of the first one.
    letter = Message.objects.get(kind="appointment_moved")
    assert new in letter.text and old not in letter.text
    first, second = (event_of(one.read()) for one in Attachment.objects.order_by("pk"))
    assert first["uid"] == second["uid"] and second.decoded("dtstart") == to


def test_a_window_that_was_taken_meanwhile(centre, service, guest):
    appointment = make_ticket(centre, service)
    path = path_of(appointment)
    make_ticket(centre, service, "10:00", email="b@mail.ru")
    for to in (at("10:00"), at("09:00", MONDAY - datetime.timedelta(days=30))):
        answer = guest.post(f"{path}move/", {"to": to.isoformat()})
        assert answer.status_code == 409
        assert "Это время уже занято" in text_of(answer) and "?day=" in text_of(answer)
    assert "уже занято" in text_of(guest.get(f"{path}move/", {"to": at("10:00").isoformat()}))
    ends = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")
    for typed in ("", "x", "2026-09-14", "2026-09-14T09:00", "9" * 30, *ends):
        assert guest.post(f"{path}move/", {"to": typed}).url == f"{path}move/"
        assert guest.get(f"{path}move/", {"to": typed, "day": typed}).status_code == 200
    assert path_of(appointment) == path and appointment.starts_at == at("09:00")


def test_moves_are_limited_because_each_writes_to_somebody(centre, service, guest, monkeypatch):
    monkeypatch.setattr(moving.MOVES, "item", RateLimitItemPerDay(1))
    appointment = make_ticket(centre, service)
    for time in ("10:00", "10:30"):
        path = path_of(appointment)
        answer = guest.post(f"{path}move/", {"to": at(time).isoformat()}, follow=True)
    assert "сегодня уже много раз переносили" in text_of(answer)
    assert path_of(appointment) == path and appointment.starts_at == at("10:00")
    assert Message.objects.filter(kind="appointment_moved").count() == 1


def test_a_cancelled_one_is_over(centre, service, guest):
    path = path_of(make_ticket(centre, service))
    assert "Отменить запись?" in text_of(guest.get(f"{path}cancel/"))
    answer = guest.post(f"{path}cancel/", follow=True)
    assert "Запись на приём в понедельник, 14 сентября, в 09:00 отменена" in text_of(answer)
    assert guest.get(path).status_code == 404
    assert guest.post(f"{path}cancel/").status_code == 404  # sent twice
    letter = Message.objects.get(kind="appointment_cancelled")
    assert path not in letter.text and "/guest/appointment/" in letter.text
    assert event_of(letter.attachments.get().read())["status"] == "CANCELLED"


def test_what_is_over_can_neither_be_moved_nor_cancelled(centre, service, guest, clock):
    path = path_of(make_ticket(centre, service))
    clock.at(at("09:05"))
    assert "Время приёма прошло" in text_of(guest.get(path))
    assert guest.get(f"{path}calendar.ics").status_code == 404
    assert guest.post(f"{path}move/", {"to": at("10:00").isoformat()}).url == path
    assert guest.post(f"{path}cancel/").url == path
    assert Appointment.objects.get().state == "booked"


def test_a_service_that_is_no_longer_offered(centre, service, guest):
    path = path_of(make_ticket(centre, service))
    service.is_offered = False
    service.save()
    assert "перенести приём нельзя" in text_of(guest.get(f"{path}move/"))
    service.delete()
    assert "перенести приём нельзя" in text_of(guest.post(f"{path}move/", {"to": "x"}))
    assert "Сверка" in text_of(guest.get(path))


def test_the_cabinet_has_its_own(centre, service, owner, owner_client, stranger, link):
    mine = make_ticket(centre, service, subscriber_id=owner.pk, email="")
    other = make_ticket(centre, service, "10:00", subscriber_id=stranger.pk, email="")
    listed = text_of(owner_client.get("/cabinet/appointments/"))
    path = f"/cabinet/appointments/{mine.number}/"
    assert path in listed and other.number not in listed
    assert "Понедельник, 14 сентября" in text_of(owner_client.get(path))
    assert event_of(owner_client.get(f"{path}calendar.ics").content)["status"] == "CONFIRMED"
    assert owner_client.get(f"{path}qr.png").status_code == 200
    to = {"to": at("09:30").isoformat()}
    for end in ("", "move/", "cancel/", "calendar.ics", "qr.png"):
        strange = f"/cabinet/appointments/{other.number}/{end}"
        assert owner_client.get(strange).status_code == 404, end
        assert owner_client.post(strange, to).status_code == 404, end
    for none in ("/cabinet/appointments/%00/", "/guest/appointment/waiting/?booking=%00"):
        assert owner_client.get(none).status_code == 404, none
    assert f"{path}move/?day=" in text_of(owner_client.get(f"{path}move/"))
    assert owner_client.post(f"{path}move/", to).url == path
    assert owner_client.post(f"{path}cancel/").url == path
    assert "Запись отменена" in text_of(owner_client.get(path))
    assert owner_client.post(f"{path}cancel/").status_code == 302
    told = Notification.objects.filter(subscriber_id=owner.pk)
    kinds = sorted(one.kind.removeprefix("appointment_") for one in told)
    assert kinds == ["booked", "cancelled", "moved"]
    assert {one.path for one in told} == {path}
    letters = Message.objects.filter(person=owner.pk, channel="email")
    # Nothing that opens the ticket without a login.
    assert letters.count() == 3
    assert all(path in one.text and "localhost/appointment/" not in one.text for one in letters)


def test_the_list_costs_the_same_for_many(
    centre, service, owner, owner_client, django_assert_max_num_queries
):
    first = make_ticket(centre, service, subscriber_id=owner.pk)
    with django_assert_max_num_queries(50) as one:
        owner_client.get("/cabinet/appointments/")
    for number in range(1, 25):
        days = datetime.timedelta(days=number if number % 2 else -number)
        starts_at = first.starts_at + days
        Appointment.objects.create(
            number=f"{number:09}",
            state="booked" if number % 2 else "arrived",
            source="cabinet",
            centre=centre,
            during=(starts_at, starts_at + service.length),
            starts_at=starts_at,
            service=service,
            service_name=service.name,
            subscriber_id=owner.pk,
        )
    with django_assert_max_num_queries(len(one) + 1):  # the telephones of past ones' centres
        owner_client.get("/cabinet/appointments/")


def test_what_the_centre_changes_goes_by_all_ways(centre, service, editor):
    appointment = make_ticket(centre, service, phone=PHONE)
    appointment_move(appointment_pk=appointment.pk, starts_at=at("09:30"), actor=editor)
    moved = {one.channel: one for one in Message.objects.filter(kind="appointment_moved")}
    assert sorted(moved) == ["email", "sms"]
    letter = moved["email"].text.replace("\xa0", " ")
    assert "Мы перенесли ваш приём" in letter
    assert "Раньше приём был назначен в понедельник, 14 сентября, в 09:00" in letter
    assert path_of(appointment) in moved["sms"].text
    appointment_cancel(appointment_pk=appointment.pk, actor=editor, reason="Ремонт в зале")
    cancelled = Message.objects.get(kind="appointment_cancelled", channel="email")
    assert "Ремонт в зале" in cancelled.text and "Мы отменили" in cancelled.subject
