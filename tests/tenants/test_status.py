"""Closing a company, opening it again, deleting it, changing its hosts."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django_tenants.utils import schema_context, schema_exists
from wagtail.models import Site

from cabinet.subscribers.models import AccountLink
from portal.audit.models import AuditEntry
from portal.connection import connection
from tenants import events
from tenants.events import company_changed
from tenants.models import Domain, GasCompany, LegalRecord
from tenants.services import (
    StatusRefused,
    company_delete,
    company_resume,
    company_suspend,
    domain_add,
    domain_make_primary,
)
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST

WHO = {"actor": "central", "address": "192.0.2.1"}


def at(host: str) -> Client:
    return Client(headers={"host": host})


def page_of(company: GasCompany) -> str:
    return f"/admin/tenants/gascompany/inspect/{company.pk}/"


def do(office: Client, company: GasCompany, action: str, **data: str):
    return office.post(f"/admin/tenants/gascompany/{company.pk}/{action}/", data)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    """Events and companies of which the apps above have heard."""
    events: list[tuple[str, str]] = []

    def receive(event: str, company: GasCompany, **_: object) -> None:
        events.append((event, company.schema_name))

    company_changed.connect(receive)
    yield events
    company_changed.disconnect(receive)


def entries() -> list[tuple[str, str, str | None]]:
    """Actions on companies in the central audit log, in their order."""
    with schema_context("public"):
        found = AuditEntry.objects.filter(action__startswith="company.").order_by("pk")
        return list(found.values_list("action", "actor_name", "address"))


def test_suspend_and_resume(office, pskov, heard):
    answer = do(office, pskov, "suspend")
    assert answer.url == page_of(pskov)
    assert at(PSKOV_HOST).get("/").status_code == 503
    assert at(NOVGOROD_HOST).get("/").status_code == 200
    assert "Приостановлена" in office.get(page_of(pskov)).content.decode()
    do(office, pskov, "resume")
    assert at(PSKOV_HOST).get("/").status_code == 200
    assert heard == [("suspended", "pskov"), ("resumed", "pskov")]
    assert entries() == [
        ("company.suspended", "central", "127.0.0.1"),
        ("company.resumed", "central", "127.0.0.1"),
    ]


def test_a_state_is_asked_again_under_the_lock(pskov, heard):
    """Two admins at once: the second one's click, made on an old page, does nothing."""
    company_suspend(company_id=pskov.pk, **WHO)
    with pytest.raises(StatusRefused):
        company_suspend(company_id=pskov.pk, **WHO)
    company_resume(company_id=pskov.pk, **WHO)
    with pytest.raises(StatusRefused):
        company_resume(company_id=pskov.pk, **WHO)
    assert [one[0] for one in heard] == ["suspended", "resumed"]


def test_the_change_and_its_record_are_one(pskov, monkeypatch):
    def refuse(**_: object) -> None:
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr(events, "audit_write", refuse)
    with pytest.raises(RuntimeError):
        company_suspend(company_id=pskov.pk, **WHO)
    assert GasCompany.objects.get(pk=pskov.pk).status == "active"


def test_behind_its_migrations_is_not_resumed(pskov):
    company_suspend(company_id=pskov.pk, **WHO)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'meters'")
    with pytest.raises(StatusRefused, match="tenants_migrate"):
        company_resume(company_id=pskov.pk, **WHO)


