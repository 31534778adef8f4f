"""The day sheet: who comes, and what operators do with it."""

import datetime
import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tenants.utils import schema_context

from cabinet.appointments.desk.day import appointments_found
from cabinet.appointments.models import Appointment, Desk, DeskAbsence, WaitingEntry
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.cabinet.appointments.conftest import DESK, shown, to_call
from tests.support.appointments import MONDAY, at, booked, held
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client

TUESDAY = MONDAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning(clock):
    clock.at("2026-09-14T08:00")


def lines(client, **asked):
    """What the sheet says of each desk: times with numbers, or «свободно»."""
    sheet = client.get(DESK, asked).context["sheet"]
    return [
        [
            (
                f"{line.starts_at.astimezone(at('00:00').tzinfo):%H:%M}",
                line.booking.number if line.booking else line.minutes,
            )
            for line in one.lines
        ]
        for one in sheet.desks
    ]


def test_the_sheet_shows_each_desk_with_bookings_and_free_time(
    at_desk, centre, service, by_phone, clock
):
    first = by_phone("09:30", comment="Не сходится счёт")
    second = by_phone("09:30")
    away = Desk.objects.get(name="Окно 2")
    DeskAbsence.objects.create(
        desk=away,
        first_day=MONDAY,
        from_time=datetime.time(10, 30),
        to_time=datetime.time(11),
        reason="обучение",
    )
    # A single day of last week is over.
    DeskAbsence.objects.create(desk=away, first_day=MONDAY - datetime.timedelta(days=7))
    assert lines(at_desk) == [
        [("09:00", 30), ("09:30", first.number), ("10:00", 60)],
        [("09:00", 30), ("09:30", second.number), ("10:00", 30)],
    ]
    page = shown(at_desk.get(DESK))
    assert "Не сходится счёт" in page and "+7 911 123-45-67" in page and "Обучение" in page
    assert "Понедельник, 14 сентября" in page
    # One's own desk stays chosen; another day has no bookings.
    own = {"centre": centre.pk, "desk": away.pk}
    assert len(lines(at_desk, **own)) == 1 and len(lines(at_desk)) == 1
    assert lines(at_desk, day="2026-09-15") == [[("09:00", 120)]]
    assert len(lines(at_desk, desk="")) == 2
    # What is past is no longer free, and whoever was expected has to be marked.
    clock.at("2026-09-14T10:10")
    assert lines(at_desk)[0] == [("09:30", first.number), ("10:10", 50)]
    assert "Отметьте, пришли ли: 2" in shown(at_desk.get(DESK))
    for odd in ("нет", "0001-01-01", "9999-12-31"):
        assert at_desk.get(DESK, {"day": odd}).context["choice"].is_today
    assert at_desk.get(DESK, {"centre": "²", "desk": "9" * 30}).status_code == 200
    paper = shown(at_desk.get(f"{DESK}print/"))
    assert "Нина Егоровна" in paper and "Напечатано 14.09.2026 10:10" in paper


def test_who_came_is_marked_undone_and_logged(at_desk, by_phone, clock, anna):
    booking = by_phone("09:00")
    one = f"{DESK}{booking.pk}/"
    clock.at("2026-09-14T09:05")

    def state():
        booking.refresh_from_db()
        return booking.state

    for action in ("arrived", "missed", "undo", "called"):
        assert at_desk.get(f"{one}{action}/").status_code == 405
    back = at_desk.post(f"{one}arrived/", {"next": f"{DESK}?day=2026-09-14"})
    assert back.url == f"{DESK}?day=2026-09-14" and state() == "arrived"
    assert at_desk.post(f"{one}undo/", {"next": "https://evil.ru/"}).url.startswith(DESK)
    assert state() == "booked"
    at_desk.post(f"{one}missed/")
    assert state() == "missed"
    # Somebody else was taken meanwhile at both desks: the window cannot be given back.
    by_phone("09:00", phone="+79111234568")
    by_phone("09:00", phone="+79111234569")
    page = shown(at_desk.post(f"{one}undo/", follow=True))
    assert "уже занято" in page and state() == "missed"
    page = shown(at_desk.get(one))
    assert "отметил неявку на приём" in page and "anna" in page
    # The buttons are outside of the form and name their addresses themselves.
    other = by_phone("09:30", phone="+79111234570")
    clock.at("2026-09-14T09:35")
    for path in (DESK, f"{DESK}{other.pk}/"):
        page = at_desk.get(path).content.decode()
        form = page[page.index('<form id="marks" method="post"') :]
        form = form[: form.index("</form>")]
        assert "csrfmiddlewaretoken" in form and f'name="next" value="{path}"' in form
        buttons = set(re.findall(r'<button[^>]*form="marks"\s+formaction="([^"]+)"', page))
        marks = {reverse(f"appointments_{mark}", args=[other.pk]) for mark in ("arrived", "missed")}
        undo = reverse("appointments_undo", args=[booking.pk])
        assert marks <= buttons and (undo in buttons) == (path == DESK)
    logged = AuditEntry.objects.filter(subject=booking.number, actor_name="anna")
    assert {"appointment.book", "appointment.arrived", "appointment.undo"} <= set(
        logged.values_list("action", flat=True)
    )


