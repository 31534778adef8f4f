"""«Запись на приём» through its pages: from the choice of a centre to a ticket."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from limits import RateLimitItemPerHour

from cabinet.appointments import limits
from cabinet.appointments.models import Appointment, AppointmentService, Desk
from cabinet.appointments.page import contact as contact_step
from cabinet.appointments.waiting.joining import Who, Wish, waiting_join
from cabinet.subscribers.models import Consent
from portal.messaging.models import Message
from tenants.models import CalendarDay
from tests.cms_pages.conftest import centres_page as centres_page
from tests.cms_pages.conftest import make_centre
from tests.support.appointments import MONDAY, at, booked, make_queue, make_service
from tests.support.factories import PSKOV_HOST

START = "/guest/appointment/"
DAY = "2026-09-14"
TYPED = {
    "contact_name": "Нина",
    "phone": "8 911 123-45-67",
    "email": "nina@mail.ru",
    "comment": "Акт сверки",
    "captcha": "human",
}


@pytest.fixture(autouse=True)
def _morning(clock, pskov):
    clock.at("2026-09-14T07:00")
    AppointmentService.objects.all().delete()


@pytest.fixture
def centre(pskov):
    return make_queue()


@pytest.fixture
def service(pskov):
    return make_service()


def step(*parts) -> str:
    return START + "".join(f"{part}/" for part in parts)


@pytest.fixture
def contact(centre, service):
    """The address of the last choice: 9:30 on Monday."""
    return step(centre.pk, service.pk, DAY, "09-30")


def typed(page: str, **changed) -> dict[str, str]:
    """What a person sends by the form of a page: its key, and the consent to the text that it names."""
    given = {name: found[1] for name in ("form_key", "consent") if (found := field(name, page))}
    return {**TYPED, **given, **changed}


def field(name: str, page: str):
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    return re.search(r'value="([^"]*)"', tag[0]) if tag else None


def text_of(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def send(client, path, page=None, **changed):
    return client.post(path, typed(page or text_of(client.get(path)), **changed))


def last_code() -> Message:
    return Message.objects.filter(kind="appointment_code").latest("created_at")


def code_sent() -> str:
    return re.search(r"\d{3}\s?\d{3}", last_code().text)[0]


def test_from_nothing_to_a_ticket_by_addresses_alone(guest, centre, contact):
    other, service = make_queue(code="second", name="Островский"), AppointmentService.objects.get()
    make_service("Опломбировка")
    page = text_of(guest.get(START))
    assert step(centre.pk) in page and step(other.pk) in page
    page = text_of(guest.get(step(centre.pk)))
    assert step(centre.pk, service.pk) in page and "Опломбировка" in page
    page = text_of(guest.get(step(centre.pk, service.pk)))
    assert step(centre.pk, service.pk, DAY) in page and "свободно 4" in page
    assert step(centre.pk, service.pk, DAY, "09-00") in page  # the nearest time
    page = text_of(guest.get(step(centre.pk, service.pk, DAY)))
    assert contact in page and "До обеда" in page
    page = text_of(guest.get(contact))
    # What is chosen stands above, each with its way back.
    assert "понедельник, 14 сентября, 09:30" in page and page.count("Изменить") == 3
    assert not Appointment.objects.exists()

    answer = send(guest, contact, page)
    held = Appointment.objects.get()
    assert (held.state, held.contact_name, held.email) == ("held", "Нина", "nina@mail.ru")
    assert answer["Location"] == step("code", held.form_key)
    page = text_of(guest.get(answer["Location"]))
    assert "07:10</strong>" in page and "+79111234567" not in page and "nina@mail.ru" not in page
    # The same form twice, and a step back in the browser.
    assert send(guest, contact, form_key=str(held.form_key)).status_code == 302
    assert Message.objects.filter(kind="appointment_code").count() == 1
    assert Consent.objects.get().application_id == held.form_key
    assert 'value="Нина"' in text_of(guest.get(contact))

    wrong = guest.post(answer["Location"], {"code": "000000"})
    assert "Код не подошёл" in text_of(wrong)
    done = guest.post(answer["Location"], {"code": code_sent()})
    held.refresh_from_db()
    assert held.state == "booked"
    ticket = done["Location"]
    assert ticket == f"/appointment/{held.link_secret}/"
    # Sent twice, or gone back to: the ticket again.
    assert guest.post(answer["Location"], {"code": code_sent()})["Location"] == ticket
    assert guest.get(answer["Location"])["Location"] == ticket


def test_a_step_with_one_possibility_is_left_out(guest, centre, service):
    assert guest.get(START)["Location"] == step(centre.pk)
    assert guest.get(step(centre.pk))["Location"] == step(centre.pk, service.pk)
    page = text_of(guest.get(step(centre.pk, service.pk)))
    assert "Шаг 1 из 4" in page and "Изменить" not in page


def test_the_next_times_where_one_is_taken_while_its_form_is_typed(guest, centre, service, contact):
    page = text_of(guest.get(contact))
    booked(centre, service, at("09:30"))
    answer = send(guest, contact, page)
    page = text_of(answer)
    assert "это время заняли" in page and not Message.objects.filter(kind="appointment_code")
    for kept in (
        'value="Нина"',
        'value="nina@mail.ru"',
        "Акт сверки",
        "понедельник, 14 сентября, 10:00",
    ):
        assert kept in page
    other = re.search(r'name="other_time"\s+value="([^"]+)"', page)[1]
    # An error beside it: the chosen time is kept too.
    answer = send(guest, contact, page, other_time=other, contact_name="")
    assert "Укажите, как к вам обращаться" in text_of(answer)
    assert step(centre.pk, service.pk, DAY, "10-00") in text_of(answer)
    answer = send(guest, contact, page, other_time=other)
    assert answer.status_code == 302
    assert Appointment.objects.get(state="held").starts_at == at("10:00")


def test_a_taken_time_and_days_that_are_no_more(guest, centre, service, contact):
    for time in ("09:00", "09:30", "10:00"):
        booked(centre, service, at(time))
    page = text_of(guest.get(contact))
    assert (
        "Это время только что заняли" in page and step(centre.pk, service.pk, DAY, "10-30") in page
    )
    booked(centre, service, at("10:30"))
    page = text_of(guest.get(contact))
    assert "На 14 сентября свободного времени уже нет" in page and "мест нет" in page
    assert "Этот день уже прошёл" in text_of(guest.get(step(centre.pk, service.pk, "2026-09-13")))
    page = text_of(guest.get(step(centre.pk, service.pk, "2027-09-13")))
    assert "свободного времени уже нет" in page
    gone = guest.get(step(centre.pk, 10**30))
    assert gone.status_code == 404 and "больше не записывают" in text_of(gone)
    gone = guest.get(step(10**30))
    assert gone.status_code == 404
    for nonsense in ("x", "2026-02-30"):
        assert guest.get(step(centre.pk, service.pk, nonsense)).status_code == 404
    assert guest.get(step(centre.pk, service.pk, DAY, "25-00")).status_code == 404


def test_a_day_off_of_the_country_is_not_a_full_one(guest, centre, service):
    CalendarDay.objects.create(day="2026-09-15", kind="moved", source="Постановление")
    page = text_of(guest.get(step(centre.pk, service.pk)))
    assert "не работаем" in page and "мест нет" not in page


def test_a_hold_that_ran_out_and_a_code_that_does_not_come(guest, centre, service, contact, clock):
    path = send(guest, contact)["Location"]
    first = code_sent()
    assert "Подождите минуту" in text_of(guest.post(f"{path}again/", follow=True))
    clock.at("2026-09-14T07:02")
    page = text_of(guest.post(f"{path}again/", {"by": "email"}, follow=True))
    assert "Отправили новый код" in page and "n…@mail.ru" in page
    code = code_sent()
    assert last_code().recipient == "nina@mail.ru"
    if first != code:
        assert "Код не подошёл" in text_of(guest.post(path, {"code": first}))
    clock.at("2026-09-14T07:13")
    booked(centre, service, at("09:30"))
    page = text_of(guest.post(path, {"code": code}))
    assert "держали это время десять минут" in page
    other = re.search(r'name="other_time"\s+value="([^"]+)"', page)[1]
    assert guest.post(path, {"other_time": other}).status_code == 302
    held = Appointment.objects.get(state="held")
    assert (held.starts_at, held.comment) == (at("10:00"), "Акт сверки")
    clock.at("2026-09-14T07:14")
    guest.post(f"{path}again/")
    assert guest.post(path, {"code": code_sent()})["Location"].startswith("/appointment/")


def test_a_time_cannot_be_held_for_ever_by_changing_it(guest, contact, monkeypatch):
    page = text_of(guest.get(contact))
    for wrong in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert send(guest, contact, page, other_time=wrong).status_code == 302
    path = send(guest, contact, page)["Location"]
    assert guest.post(path, {"other_time": wrong}).status_code == 200
    monkeypatch.setattr(contact_step.HOLDS, "item", RateLimitItemPerHour(1))
    for time in ("10:00", "10:30"):
        guest.post(path, {"other_time": at(time).isoformat()})
    assert Appointment.objects.get().starts_at == at("10:00")


def test_codes_are_limited_by_network(centre, service, monkeypatch):
    monkeypatch.setattr(limits.CODES_FROM_NETWORK, "item", RateLimitItemPerHour(1))
    for number in (9, 10):
        near = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=f"2001:db8::{number}")
        path = step(centre.pk, service.pk, DAY, f"{number:02}-00")
        typed_here = {"phone": f"8 911 123-45-{number:02}", "email": ""}
        assert send(near, path, **typed_here).status_code == 302
    assert Message.objects.filter(kind="appointment_code").count() == 1


def test_what_a_guest_must_say_and_how_often(guest, contact, settings):
    page = text_of(send(guest, contact, phone="", email="", consent="", captcha=""))
    assert "на него придёт код" in page and "не вправе вас записать" in page
    assert "Отметьте «Я не робот»" in page and not Appointment.objects.exists()
    page = text_of(send(guest, contact, phone="(8112) 59-50-50"))
    assert "Введите мобильный номер" in page


def test_a_contact_has_two_appointments_at_most(guest, centre, service, contact):
    for time in ("09:00", "10:00"):
        booked(centre, service, at(time), phone="+79111234567")
    # Only who has the telephone learns of its appointments.
    path = send(guest, contact)["Location"]
    page = text_of(guest.post(path, {"code": code_sent()}))
    assert "У вас уже две записи на приём" in page and "по ссылке из сообщения" in page


def test_of_another_contact_nobody_learns_that_it_has_two(
    guest, owner, owner_client, link, centre, service, contact
):
    hers = {"phone": "+79117654321", "email": "vera@mail.ru"}
    for time in ("09:00", "10:00"):
        booked(centre, service, at(time), **hers)
    wish = Wish(centre=centre, service=service, first_day=MONDAY, last_day=MONDAY)
    for _number in range(2):
        waiting_join(form_key=uuid4(), wish=wish, who=Who(**hers))
    # A guest confirms a telephone, and types her address; neither booking nor waiting says a word of her.
    path = send(guest, contact, email=hers["email"])["Location"]
    ticket = guest.post(path, {"code": code_sent()})["Location"]
    assert "Вы записаны" in text_of(guest.get(ticket))
    secret = Appointment.objects.get(contact_name="Нина").link_secret
    days = {"form_key": str(uuid4()), "first_day": DAY, "last_day": DAY}
    waiting = guest.post(f"{START}waiting/?ticket={secret}", days, follow=True)
    assert "Вы ждёте" in text_of(waiting)
    # So it is with who is logged in and types both of hers.
    new = f"/cabinet/{link.pk}/service-centre/appointments/new/"
    path = f"{new}{centre.pk}/{service.pk}/{DAY}/10-30/"
    page = text_of(owner_client.get(path))
    owner_client.post(path, typed(page, **hers))
    assert Appointment.objects.get(subscriber_id=owner.pk).state == "booked"


def test_without_sms_the_code_goes_to_the_address(guest, contact, settings):
    settings.MESSAGE_SENDERS = {"email": settings.MESSAGE_SENDERS["email"]}
    page = text_of(send(guest, contact, email=""))
    assert "Укажите адрес электронной почты" in page
    send(guest, contact)
    assert last_code().recipient == "nina@mail.ru"


def test_in_the_cabinet_all_that_is_known_is_filled_in(
    owner_client, account, link, centre, service, monkeypatch
):
    account.service_centre = centre.code
    account.save()
    make_queue(code="second", name="Островский")
    new = f"/cabinet/{link.pk}/service-centre/appointments/new/"
    assert owner_client.get(new)["Location"] == f"{new}{centre.pk}/"
    assert "Островский" in text_of(owner_client.get(f"{new}?choose=centre"))
    contact = f"{new}{centre.pk}/{service.pk}/{DAY}/09-30/"
    page = text_of(owner_client.get(contact))
    assert 'value="owner@mail.ru"' in page and account.masked_name in page
    assert (
        "captcha" not in page
        and "согласие" not in page.partition("<main")[2].partition("<footer")[0]
    )
    answer = owner_client.post(contact, typed(page, email="owner@mail.ru"))
    one = Appointment.objects.get()
    assert (one.state, one.source, one.account, one.subscriber_id) == (
        "booked",
        "cabinet",
        account,
        link.subscriber_id,
    )
    assert not Message.objects.filter(kind="appointment_code").exists()
    assert answer["Location"] == f"/cabinet/appointments/{one.number}/"
    # Sent twice: the same appointment.
    again = owner_client.post(contact, typed(page, email="owner@mail.ru"))
    assert again["Location"] == answer["Location"] and Appointment.objects.get() == one
    # Each writes to an address that nobody has confirmed.
    monkeypatch.setattr(contact_step.HOLDS_OF_PERSON, "item", RateLimitItemPerHour(1))
    for status in (302, 429):
        assert owner_client.post(contact, typed(page)).status_code == status


def test_no_centre_takes_appointments(guest, owner_client, link):
    for client, path in (
        (guest, START),
        (owner_client, f"/cabinet/{link.pk}/service-centre/appointments/new/"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200 and "не записываем на приём" in text_of(answer)


def test_the_card_of_a_centre_leads_to_its_services(guest, centres_page, centre, service):
    empty = make_centre("empty", name="Гдовский")
    page = text_of(guest.get(centres_page.get_url()))
    assert step(centre.pk) in page and step(empty.pk) not in page
    assert step(centre.pk) in text_of(guest.get(f"{centres_page.get_url()}{centre.code}/"))


def test_a_fund_takes_no_appointments(guest, pskov, centre, service, owner_client, link):
    pskov.kind = pskov.Kind.CAPITAL_REPAIR
    pskov.save()
    assert guest.get(step(centre.pk)).status_code == 404
    path = f"/cabinet/{link.pk}/service-centre/appointments/new/"
    assert owner_client.get(path).status_code == 404


def test_the_days_of_a_month_cost_the_same_number_of_queries(guest, centre, service):
    path = step(centre.pk, service.pk)
    guest.get(path)
    with CaptureQueriesContext(connection) as few:
        guest.get(path)
    for number in range(2, 6):
        Desk.objects.create(centre=centre, name=f"Окно {number}")
    for time in ("09:00", "09:30", "10:00"):
        booked(centre, service, at(time))
    with CaptureQueriesContext(connection) as many:
        guest.get(path)
    assert len(many) <= len(few)


def test_a_code_page_opens_in_its_own_browser_only(guest, contact):
    path = send(guest, contact)["Location"]
    other = Client(headers={"host": PSKOV_HOST})
    answer = other.get(path)
    assert answer.status_code == 404 and "Нина" not in text_of(answer)
    assert other.post(path, {"code": code_sent()}).status_code == 404
    assert Appointment.objects.get().state == "held"
    assert guest.get(f"{path}again/").status_code == 302  # changes nothing
