"""A guest who has lost the link of his ticket finds his booking again by his contact."""

import re

import pytest
from django.test import Client
from limits import RateLimitItemPerHour

from cabinet.appointments import limits
from cabinet.appointments.lifecycle.changing import appointment_cancel
from cabinet.appointments.lifecycle.forgetting import appointments_forget
from cabinet.appointments.models import Appointment, FindingCode
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.appointments import at, booked, make_queue, make_service
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, text_of

FIND = "/guest/appointment/find/"
CODE, FOUND = f"{FIND}code/", f"{FIND}found/"
PHONE, EMAIL, OTHER = "+79111234567", "nina@mail.ru", "zina@mail.ru"


@pytest.fixture(autouse=True)
def _morning(clock, pskov):
    clock.at("2026-09-14T07:00")


@pytest.fixture
def queue(pskov):
    return make_queue(), make_service()


def anonymous(host=PSKOV_HOST) -> Client:
    return Client(headers={"host": host})


def ask(client, contact):
    return client.post(FIND, {"contact": contact, "captcha": "human"})


def codes() -> list[Message]:
    return list(Message.objects.filter(kind="appointment_find").order_by("created_at"))


def code_of(message: Message) -> str:
    return re.search(r"\d{3} \d{3}", message.text)[0]


def wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06}"


def test_a_lost_ticket_is_opened_again(guest, queue):
    lost = booked(*queue, at("09:30"), phone=PHONE, email=EMAIL)
    booked(*queue, at("10:00"), phone="", email=OTHER)
    assert FIND in text_of(guest.get("/guest/appointment/", follow=True))
    assert FIND in text_of(guest.get(f"/appointment/{'x' * 43}/"))
    assert guest.get(FOUND)["Location"] == FIND == guest.get(CODE)["Location"]
    page = ask(guest, "8 911 765")
    assert "Введите мобильный номер" in text_of(page) and 'value="8 911 765"' in text_of(page)
    assert ask(guest, "8 (911) 123-45-67")["Location"] == CODE
    assert [one.recipient for one in codes()] == [PHONE]
    page = guest.get(CODE)
    assert page["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in page["Cache-Control"]
    assert "+7 911 123-45-67" in text_of(page) and "Сверка" not in text_of(page)
    code = code_of(codes()[0])
    assert "Осталось 4 попытки" in text_of(guest.post(CODE, {"code": wrong(code)}))
    # Not yet, and in no other browser, though it has asked about the same contact.
    assert guest.get(FOUND)["Location"] == CODE
    other = anonymous()
    ask(other, PHONE)
    if code_of(codes()[1]) != code:
        assert "Код не подошёл" in text_of(other.post(CODE, {"code": code}))
    assert guest.post(CODE, {"code": code})["Location"] == FOUND
    assert guest.post(CODE, {"code": code})["Location"] == FOUND == guest.get(CODE)["Location"]

    page = text_of(guest.get(FOUND))
    lost.refresh_from_db()
    ticket = f"/appointment/{lost.link_secret}/"  # the one of the lost message: it stays good
    assert page.count("Открыть талон") == 1 and f'href="{ticket}"' in page
    assert text_of(guest.get(ticket)).count("09:30")
    appointment_cancel(appointment_pk=lost.pk)
    assert "Предстоящих записей с контактом" in text_of(guest.get(FOUND))
    # Found by the address too; what is over and what was booked with a login is not.
    ask(guest, "NINA@mail.ru ")
    assert len(codes()) == 2


def test_a_contact_without_bookings_looks_the_same(guest, queue, owner, clock, settings):
    booked(*queue, at("09:30"), phone="", email=EMAIL)
    booked(*queue, at("10:00"), phone="", email=OTHER, subscriber_id=owner.pk)
    pages = []
    for contact in (EMAIL, OTHER):
        client = anonymous()
        assert ask(client, contact)["Location"] == CODE
        pages.append(text_of(client.get(CODE)).replace(contact, ""))
        pages[-1] += text_of(client.post(CODE, {"again": "1"}, follow=True)).replace(contact, "")
        sent = code_of(codes()[0])
        pages[-1] += text_of(client.post(CODE, {"code": wrong(sent)})).replace(contact, "")
    first, second = (re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one) for one in pages)
    assert first == second and "через минуту" in first and "Код не подошёл" in first
    assert [one.recipient for one in codes()] == [EMAIL] and FindingCode.objects.count() == 2
    # A new code is the only good one, five times at most, a quarter of an hour.
    clock.at("2026-09-14T07:02")
    ask(guest, EMAIL)
    clock.at("2026-09-14T07:04")
    assert "новый код" in text_of(guest.post(CODE, {"again": "1"}, follow=True))
    new = code_of(codes()[-1])
    for _ in range(5):
        page = text_of(guest.post(CODE, {"code": wrong(new)}))
    assert "больше не действует" in page
    assert "больше не действует" in text_of(guest.post(CODE, {"code": new}))
    clock.at("2026-09-14T07:30")
    appointments_forget()
    assert not FindingCode.objects.exists()
    # Without SMS a telephone gets no code.
    settings.MESSAGE_SENDERS = {"email": settings.MESSAGE_SENDERS["email"]}
    page = text_of(ask(guest, PHONE))
    assert "СМС мы не отправляем. Укажите адрес" in page and "обратитесь к нам" in page


def test_codes_are_limited_whoever_asks(queue, clock, monkeypatch):
    booked(*queue, at("09:30"), phone="", email=EMAIL)
    monkeypatch.setattr(limits.CODES_TO_CONTACT, "item", RateLimitItemPerHour(2))
    for contact in (EMAIL, OTHER):
        for status in (302, 302, 429):
            answer = ask(anonymous(), contact)
            assert answer.status_code == status
        assert "слишком много кодов" in text_of(answer)
    assert len(codes()) == 2


def test_another_company_neither_finds_nor_opens(queue, novgorod):
    booked(*queue, at("09:30"), phone="", email=EMAIL)
    here, there = anonymous(), anonymous(NOVGOROD_HOST)
    ask(here, EMAIL)
    ask(there, EMAIL)
    (message,) = codes()
    with in_company(novgorod):
        assert not codes() and FindingCode.objects.count() == 1
        assert not Appointment.objects.exists()
    # Neither the code, nor the cookie of a contact that was proved.
    there.cookies["appointment_find"] = here.cookies["appointment_find"].value
    assert there.post(CODE, {"code": code_of(message)})["Location"] == FIND
    here.post(CODE, {"code": code_of(message)})
    there.cookies["appointment_find"] = here.cookies["appointment_find"].value
    assert there.get(FOUND)["Location"] == FIND
    novgorod.refresh_from_db()
    assert "Открыть талон" in text_of(here.get(FOUND))
