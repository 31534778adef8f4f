"""Closing a company, opening it again, deleting it, changing its hosts."""

import datetime
import os
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context, schema_exists
from wagtail.models import Site

from cabinet.subscribers.models import AccountLink
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.formats.dates import long_day
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants import events
from tenants.archives.services import archive_folder
from tenants.events import company_changed
from tenants.models import CompanyArchive, Domain, GasCompany, LegalRecord, Proposal
from tenants.services import (
    StatusRefused,
    company_delete,
    company_resume,
    company_suspend,
    domain_add,
    domain_make_primary,
)
from tests.support.central_admin import deletable
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)
from tests.support.processes import forked

WHO = {"actor": "central", "address": "192.0.2.1"}


def at(host: str) -> Client:
    return Client(headers={"host": host})


def page_of(company: GasCompany) -> str:
    return f"/admin/tenants/gascompany/inspect/{company.pk}/"


def do(office: Client, company: GasCompany, action: str, **data: str):
    """Press a button of the company's page, and on the page of its question «yes»."""
    return office.post(
        f"/admin/tenants/gascompany/{company.pk}/{action}/", {"answer": "yes", **data}
    )


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
    path = f"/admin/tenants/gascompany/{pskov.pk}/suspend/"
    assert "Откроется" in text_of(office.get(path))
    office.post(path, {"reason": "Долги"})  # no answer of the question's page
    past = do(office, pskov, "suspend", reason="Долги", until="2020-01-01")
    assert "день в будущем" in text_of(past) and "Долги" in text_of(past)
    assert "Напишите, почему" in text_of(do(office, pskov, "suspend", reason=" "))
    assert heard == []

    day = timezone.localdate() + datetime.timedelta(days=5)
    answer = do(office, pskov, "suspend", reason="Долги", until=f"{day}")
    assert answer.url == page_of(pskov)
    closed = at(PSKOV_HOST).get("/")
    assert closed.status_code == 503
    assert long_day(day).replace("\xa0", " ") in text_of(closed) and "Долги" not in text_of(closed)
    assert at(NOVGOROD_HOST).get("/").status_code == 200
    page = text_of(office.get(page_of(pskov)))
    assert "Приостановлена" in page and "Долги" in page
    do(office, pskov, "resume")
    assert at(PSKOV_HOST).get("/").status_code == 200
    assert heard == [("suspended", "pskov"), ("resumed", "pskov")]
    assert entries() == [
        ("company.suspended", "central", "127.0.0.1"),
        ("company.resumed", "central", "127.0.0.1"),
    ]
    with schema_context("public"):
        logged = AuditEntry.objects.get(action="company.suspended").details["changes"]
    assert ["Почему приостановлена", "", "Долги"] in logged
    company = GasCompany.objects.get(pk=pskov.pk)
    assert company.suspended_until is None and company.suspended_reason == ""


def test_a_state_is_asked_again_under_the_lock(pskov, heard):
    """Two admins at once: the second one's click, made on an old page, does nothing."""
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    with pytest.raises(StatusRefused):
        company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    company_resume(company_id=pskov.pk, **WHO)
    with pytest.raises(StatusRefused):
        company_resume(company_id=pskov.pk, **WHO)
    assert [one[0] for one in heard] == ["suspended", "resumed"]


def test_the_change_and_its_record_are_one(pskov, monkeypatch):
    def refuse(**_: object) -> None:
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr(events, "audit_write", refuse)
    with pytest.raises(RuntimeError):
        company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    assert GasCompany.objects.get(pk=pskov.pk).status == "active"


def test_behind_its_migrations_is_not_resumed(pskov):
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'meters'")
    with pytest.raises(StatusRefused, match="tenants_migrate"):
        company_resume(company_id=pskov.pk, **WHO)


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    return tmp_path


@pytest.fixture
def second(central_admin) -> Client:
    """Another central admin."""
    with schema_context("public"):
        other = staff_create(username="second", password=PASSWORD, superuser=True)
    return staff_client(other, BASE_HOST)


