"""What happened to one company, for the central office; who came in, for its administrator."""

from django.contrib.sessions.models import Session
from django.test import Client

from portal.audit.models import AuditEntry
from portal.audit.services import audit_write
from portal.connection import connection
from tenants.services import company_suspend
from tests.support.factories import (
    BASE_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)


def test_the_office_and_the_companys_own_log(pskov, novgorod, central_admin):
    audit_write(actor=None, action="login.failed", subject="секрет компании")
    connection.set_schema_to_public()
    company_suspend(company_id=pskov.pk, actor="central", address="", reason="Долг", until=None)
    office = staff_client(central_admin, BASE_HOST)
    page = f"/admin/tenants/gascompany/{pskov.pk}/timeline/"
    assert page in office.get(f"/admin/tenants/gascompany/inspect/{pskov.pk}/").content.decode()
    shown = text_of(office.get(page))
    assert "приостановил компанию" in shown and "вход и выход — 1" in shown
    assert "секрет компании" not in shown
    only = text_of(office.get(f"{page}?source=log"))
    assert "приостановил" not in only and "вход" in only
    assert "Записей нет" in text_of(office.get(f"{page}?before=2020-01-01T00:00:00%2B03:00"))
    elsewhere = f"/admin/tenants/gascompany/{novgorod.pk}/timeline/"
    assert "приостановил" not in text_of(office.get(elsewhere))
    assert Client(headers={"host": PSKOV_HOST}).get(page).status_code in (302, 404)


def test_pages_of_the_timeline_do_not_overlap(pskov, central_admin, django_assert_max_num_queries):
    connection.set_schema_to_public()
    for number in range(120):
        audit_write(actor=None, action="company.changed", subject=pskov, details={"number": number})
    office = staff_client(central_admin, BASE_HOST)
    page, seen = f"/admin/tenants/gascompany/{pskov.pk}/timeline/?source=office", ""
    for _ in range(3):
        with django_assert_max_num_queries(25):
            answer = office.get(page)
        seen += text_of(answer)
        if answer.context["older"]:
            page = f"{page.split('&')[0]}&before={answer.context['older'].replace('+', '%2B')}"
    assert [seen.count(f"Номер: {number}.") for number in range(120)] == [1] * 120


def test_who_came_in(company_administrator, editor):
    client = Client(headers={"host": PSKOV_HOST})
    client.post("/admin/login/", {"username": "editor", "password": "не тот"})
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    boss = staff_client(company_administrator)
    page = text_of(boss.get("/admin/staff/logins/"))
    assert "editor" in page and "Не удалось войти" in page and "127.0.0.1" in page
    assert "Мои сеансы" in page and "/sessions/end/" in page
    open_now = page.split("Журнал входов")[0]
    assert "editor" in open_now
    assert "Вышел из" not in text_of(boss.get("/admin/staff/logins/?q=edit"))
    failed = text_of(boss.get("/admin/staff/logins/?what=failed"))
    assert "Не удалось войти" in failed and "Вышел из" not in failed
    client.post("/admin/logout/")
    open_now = text_of(boss.get("/admin/staff/logins/")).split("Журнал входов")[0]
    assert "editor" not in open_now
    assert client.get("/admin/staff/logins/").status_code == 302
    assert Session.objects.count() >= 1 and AuditEntry.objects.filter(action="logout").exists()
