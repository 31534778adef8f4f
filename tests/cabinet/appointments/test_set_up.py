"""Services, desks and absences as a company sets them up."""

import pytest

from cabinet.appointments.models import (
    AppointmentService,
    AppointmentSettings,
    Desk,
    DeskAbsence,
)
from cms_pages.models import District, ServiceCentre
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client, text_of

ADDRESS = "/admin/appointments"


@pytest.fixture
def centre(pskov) -> ServiceCentre:
    district = District.objects.create(name="Псков")
    return ServiceCentre.objects.create(code="p", name="Псковский", district=district, address="-")


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


def test_a_new_gas_company_has_services_and_a_new_desk_takes_them(boss, centre):
    assert AppointmentService.objects.count() == 5
    page = text_of(boss.get(f"{ADDRESS}/appointmentservice/"))
    assert "Смена собственника" in page and "во всех центрах" in page
    desk = {"name": "Окно 1", "order": "1", "centre": centre.pk, "is_open": "on"}
    assert boss.post(f"{ADDRESS}/desk/create/", desk).status_code == 302
    page = text_of(boss.post(f"{ADDRESS}/desk/create/", {**desk, "name": "ОКНО 1"}))
    assert "уже есть окно с таким названием" in page
    assert Desk.objects.get().centre == centre
    assert "Псковский" in text_of(boss.get(f"{ADDRESS}/desk/?centre={centre.pk}&is_open__exact=1"))


def test_what_nobody_could_book_is_refused_at_its_field(boss, centre):
    elsewhere = AppointmentService.objects.first()
    other = ServiceCentre.objects.create(
        code="o", name="Островский", district=centre.district, address="-"
    )
    elsewhere.centres.add(other)
    service = {"name": "СПРАВКИ и сверка", "order": "1", "minutes": "7", "is_offered": "on"}
    page = text_of(boss.post(f"{ADDRESS}/appointmentservice/create/", service))
    assert "Услуга с таким названием уже есть" in page and "делится на пять" in page
    desk = {"name": "Окно 1", "order": "1", "centre": centre.pk, "services": [elsewhere.pk]}
    page = text_of(boss.post(f"{ADDRESS}/desk/create/", desk))
    assert "в этом центре не оказывают" in page and not Desk.objects.exists()
    rules = {"is_on": "on", "days_ahead": "1", "notice_minutes": "1440", "offer_minutes": "60"}
    rules["backend"] = "local"
    address = "/admin/settings/appointments/appointmentsettings/"
    path = boss.get(address, follow=True).request["PATH_INFO"]
    assert "нельзя ни на какой день" in text_of(boss.post(path, rules))
    boss.post(path, {**rules, "days_ahead": "30"})
    assert AppointmentSettings.objects.get().days_ahead == 30


def test_operators_enter_absences_and_nothing_else(boss, centre):
    desk = Desk.objects.create(centre=centre, name="Окно 1")
    operator = staff_client(staff_create(username="o", password=PASSWORD, groups=[OPERATORS]))
    for path in ("desk/create/", "appointmentservice/create/"):
        assert operator.get(f"{ADDRESS}/{path}").status_code != 200, path
    address = f"{ADDRESS}/deskabsence/create/"
    assert "Псковский, Окно 1" in text_of(operator.get(address))
    form = {"desk": desk.pk, "first_day": "2026-12-10", "from_time": "15:00", "to_time": "14:00"}
    page = text_of(operator.post(address, {**form, "last_day": "2026-12-01"}))
    assert "Последний день раньше первого" in page
    assert "Конец раньше начала" in text_of(operator.post(address, form))
    page = text_of(operator.post(address, {**form, "to_time": ""}))
    assert "Укажите и начало, и конец" in page and not DeskAbsence.objects.exists()
    assert operator.post(address, {**form, "to_time": "16:00"}).status_code == 302
    for query in ("", f"?centre={centre.pk}"):
        assert "15:00–16:00" in text_of(operator.get(f"{ADDRESS}/deskabsence/{query}"))
    assert "15:00–16:00" not in text_of(operator.get(f"{ADDRESS}/deskabsence/?centre=999999"))
