"""The fleet page: counted by tasks, read at one price."""

import datetime
import html
import re
import uuid
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
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
    Proposal,
    ProvisioningRun,
    SharedDelivery,
    SharedVersion,
)
from tests.support.central_admin import at, path_of, token_address
from tests.support.factories import PSKOV_HOST, make_account, make_reading, text_of

PAGE = "/admin/tenants/fleet/"
FIRST = "/admin/"


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
        "package_late": None,
        "packages_failed": 0,
        "deliveries_failed": 0,
        "hosts": 0,
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

    monkeypatch.setattr("cms_pages.tasks.schedule_is_due", broken)
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


def test_packages_that_did_not_come_by_their_usual_day(pskov, office, clock):
    clock.at("2026-11-20T12:00")
    for number, days_ago in enumerate((40, 33, 27, 20, 11)):
        at = timezone.now() - datetime.timedelta(days=days_ago)
        Package.objects.create(
            package_id=str(number),
            manifest_sha256="x",
            as_of=at,
            mode="delta",
            state="applied",
            source="command",
            applied_at=at,
        )
    assert count(pskov).figures["package_late"] == "2026-11-18T00:00:00+03:00"
    page = said_on(office.get(FIRST))
    assert "Пакеты биллинга не пришли" in page and "ждали к 18 ноября 2026 г." in page
    connection.set_tenant(pskov)
    Package.objects.filter(package_id="4").update(applied_at=timezone.now())
    assert count(pskov).figures["package_late"] is None


# --- the first page of the office ---------------------------------------------------------------------


def said_on(answer: HttpResponse) -> str:
    """The page's words in one line."""
    return " ".join(re.sub("<[^>]+>", " ", text_of(answer)).split())


def test_what_needs_a_hand(office, pskov, novgorod):
    connection.set_schema_to_public()
    ProvisioningRun.objects.create(schema_name="tver", state="failed", error="Шаблон устарел.")
    Proposal.objects.create(kind="delete", subject="Псков", proposed_by="other")
    version = SharedVersion.objects.create(
        item=uuid.uuid4(), number=1, title="Тарифы", content={}, made_by="central"
    )
    SharedDelivery.objects.create(
        company=novgorod, item=version.item, version=version, wish="draft", state="failed"
    )
    GasCompany.objects.filter(pk=pskov.pk).update(
        status="suspended",
        suspended_reason="Ремонт",
        suspended_until=timezone.localdate(),  # it was to open today
    )
    FleetSnapshot.objects.create(
        company=novgorod, figures={"messages_failed": 4}, counted_at=timezone.now()
    )
    page = said_on(office.get(FIRST))
    for said in (
        "tver Шаблон устарел.",
        "удаление компании: Псков предложил other",
        "«Тарифы» не доставлено: ООО «Газпром межрегионгаз Великий Новгород»",
        "Срок приостановки прошёл 1",
        "не отправлено писем — 4",
        "ещё не считали",
    ):
        assert said in page, said


def test_this_month_beside_the_same_days_of_last_year(office, pskov, novgorod, account, clock):
    clock.at("2026-11-20T12:00")
    connection.set_tenant(pskov)
    meter = Meter.objects.get()
    for day in ("2025-11-01", "2025-11-20", "2025-11-21", "2026-03-05", "2026-11-20"):
        make_reading(meter, 1950, datetime.date.fromisoformat(day), origin="portal")
    first = "Показателей ещё нет"
    assert first in said_on(office.get(FIRST))
    for company in (pskov, novgorod, pskov):  # again changes nothing
        tasks.months_count.apply(headers={"_schema_name": company.schema_name}).get()
    page = said_on(office.get(FIRST))
    assert first not in page
    assert "Показания: 1 За те же дни год назад — 2, сейчас меньше на 50 %." in page
    assert "ноябрь 2025 г. 3" in page and "март 2026 г. 1" in page
    assert "Обращения: 0 За последний год данных нет." in page
    connection.set_tenant(pskov)
    make_reading(meter, 1960, datetime.date(2026, 10, 5), origin="portal")  # came later
    clock.at("2026-11-21T12:00")
    tasks.months_count.apply(headers={"_schema_name": "pskov"}).get()
    page = said_on(office.get(FIRST))
    assert "октябрь 2026 г. 1" in page and "год назад — 3," in page