def test_deleting_takes_two_admins_and_days(office, second, pskov, novgorod, link, heard, files):
    connection.check_constraints()  # what the fixtures wrote would wait for this test's end
    connection.set_schema_to_public()
    LegalRecord.objects.create(
        company=pskov, code="penalty_free_days", valid_from="2026-01-01", number=31, source="x"
    )
    name = {"typed_name": f" {pskov.name} ", "reason": "Слияние"}
    assert "сначала отправьте её в архив" in text_of(do(office, pskov, "remove", **name))
    deletable(pskov)
    CompanyArchive.objects.update(checked_at=None)
    assert "Нет проверенного архива" in text_of(do(office, pskov, "remove", **name))
    CompanyArchive.objects.update(checked_at=timezone.now())
    wrong = do(office, pskov, "remove", typed_name="Псков", reason="Слияние")
    assert "Название не совпадает" in text_of(wrong) and "Слияние" in text_of(wrong)
    office.post(f"/admin/tenants/gascompany/{pskov.pk}/remove/", name)  # no answer
    assert not Proposal.objects.exists()

    do(office, pskov, "remove", **name)
    proposal = Proposal.objects.get()
    decide = f"/admin/tenants/proposals/{proposal.pk}"
    assert "Предложено удаление" in text_of(office.get(page_of(pskov)))
    again = do(office, pskov, "remove", **name)
    assert "уже предложено" in text_of(again)
    yes = {"answer": "yes"}
    assert "не раньше" in text_of(second.post(f"{decide}/confirm/", yes, follow=True))
    Proposal.objects.update(not_before=timezone.now())
    assert "Своё предложение" in text_of(office.post(f"{decide}/confirm/", yes, follow=True))
    other = StaffUser.objects.filter(username="second")
    joined, email = other.values_list("date_joined", "email").get()
    StaffUser.objects.filter(username="central").update(email="office@gas.test")
    for fields, said in (
        ({"email": "Office@gas.test"}, "одна электронная почта"),
        ({"date_joined": timezone.now()}, "появилась уже после предложения"),
    ):
        other.update(**{"date_joined": joined, "email": email, **fields})
        assert said in text_of(second.get(f"{decide}/"))
        assert said in text_of(second.post(f"{decide}/confirm/", yes))
    other.update(date_joined=joined, email=email)
    assert "office@gas.test, учётная запись с" in text_of(second.get(f"{decide}/"))
    assert "Удалить навсегда" in text_of(second.get(f"{decide}/confirm/"))
    second.post(f"{decide}/confirm/")  # no answer
    file = archive_folder() / "pskov.zip"
    file.write_bytes(b"other")
    assert "изменился" in text_of(second.post(f"{decide}/confirm/", yes, follow=True))
    file.write_bytes(b"1")
    assert schema_exists("pskov") and heard[-1] == ("archived", "pskov")

    assert second.post(f"{decide}/confirm/", yes).status_code == 302
    assert not schema_exists("pskov")
    assert not GasCompany.objects.filter(schema_name="pskov").exists()
    assert not Domain.objects.filter(domain=PSKOV_HOST).exists()
    assert not AccountLink.objects.exists()
    assert at(PSKOV_HOST).get("/").status_code == 404
    assert pskov.name in text_of(office.get("/admin/tenants/archives/"))
    assert "Архивы удалённых" in text_of(office.get("/admin/tenants/search/?q=Псков"))
    assert at(NOVGOROD_HOST).get("/").status_code == 200
    assert heard[-1] == ("deleted", "pskov")
    assert entries()[-1] == ("company.deleted", "second", "127.0.0.1")
    assert office.get("/admin/tenants/gascompany/").status_code == 200


