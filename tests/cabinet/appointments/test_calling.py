"""Whom to call when hours, desks and services have changed under bookings."""

import datetime
import json

import pytest

from cabinet.appointments.facts import number_said
from cabinet.appointments.models import Appointment, Desk, DeskAbsence
from cms_pages.models import CentreClosure, OpeningHours
from tests.cabinet.appointments.conftest import DESK, shown, to_call
from tests.support.appointments import MONDAY, at, make_queue, make_service
from tests.support.factories import staff_client

TUESDAY = MONDAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning(clock):
    clock.at("2026-09-14T08:00")


def other_desk(client):
    waiting = client.get(f"{DESK}calls/").context["calls"].waiting
    return {one.booking.number for one in waiting if one.has_other_desk}


def test_whom_to_call_when_hours_desks_and_services_change(
    at_desk, centre, service, by_phone, editor, clock, owner
):
    one, two = by_phone("09:00"), by_phone("10:30", phone="+79111234568")
    tomorrow = by_phone("09:30", TUESDAY, phone="+79111234569")
    assert to_call(at_desk) == {}
    # Editors shorten the hours, and read at once what that does.
    centre.hours = [
        OpeningHours(first_day=0, last_day=6, opens=datetime.time(9), closes=datetime.time(10, 45))
    ]
    centre.closures = [CentreClosure(first_date=TUESDAY, reason="Ремонт")]
    centre.save()
    assert to_call(at_desk) == {two.number: {"hours"}, tomorrow.number: {"closed"}}
    page = shown(at_desk.get(f"{DESK}calls/"))
    assert "Центр в этот день закрыт: Ремонт" in page and "tel:+79111234569" in (
        at_desk.get(f"{DESK}calls/").content.decode()
    )
    first_page = shown(at_desk.get("/admin/"))
    assert "в очереди 2" in first_page and json.dumps("Приём (2)") in first_page
    assert "Центр в этот день закрыт: Ремонт." in (
        at_desk.get(f"{DESK}{tomorrow.pk}/cancel/").content.decode()
    )
    # Called: gone from the list, until something else does not fit.
    at_desk.post(f"{DESK}{two.pk}/called/", {"next": f"{DESK}calls/"})
    assert json.dumps("Приём (1)") in shown(at_desk.get("/admin/appeals/"))
    assert to_call(at_desk) == {tomorrow.number: {"closed"}}
    said = number_said(two.number).replace("\xa0", " ")
    assert f"№ {said}" in shown(at_desk.get(f"{DESK}calls/"))
    DeskAbsence.objects.create(desk=two.desk, first_day=MONDAY, reason="болеет")
    assert to_call(at_desk) == {
        one.number: {"away"},
        two.number: {"hours", "away"},
        tomorrow.number: {"closed"},
    }
    # Another desk is free at that time, unless somebody is there.
    assert other_desk(at_desk) == {one.number}
    taken = by_phone("09:00", phone="+79111234577")
    path, back = f"{DESK}{one.pk}/other-desk/", {"next": f"{DESK}calls/"}
    assert other_desk(at_desk) == set()
    assert "Другие окна в это время заняты" in shown(at_desk.post(path, back, follow=True))
    Appointment.objects.filter(pk=taken.pk).update(state="cancelled")
    assert "Окно 2. Время прежнее" in shown(at_desk.post(path, back, follow=True))
    assert one.number not in to_call(at_desk)
    one.refresh_from_db()
    assert (one.desk.name, one.starts_at) == ("Окно 2", at("09:00"))
    DeskAbsence.objects.all().delete()
    Desk.objects.filter(pk=one.desk.pk).update(is_open=False)
    service.is_offered = False
    service.save()
    assert to_call(at_desk)[one.number] == {"shut", "gone"}
    # Deleted with its service; what is over calls nobody.
    service.delete()
    assert to_call(at_desk)[one.number] == {"shut", "gone"}
    assert at_desk.get(f"{DESK}{one.pk}/move/").status_code == 302
    clock.at("2026-09-16T08:00")
    assert to_call(at_desk) == {}


def test_whom_to_call_when_a_desk_or_a_centre_serves_something_else(at_desk, service, by_phone):
    one, two = by_phone("09:00"), by_phone("09:00", phone="+79111234568")
    two.desk.services.add(make_service("Сверка"))
    assert to_call(at_desk) == {two.number: {"unfit"}}
    service.centres.add(make_queue(code="other"))
    assert to_call(at_desk) == {one.number: {"elsewhere"}, two.number: {"elsewhere", "unfit"}}


def test_editors_read_what_their_hours_do_to_bookings(at_desk, centre, service, by_phone, editor):
    by_phone("09:00", TUESDAY)
    form = staff_client(editor).get(f"/admin/cms_pages/servicecentre/edit/{centre.pk}/")
    assert form.status_code == 200
    fields = {
        "name": "Центр",
        "code": centre.code,
        "district": centre.district_id,
        "address": "Псков",
        "hours-TOTAL_FORMS": 0,
        "hours-INITIAL_FORMS": 0,
        "phones-TOTAL_FORMS": 0,
        "phones-INITIAL_FORMS": 0,
        "closures-TOTAL_FORMS": 1,
        "closures-INITIAL_FORMS": 0,
        "closures-0-first_date": "2026-09-15",
        "closures-0-ORDER": 1,
        "action-publish": "1",
    }
    path = f"/admin/cms_pages/servicecentre/edit/{centre.pk}/"
    page = shown(staff_client(editor).post(path, fields, follow=True))
    assert "больше не подходят: 1" in page and "Операторы видят" in page