def test_a_caller_is_booked_moved_and_refused(at_desk, centre, service, clock, account):
    page = f"{DESK}book/?service={service.pk}&day=2026-09-15&at=09:30&account={account.pk}"
    opened = at_desk.get(page)
    form = opened.context["form"]
    assert form["starts_at"].value() == form.fields["starts_at"].choices[1][0]
    typed = {"form_key": str(uuid4()), "contact_name": "Нина", "phone": "12", "comment": "Счёт"}
    wrong = at_desk.post(page, {**typed, "starts_at": form["starts_at"].value()})
    assert "starts_at" not in wrong.context["form"].errors
    assert "phone" in wrong.context["form"].errors and 'value="Нина"' in wrong.content.decode()
    right = {**typed, "phone": "8 (911) 123-45-67", "starts_at": form["starts_at"].value()}
    sent = at_desk.post(page, right)
    booking = Appointment.objects.get()
    assert sent.url == f"{DESK}{booking.pk}/?sent" == at_desk.post(page, right).url
    assert (booking.account, booking.phone) == (account, "+79111234567")
    assert booking.starts_at == at("09:30", TUESDAY) and booking.source == "operator"
    number = booking.number
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in shown(at_desk.get(sent.url))
    # Both desks are taken: the window is no longer offered, and what was typed stays.
    booked(centre, service, at("09:30", TUESDAY))
    late = at_desk.post(page, {**right, "form_key": str(uuid4())})
    assert "только что заняли" in shown(late) and 'value="Нина"' in late.content.decode()
    move = f"{DESK}{booking.pk}/move/"
    values = [value for value, _said in at_desk.get(move).context["offer"].choices]
    assert at("09:30", TUESDAY).isoformat() not in values
    to = next(one for one in values if datetime.datetime.fromisoformat(one) == at("10:00", TUESDAY))
    assert at_desk.post(move, {"starts_at": to, "reason": "Отключили свет"}).status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == at("10:00", TUESDAY) and booking.number == number
    cancel = f"{DESK}{booking.pk}/cancel/"
    assert "Напишите, почему" in shown(at_desk.post(cancel, {"reason": " "}))
    at_desk.post(cancel, {"reason": "Человек передумал"})
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    for path in (move, cancel):
        assert at_desk.get(path).url == f"{DESK}{booking.pk}/"


def test_who_comes_without_a_booking_gets_the_next_window_or_comes_besides(
    at_desk, centre, service, clock
):
    clock.at("2026-09-14T09:10")
    path = f"{DESK}walk-in/"
    typed = {"service": service.pk, "form_key": str(uuid4())}
    assert "Выберите, с чем" in shown(at_desk.post(path, {"form_key": str(uuid4())}))
    first = at_desk.post(path, typed)
    assert first.url == at_desk.post(path, typed).url  # the button was pressed twice
    booking = Appointment.objects.get()
    assert (booking.state, booking.starts_at) == ("arrived", at("09:00"))
    assert "Окно 1, 09:00" in shown(at_desk.get(first.url))
    for time in ("09:00", "09:30", "09:30", "10:00", "10:00", "10:30", "10:30"):
        at_desk.post(path, {**typed, "form_key": str(uuid4())})
        assert Appointment.objects.latest("pk").starts_at == at(time)
    full = {**typed, "form_key": str(uuid4())}
    assert "Примите человека сверх записи" in shown(at_desk.post(path, full))
    extra = at_desk.post(path, {**full, "is_extra": "yes"})
    booking = Appointment.objects.latest("pk")
    assert booking.desk is None and booking.starts_at == at("09:10")
    assert "Сверх записи" in shown(at_desk.get(DESK))
    assert "сверх очереди" in shown(at_desk.get(extra.url))


def test_a_booking_is_found_by_number_telephone_and_name(at_desk, by_phone, centre, service, clock):
    booking = by_phone("09:00", contact_name="Фёдор Ильич")
    other = by_phone("09:30", phone="+79117654321", contact_name="Пётр")
    by_phone("10:00", phone="+79117654322", contact_name="Пётр")
    held(centre, service, at("10:30"), contact_name="Фёдор")
    path = f"{DESK}find/"
    number = booking.number
    for typed in (number, f"№ {number[:3]} {number[3:]}", "8 911 123 45 67", "4567", "федор"):
        assert at_desk.post(path, {"q": typed}).url == f"{DESK}{booking.pk}/", typed
    found = at_desk.post(path, {"q": "Пётр"}).context["found"]
    assert other in found and len(found) == 2
    for typed in ("нет такого", "a@", "%", "12", "\x00"):
        assert "found" in at_desk.post(path, {"q": typed}).context
    clock.at("2027-02-14T09:10")
    assert appointments_found("Пётр") == ([], False)
    assert appointments_found(other.number) == ([other], False)