def test_a_deletion_is_withdrawn_declined_or_ended_by_resuming(office, second, pskov, files):
    connection.set_schema_to_public()
    deletable(pskov)
    asked = {"typed_name": pskov.name, "reason": "Слияние"}
    do(office, pskov, "remove", **asked)
    path = f"/admin/tenants/proposals/{Proposal.objects.get().pk}/decline/"
    office.post(path)  # no answer
    assert Proposal.objects.get().state == "waiting"
    office.post(path, {"answer": "yes"})
    assert Proposal.objects.get().state == "withdrawn"
    do(office, pskov, "remove", **asked)
    page = f"/admin/tenants/proposals/{Proposal.objects.get(state='waiting').pk}/"
    second.post(f"{page}decline/", {"answer": "yes", "note": "Слияние отменили"})
    assert "Слияние отменили" in text_of(office.get(page))
    assert "Изменить" not in text_of(office.get(page_of(pskov)))
    do(office, pskov, "remove", **asked)
    do(office, pskov, "resume")
    assert [one.state for one in Proposal.objects.order_by("pk")] == [
        *("withdrawn", "declined", "withdrawn")
    ]
    deleting = {"company_id": pskov.pk, "typed_name": pskov.name, **WHO}
    with pytest.raises(StatusRefused, match=r"только компанию в.архиве"):
        company_delete(**deleting)
    # The archive is older than the state of now, then nobody has confirmed.
    company_suspend(company_id=pskov.pk, reason="Снова", **WHO)
    GasCompany.objects.update(status="archived")
    with pytest.raises(StatusRefused, match="Нет проверенного"):
        company_delete(**deleting)
    GasCompany.objects.update(status_changed_at=CompanyArchive.objects.get().created_at)
    with pytest.raises(StatusRefused, match="второй"):
        company_delete(**deleting)


def test_a_deletion_that_is_killed_leaves_everything(own_db, files):
    """At its worst moment: the schema is dropped, the rows are there still."""
    (files / "media" / "pskov").mkdir(parents=True)
    company = GasCompany.objects.get(schema_name="pskov")
    deletable(company)
    deleting = {"company_id": company.pk, "typed_name": company.name, "second_admin": False, **WHO}

    def die_after_the_drop(run, statement, *arguments):
        answer = run(statement, *arguments)
        if statement.startswith("DROP SCHEMA"):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def work() -> None:
        with connection.execute_wrapper(die_after_the_drop):
            company_delete(**deleting)

    assert os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1]) == -signal.SIGKILL
    assert schema_exists("pskov") and (files / "media" / "pskov").exists()
    assert GasCompany.objects.get(pk=company.pk).status == "archived"
    company_delete(**deleting)
    assert not schema_exists("pskov") and not (files / "media" / "pskov").exists()


def test_delete_takes_the_companys_files_and_no_others(own_db, files):
    for schema in ("pskov", "novgorod"):
        (files / "media" / schema).mkdir(parents=True)
    company = GasCompany.objects.get(schema_name="pskov")
    deletable(company)
    with pytest.raises(CommandError, match="without-second-admin"):
        call_command("tenant_delete", "pskov", name=company.name)
    call_command("tenant_delete", "pskov", "--without-second-admin", name=company.name)
    assert [path.name for path in (files / "media").iterdir()] == ["novgorod"]


def test_a_failure_while_deleting_leaves_everything(pskov, files, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    connection.set_schema_to_public()
    deletable(pskov)
    monkeypatch.setattr(GasCompany, "delete", fail)
    deleting = {"company_id": pskov.pk, "typed_name": pskov.name, "second_admin": False, **WHO}
    with pytest.raises(RuntimeError):
        company_delete(**deleting)
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
        asked = office.get(f"/admin/tenants/gascompany/{pskov.pk}/domains/{old.pk}/remove/")
        assert "сможет занять другая компания" in text_of(asked)
        office.post(f"/admin/tenants/gascompany/{pskov.pk}/domains/{old.pk}/remove/")  # no answer
        assert Domain.objects.filter(pk=old.pk).exists()
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
