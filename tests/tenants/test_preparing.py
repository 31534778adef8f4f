"""A company in preparation, its opening, and what staff may in a suspended one."""

import datetime

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cms_pages.models import HomePage, StandardPage
from portal.audit.models import AuditEntry
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.routing import forget_routes
from tenants.services import company_suspend
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of

WHO = {"actor": "central", "address": "192.0.2.1"}


def at(host: str) -> Client:
    return Client(headers={"host": host})


def set_status(company: GasCompany, **fields: object) -> None:
    with schema_context("public"):
        GasCompany.objects.filter(pk=company.pk).update(**fields)
    forget_routes()


@pytest.fixture
def director(pskov) -> Client:
    boss = staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])
    return staff_client(boss, PSKOV_HOST)


def test_a_site_in_preparation_is_its_staffs(director, pskov):
    set_status(pskov, status="preparing")
    stranger = at(PSKOV_HOST).get("/")
    assert stranger.status_code == 503 and "готовится" in text_of(stranger)
    assert stranger.headers["Retry-After"] == "3600"
    assert stranger.headers["Cache-Control"] == "no-store"
    assert at(PSKOV_HOST).get("/api/exchange/v1/").status_code == 200
    assert "межрегионгаз Псков" not in text_of(at(BASE_HOST).get("/"))
    # Whose slug is like an address that is served, and what nobody has there.
    home = HomePage.objects.get()
    below = home.add_child(instance=StandardPage(title="Тайна", slug="payments"))
    below.add_child(instance=StandardPage(title="Тайна", slug="prices"))
    closed = ("/payments/", "/payments/prices/list/", "/payments/no-such-key/", "/central-entry/x/")
    for path in closed:
        answer = at(PSKOV_HOST).get(path)
        assert answer.status_code == 503 and "Тайна" not in text_of(answer), path
    assert at(PSKOV_HOST).get("/api/exchange/v1/x/").status_code == 404
    page = director.get("/")
    assert page.status_code == 200 and "Тайна" in text_of(director.get("/payments/"))
    assert at(PSKOV_HOST).get("/").status_code == 503  # nothing was stored for strangers
    assert "можно только смотреть" in text_of(director.post("/guest/readings/", {}))
    first = text_of(director.get("/admin/"))
    assert "Компания готовится к открытию" in first
    assert "Лицевые счета пришли из биллинга" in first
    assert director.post("/admin/password_reset/", {"email": "x@y.ru"}).status_code == 302


def test_an_opening_waits_for_what_is_missing_or_a_reason(office, pskov):
    set_status(pskov, status="preparing")
    path = f"/admin/tenants/gascompany/{pskov.pk}/open/"
    page = text_of(office.get(f"/admin/tenants/gascompany/inspect/{pskov.pk}/"))
    assert "Реквизиты заполнены" in page and "ещё нет" in page and "Готовится к открытию" in page
    refused = office.post(path, {"reason": " "})
    assert refused.status_code == 200 and "напишите, почему" in text_of(refused)
    assert GasCompany.objects.get(pk=pskov.pk).status == "preparing"
    assert office.post(path, {"reason": "Показ губернатору"}).status_code == 302
    assert at(PSKOV_HOST).get("/").status_code == 200
    assert "межрегионгаз Псков" in text_of(at(BASE_HOST).get("/"))
    with schema_context("public"):
        entry = AuditEntry.objects.get(action="company.opened")
    assert entry.details["reason"] == "Показ губернатору"
    assert "Реквизиты заполнены" in entry.details["missing"][-2].replace("\u00a0", " ")
    assert office.post(path, {"reason": "ещё раз"}).status_code == 200  # it is open


def test_a_suspended_companys_admin_is_only_read(director, pskov):
    company_suspend(
        company_id=pskov.pk,
        reason="Смена юридического лица",
        until=datetime.date(2030, 3, 15),
        **WHO,
    )
    assert at(PSKOV_HOST).get("/").status_code == 503
    first = text_of(director.get("/admin/"))
    assert "изменить ничего нельзя" in first and "15 марта 2030" in first
    assert director.get("/admin/staff/").status_code == 200
    assert director.get("/admin/reports/site-history/?export=csv").status_code == 200
    refused = director.post("/admin/staff/invite/", {"email": "new@gas.ru", "roles": ["Editors"]})
    assert refused.status_code == 403
    said = text_of(refused)
    assert "Смена юридического лица" in said and "15 марта 2030" in said
    invited = at(PSKOV_HOST).post("/staff/invitation/x/", {"password": PASSWORD})
    assert invited.status_code == 503 and "Смена" not in text_of(invited)
    for method in (director.put, director.patch, director.delete):
        assert method("/admin/images/1/").status_code in {403, 404}
    assert director.post("/admin/logout/").status_code == 302
    login = {"username": "boss", "password": PASSWORD}
    assert at(PSKOV_HOST).post("/admin/login/", login).status_code == 302