def test_delete_asks_for_the_name(office, pskov, novgorod, link, heard, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    connection.check_constraints()  # what the fixtures wrote would wait for this test's end
    connection.set_schema_to_public()
    LegalRecord.objects.create(
        company=pskov, code="key_rate", valid_from="2026-01-01", number=1, source="x"
    )
    name = pskov.name
    assert do(office, pskov, "remove", typed_name=name).status_code == 200  # it still works
    company_suspend(company_id=pskov.pk, **WHO)
    answer = do(office, pskov, "remove", typed_name="Псков")
    assert answer.status_code == 200
    assert "Название не совпадает" in answer.content.decode()
    assert schema_exists("pskov")

    assert do(office, pskov, "remove", typed_name=f" {name} ").status_code == 302
    assert not schema_exists("pskov")
    assert not GasCompany.objects.filter(schema_name="pskov").exists()
    assert not Domain.objects.filter(domain=PSKOV_HOST).exists()
    assert not AccountLink.objects.exists()
    assert at(PSKOV_HOST).get("/").status_code == 404
    assert at(NOVGOROD_HOST).get("/").status_code == 200
    assert heard[-1] == ("deleted", "pskov")
    assert entries()[-1] == ("company.deleted", "central", "127.0.0.1")
    assert office.get("/admin/tenants/gascompany/").status_code == 200


def test_delete_takes_the_companys_files_and_no_others(own_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for schema in ("pskov", "novgorod"):
        (tmp_path / schema).mkdir()
    company = GasCompany.objects.get(schema_name="pskov")
    company_suspend(company_id=company.pk, **WHO)
    company_delete(company_id=company.pk, typed_name=company.name, **WHO)
    assert [path.name for path in tmp_path.iterdir()] == ["novgorod"]


def test_a_failure_while_deleting_leaves_everything(pskov, monkeypatch):
    company_suspend(company_id=pskov.pk, **WHO)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(GasCompany, "delete", fail)
    connection.set_schema_to_public()
    with pytest.raises(RuntimeError):
        company_delete(company_id=pskov.pk, typed_name=pskov.name, **WHO)
    assert schema_exists("pskov")


class TestDomains:
    def test_add_make_primary_remove(self, office, pskov, heard):
        do(office, pskov, "domains", domain="Псков.газ.рф.")
        ascii_name = "псков.газ.рф".encode("idna").decode()
        new = Domain.objects.get(domain=ascii_name)
        assert not new.is_primary
        assert at(ascii_name).get("/").status_code == 200
        assert "псков.газ.рф" in office.get(page_of(pskov)).content.decode()

        do(office, pskov, f"domains/{new.pk}/primary")
        assert GasCompany.objects.get(pk=pskov.pk).url == f"http://{ascii_name}"
        with schema_context("pskov"):
            assert Site.objects.get().hostname == ascii_name

        old = Domain.objects.get(domain=PSKOV_HOST)
        assert not old.is_primary
        do(office, pskov, f"domains/{new.pk}/remove")
        assert Domain.objects.filter(pk=new.pk).exists()  # the primary one stays
        do(office, pskov, f"domains/{old.pk}/remove")
        assert at(PSKOV_HOST).get("/").status_code == 404
        assert [one[0] for one in heard] == ["domain_added", "domain_primary", "domain_removed"]

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("NOVGOROD.gas.localhost.", "уже занят другой компанией"),
            ("novgorod.gas.localhost:8000", "уже занят другой компанией"),
            ("gas.localhost", "занят порталом"),
            ("a..b", "не похоже на адрес"),
        ],
    )
    def test_a_bad_domain_is_refused_and_stays_typed(self, office, pskov, typed, message):
        answer = do(office, pskov, "domains", domain=typed)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert message in page and f'value="{typed}"' in page
        assert pskov.domains.count() == 1

    def test_another_companys_domain_is_not_touched(self, office, pskov, novgorod):
        theirs = novgorod.domains.get()
        assert do(office, pskov, f"domains/{theirs.pk}/remove").status_code == 404
        assert do(office, pskov, f"domains/{theirs.pk}/primary").status_code == 404

    def test_the_service_checks_too(self, pskov):
        with pytest.raises(ValidationError):
            domain_add(company=pskov, domain=settings.BASE_HOST, **WHO)

    def test_a_company_has_one_primary_domain(self, pskov):
        new = domain_add(company=pskov, domain="lk.pskov.ru", **WHO)
        domain_make_primary(host=new, **WHO)
        assert pskov.domains.get(is_primary=True).pk == new.pk