def test_the_first_page_costs_the_same_with_2_and_100_companies(office, pskov, novgorod):
    for company in (pskov, novgorod):
        count(company)
        tasks.months_count.apply(headers={"_schema_name": company.schema_name}).get()
    office.get(FIRST)
    with CaptureQueriesContext(connection) as two:
        office.get(FIRST)
    connection.set_schema_to_public()
    more = many_companies(98)
    failing = {"messages_failed": 7, "package_late": "2026-01-01T00:00:00+00:00"}
    FleetSnapshot.objects.bulk_create(
        FleetSnapshot(company=company, figures=failing, counted_at=timezone.now())
        for company in more
    )
    with CaptureQueriesContext(connection) as hundred:
        page = said_on(office.get(FIRST))
    assert "Сбои в компаниях 98" in page and "Ещё 90" in page
    assert len(hundred) == len(two)


# --- the list of companies ----------------------------------------------------------------------------


def test_search_order_filters_and_a_file(office, pskov, novgorod):
    connection.set_schema_to_public()
    figures = {"readings": 90, "messages_failed": 4}
    FleetSnapshot.objects.create(company=pskov, figures=figures, counted_at=timezone.now())
    FleetSnapshot.objects.create(
        company=novgorod, figures={"readings": 700}, counted_at=timezone.now()
    )
    (bare,) = many_companies(1)
    names = [f">{one.name}</a>" for one in (pskov, novgorod, bare)]

    def listed(query: str) -> list[int]:
        """The companies' numbers in `names`, in the order of the page."""
        page = html.unescape(office.get(f"{PAGE}?{query}").content.decode())
        return sorted((i for i in range(3) if names[i] in page), key=lambda i: page.index(names[i]))

    readings = 1 + [one.code for one in fleet.counters() if not one.alarm].index("readings")
    assert listed(f"order={readings}") == [2, 0, 1]
    assert listed(f"order=-{readings}") == [1, 0, 2]
    assert listed("alarms=yes") == [0] and listed("alarms=no") == [2, 1]
    assert listed("q=pskov.gas") == [0] and listed("kind=capital_repair") == []
    assert listed(f"region={novgorod.regions.get().pk}") == [1]
    file = office.get("/admin/tenants/fleet.csv?alarms=yes").content.decode("utf-8-sig")
    assert file.count("\r\n") == 2 and "Псков" in file and ";90;" in file


def test_from_a_counter_to_its_rows(office, pskov):
    FleetSnapshot.objects.create(
        company=pskov, figures={"packages_failed": 4}, counted_at=timezone.now()
    )
    page = html.unescape(office.get(PAGE).content.decode())
    address = re.search(r'href="([^"]+/enter/[^"]+)">4</a>', page)[1]
    browser = at(PSKOV_HOST)
    marked = browser.get(path_of(office.get(address).headers["Location"]))
    issued = office.get(path_of(marked.headers["Location"]))
    inside = browser.get(path_of(issued.headers["Location"]))
    assert inside.headers["Location"] == "/admin/exchange/"
    assert browser.get("/admin/exchange/").status_code == 200


@pytest.mark.parametrize("then", ["//evil.ru/admin/", "https://evil.ru/admin/", "/cabinet/"])
def test_nobody_is_led_elsewhere(office, pskov, then):
    browser = at(PSKOV_HOST)
    address = urlsplit(token_address(office, pskov, browser))
    answer = browser.get(address.path, dict(parse_qsl(address.query)) | {"next": then})
    assert answer.headers["Location"] == "/admin/"
