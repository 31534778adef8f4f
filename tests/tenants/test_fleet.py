"""The fleet page: counted by tasks, read at one price."""

import datetime

import pytest
from django.db import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.exchange.models import Package
from cabinet.meters.models import Meter
from cms_pages.models import HomePage
from cms_pages.tasks import publish_scheduled
from portal.connection import connection
from tenants import fleet, tasks
from tenants.central_admin.fleet import CHART_COMPANIES
from tenants.fleet import Counter, fleet_count
from tenants.models import (
    CompanyArchive,
    Domain,
    FleetSnapshot,
    GasCompany,
    ProvisioningRun,
)
from tests.support.factories import make_account, make_reading, text_of

PAGE = "/admin/tenants/fleet/"


def count(company: GasCompany) -> FleetSnapshot:
    """As beat has it done."""
    tasks.fleet_count.apply(headers={"_schema_name": company.schema_name}).get()
    return FleetSnapshot.objects.get(company=company)


def test_what_is_counted(pskov, link, account, clock):
    clock.at("2026-11-20T12:00")
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
        "packages_failed": 0,
        "payments_open": 0,
        "differences": 0,
        "receipts": 0,
        "appeals": 0,
        "appeals_late": 0,
        "appointments": 0,
        "connection": 0,
        "connection_late": 0,
        "messages_failed": 0,
        "schedule_missed": 0,
        "tasks_failed": 0,
        "exports_failed": 0,
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
        and "<script>" not in page.split('class="nice-padding desk"')[1].split("</main>")[0]
    )


def test_suspended_ones_are_counted_too(db, monkeypatch):
    GasCompany.objects.filter(schema_name="pskov").update(status="suspended")
    sent = []
    monkeypatch.setattr(
        tasks.current_app,
        "send_task",
        lambda name, headers, **_: sent.append(headers["_schema_name"]),
    )
    tasks.fan_out("tenants.tasks.fleet_count")
    assert "pskov" in sent
    tasks.fleet_count.apply(headers={"_schema_name": "public"}).get()  # nothing to count there


def test_one_counters_failure_is_its_own(pskov, monkeypatch, office):
    def broken(company: GasCompany) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")
        raise DatabaseError

    monkeypatch.setitem(fleet.COUNTERS, "broken", Counter("broken", "Сломан", broken, order=1))
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
    assert '<span class="desk-alarm">4</span>' in page.replace("\n", "")
    assert "назад" in page


def many_companies(count: int) -> list[GasCompany]:
    companies = GasCompany.objects.bulk_create(
        GasCompany(schema_name=f"many{number}", name=f"Компания {number}", status="active")
        for number in range(count)
    )
    Domain.objects.bulk_create(
        Domain(domain=f"many{number}.ru", tenant=company)
        for number, company in enumerate(companies)
    )
    return companies


def test_the_page_costs_the_same_with_1_and_100_companies(office, pskov, novgorod):
    connection.set_schema_to_public()
    novgorod.delete()
    count(pskov)
    connection.set_schema_to_public()
    office.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        office.get(PAGE)
    FleetSnapshot.objects.bulk_create(
        FleetSnapshot(company=company, figures={"accounts": 7}, counted_at=timezone.now())
        for company in many_companies(99)
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
        many_companies(100)
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


# --- what fails ---------------------------------------------------------------------------------------


def test_a_task_that_raises_is_its_companys(pskov, novgorod, monkeypatch):
    """As a worker runs it: the count is made while the company's schema is still entered."""

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cms_pages.tasks.call_command", lambda *_, **__: broken())
    for _attempt in range(2):
        publish_scheduled.apply(headers={"_schema_name": "pskov"})
    assert count(pskov).figures["tasks_failed"] == 2
    assert count(novgorod).figures["tasks_failed"] == 0


def test_packages_that_wait_for_somebody(pskov):
    def package(number: str, state: str, hours_ago: int) -> None:
        at = timezone.now() - datetime.timedelta(hours=hours_ago)
        applied = at if state == "applied" else None
        one = Package.objects.create(
            package_id=number,
            manifest_sha256="x",
            as_of=at,
            mode="delta",
            state=state,
            source="command",
            applied_at=applied,
        )
        Package.objects.filter(pk=one.pk).update(received_at=at)

    package("1", "refused", 24 * 8)  # a week later nobody waits for it
    package("2", "applied", 8)
    package("3", "refused", 7)
    package("3", "refused", 6)  # the same one again
    package("4", "interrupted", 5)
    assert count(pskov).figures["packages_failed"] == 2
    package("3", "applied", 4)
    package("4", "applied", 3)
    assert count(pskov).figures["packages_failed"] == 0


def test_what_did_not_go_live_in_time(pskov):
    page = HomePage.objects.get()
    revision = page.save_revision()
    revision.approved_go_live_at = timezone.now() - datetime.timedelta(minutes=5)
    revision.save()
    assert count(pskov).figures["schedule_missed"] == 0  # beat may be a minute late
    revision.approved_go_live_at -= datetime.timedelta(hours=1)
    revision.save()
    assert count(pskov).figures["schedule_missed"] == 1


def test_an_export_that_failed_until_one_succeeds(pskov):
    def export(state: str) -> None:
        CompanyArchive.objects.create(company=pskov, schema_name="pskov", state=state)

    export("failed")
    assert count(pskov).figures["exports_failed"] == 1
    export("done")
    assert count(pskov).figures["exports_failed"] == 0


def test_companies_that_could_not_be_opened(office, pskov):
    ProvisioningRun.objects.create(schema_name="tver", state="failed", error="Шаблон устарел.")
    page = text_of(office.get(PAGE))
    assert "Не удалось открыть" in page and "tver" in page
