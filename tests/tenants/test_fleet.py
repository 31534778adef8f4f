"""The fleet page: counted by tasks, read at one price."""

import datetime

import pytest
from django.db import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.exchange.models import Package
from cabinet.meters.models import Meter
from portal.connection import connection
from tenants import fleet, tasks
from tenants.fleet import Counter, fleet_count
from tenants.models import Domain, FleetSnapshot, GasCompany
from tenants.office.fleet import CHART_COMPANIES
from tests.factories import make_account, make_reading, text_of

PAGE = "/admin/tenants/fleet/"


def count(company: GasCompany) -> FleetSnapshot:
    """As beat has it done."""
    tasks.fleet_count.apply(headers={"_schema_name": company.schema_name}).get()
    return FleetSnapshot.objects.get(company=company)


def test_what_is_counted(pskov, link, account):
    make_account("2", closed_on=datetime.date(2026, 1, 1))
    meter = Meter.objects.get()
    today = timezone.localdate()
    make_reading(meter, 1950, today, origin="portal", source="cabinet")
    make_reading(meter, 1951, today)  # billing's own is not the portal's work
    make_reading(meter, 1940, today.replace(day=1) - datetime.timedelta(days=1), origin="portal")
    loaded = timezone.now() - datetime.timedelta(days=3)
    Package.objects.create(
        package_id="1",
        manifest_sha256="x",
        as_of=loaded,
        mode="full",
        state="applied",
        source="command",
        applied_at=loaded,
    )
    snapshot = count(pskov)
    assert snapshot.failed == []
    assert snapshot.figures == {
        "accounts": 1,
        "subscribers": 1,
        "readings": 1,
        "package": loaded.isoformat(),
        "messages_failed": 0,
    }


def test_each_company_its_own(office, pskov, novgorod, account):
    count(pskov)
    count(novgorod)
    assert FleetSnapshot.objects.get(company=pskov).figures["accounts"] == 1
    assert FleetSnapshot.objects.get(company=novgorod).figures["accounts"] == 0
    page = text_of(office.get(PAGE))
    assert "Псков" in page and "Великий Новгород" in page and "Лицевых счетов: всего 1" in page
    assert (
        "<svg" in page
        and "<script>" not in page.split('class="nice-padding office"')[1].split("</main>")[0]
    )


def test_suspended_ones_are_counted_too(db, monkeypatch):
    GasCompany.objects.filter(schema_name="pskov").update(status="suspended")
    sent = []
    monkeypatch.setattr(
        tasks.current_app, "send_task", lambda name, headers: sent.append(headers["_schema_name"])
    )
    tasks.fan_out("tenants.tasks.fleet_count")
    assert "pskov" in sent
    tasks.fleet_count.apply(headers={"_schema_name": "public"}).get()  # nothing to count there


def test_one_counters_failure_is_its_own(pskov, monkeypatch, office):
    def broken(company: GasCompany) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")
        raise DatabaseError

    monkeypatch.setitem(fleet._counters, "broken", Counter("broken", "Сломан", broken, order=1))
    connection.set_tenant(pskov)
    snapshot = fleet_count(pskov)
    assert snapshot.failed == ["broken"]
    assert snapshot.figures["accounts"] == 0
    assert "не посчитано" in text_of(office.get(PAGE))


def test_a_counter_that_nobody_fills_is_not_there(office, pskov):
    """Payments and appeals come with their apps."""
    assert "Платежей сегодня" not in text_of(office.get(PAGE))


def test_bad_news_is_marked(office, pskov):
    FleetSnapshot.objects.create(
        company=pskov,
        figures={"messages_failed": 4, "package": "2026-01-01T00:00:00+00:00"},
        counted_at=timezone.now(),
    )
    page = office.get(PAGE).content.decode()
    assert '<span class="office-alarm">4</span>' in page.replace("\n", "")
    assert "назад" in page


def test_the_page_costs_the_same_with_1_and_100_companies(office, pskov, novgorod):
    connection.set_schema_to_public()
    novgorod.delete()
    count(pskov)
    connection.set_schema_to_public()
    office.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        office.get(PAGE)
    for number in range(99):
        company = GasCompany.objects.create(
            schema_name=f"many{number}", name=f"Компания {number}", status="active"
        )
        Domain.objects.create(domain=f"many{number}.ru", tenant=company)
        FleetSnapshot.objects.create(
            company=company, figures={"accounts": number}, counted_at=timezone.now()
        )
    with CaptureQueriesContext(connection) as hundred:
        page = text_of(office.get(PAGE))
    assert "Компания 98" in page
    assert page.count("<rect") <= 3 * CHART_COMPANIES
    assert len(hundred) == len(one)


def test_the_lookup_of_a_company_costs_the_same(pskov, guest):
    guest.get("/brand.css")
    with CaptureQueriesContext(connection) as few:
        guest.get("/brand.css")
    with schema_context("public"):
        for number in range(100):
            company = GasCompany.objects.create(schema_name=f"many{number}", name="x")
            Domain.objects.create(domain=f"many{number}.ru", tenant=company)
    with CaptureQueriesContext(connection) as many:
        guest.get("/brand.css")
    assert len(few) == len(many)


@pytest.mark.parametrize("figure", [0, 7])
def test_a_figure_of_nothing_is_a_figure(office, pskov, figure):
    FleetSnapshot.objects.create(
        company=pskov, figures={"accounts": figure}, counted_at=timezone.now()
    )
    page = text_of(office.get(f"/admin/tenants/gascompany/inspect/{pskov.pk}/"))
    assert f"<span >{figure}</span>" in page