def test_lists_ask_as_much_of_many(at_desk, centre, service, by_phone, django_user_model):
    by_phone("09:00")
    Desk.objects.update(is_open=False)

    def asked(path):
        at_desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert at_desk.get(path).status_code == 200
        return len(queries)

    paths = (DESK, f"{DESK}print/", f"{DESK}calls/", "/admin/", f"{DESK}figures/")
    before = [asked(path) for path in paths]
    Desk.objects.update(is_open=True)
    for number in range(3, 9):
        Desk.objects.create(centre=centre, name=f"Окно {number}")
    for number in range(12):
        by_phone("10:00" if number % 2 else "10:30", phone=f"+7911123457{number % 10}")
    Desk.objects.update(is_open=False)
    assert len(to_call(at_desk)) == 13
    assert [asked(path) for path in paths] == before


def test_the_desk_is_for_operators_of_the_company(
    at_desk, by_phone, pskov, novgorod, editor, owner_client, company_administrator
):
    booking = by_phone("09:00")
    paths = ["", "print/", "find/", "book/", "walk-in/", "calls/", "waiting/", "figures/"]
    paths += ["figures.csv", f"{booking.pk}/", f"{booking.pk}/move/", f"{booking.pk}/cancel/"]
    for path in paths:
        assert at_desk.get(f"{DESK}{path}").status_code == 200, path
        assert staff_client(editor).get(f"{DESK}{path}").status_code == 404, path
        assert owner_client.get(f"{DESK}{path}").status_code == 302, path
    director = staff_client(company_administrator)
    assert director.get(f"{DESK}figures/").status_code == 200
    with schema_context("novgorod"):
        beside = staff_create(username="vera", password=PASSWORD, groups=[roles.OPERATORS])
        assert staff_client(beside, NOVGOROD_HOST).get(f"{DESK}{booking.pk}/").status_code == 404
        assert staff_client(beside, NOVGOROD_HOST).get(DESK).status_code == 200
    assert json.dumps("Приём") in at_desk.get("/admin/").content.decode()


def test_the_waiting_list_and_the_figures(at_desk, centre, service, by_phone, clock):
    came, missed, gone, _open = (by_phone(time) for time in ("09:00", "09:30", "10:00", "10:30"))
    for booking, state in ((came, "arrived"), (missed, "missed"), (gone, "cancelled")):
        Appointment.objects.filter(pk=booking.pk).update(state=state)
    held(centre, service, at("10:00"))
    clock.at("2026-09-14T09:10")
    at_desk.post(f"{DESK}walk-in/", {"service": service.pk, "form_key": str(uuid4())})
    page = at_desk.get(f"{DESK}figures/", {"since": "2026-09-07", "until": "2026-09-20"})
    by_week, by_service = page.context["tables"]
    counts = [4, 1, 1, 1, 1, 1]
    assert [name.replace("\xa0", " ") for name, _counts in by_week.rows] == [
        "07.09 – 13.09",
        "14.09 – 20.09",
    ]
    assert [row for _name, row in by_week.rows] == [[0] * 6, counts]
    assert by_service.rows == [("Перерасчёт", counts)] and page.context["total"] == counts
    table = at_desk.get(f"{DESK}figures.csv?since=2026-09-07&until=2026-09-20").content.decode()
    assert "По услугам;Перерасчёт;4;1;1;1;1;1" in table
    assert "не больше года" in shown(at_desk.get(f"{DESK}figures/?since=2020-01-01"))
    assert at_desk.get(f"{DESK}figures.csv?since=2020-01-01").status_code == 404
    end = shown(at_desk.get(f"{DESK}figures/?since=9999-12-01&until=9999-12-31"))
    assert "Укажите день, например" in end
    WaitingEntry.objects.create(
        state="waiting",
        centre=centre,
        service=service,
        appointment=_open,
        first_day=MONDAY,
        last_day=TUESDAY,
        contact_name="Семён",
        phone="+79111234560",
    )
    page = shown(at_desk.get(f"{DESK}waiting/"))
    assert "Семён" in page and "с 14 сентября по 15 сентября" in page and _open.number in page
    entry = WaitingEntry.objects.get()
    assert "Семён" in shown(at_desk.post(f"{DESK}waiting/{entry.pk}/leave/"))  # asks, takes nobody
    entry.refresh_from_db()
    assert entry.state == "waiting"
    at_desk.post(f"{DESK}waiting/{entry.pk}/leave/", {"answer": "yes"})
    entry.refresh_from_db()
    assert entry.state == "left" and "Никто не ждёт" in shown(at_desk.get(f"{DESK}waiting/"))
    assert AuditEntry.objects.get(action="waiting.leave").actor_name == "anna"
