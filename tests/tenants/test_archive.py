"""A company as one file, and back again in another database."""

import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django_tenants.utils import schema_context, schema_exists

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink, Subscriber
from portal.audit.models import AuditEntry
from portal.jobs import job_claim
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.archives import programs
from tenants.archives.runs import archive_run_execute, archive_runs_sweep
from tenants.archives.services import archive_make, archives_sweep
from tenants.central_admin import entry
from tenants.models import ArchiveRun, CompanyArchive, Domain, GasCompany, LegalRecord
from tenants.services import (
    StatusRefused,
    company_archive,
    company_delete,
    company_resume,
    company_suspend,
)
from tenants.storage import private_folder
from tests.support import databases
from tests.support.central_admin import deletable
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    make_account,
    make_link,
    make_subscriber,
    staff_client,
    text_of,
)

WHO = {"actor": "central", "address": "192.0.2.1"}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"


def archived(company: GasCompany) -> CompanyArchive:
    company_suspend(company_id=company.pk, reason="Проверка", **WHO)
    company_archive(company_id=company.pk, **WHO)
    archive = CompanyArchive.objects.get()
    archive_make(archive_id=archive.pk)
    for run in archive.runs.all():
        archive_run_execute(run_id=run.pk)
    archive.refresh_from_db()
    return archive


def delete(company: GasCompany) -> None:
    name = company.name
    company_delete(company_id=company.pk, typed_name=name, second_admin=False, **WHO)


def file_of(archive: CompanyArchive) -> Path:
    return Path(django_settings.PRIVATE_ROOT) / "archives" / archive.file_name


def test_a_company_archived_and_restored_is_as_before(own_db, database_template, settings, capsys):
    company = GasCompany.objects.get(schema_name="pskov")
    with schema_context("pskov"):
        account = make_account(last_name="Архивная")
        entry.staff_row_open("central")
    people = [make_subscriber("here@mail.ru"), make_subscriber("only@there.ru")]
    for person in people:
        make_link(person, company, account)
    LegalRecord.objects.create(
        company=company, code="penalty_free_days", valid_from="2026-01-01", number=37, source="x"
    )
    picture = Path(settings.MEDIA_ROOT) / "pskov" / "images" / "a.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture")
    dial = private_folder("pskov") / "dials" / "a.jpg"
    dial.parent.mkdir(parents=True)
    dial.write_bytes(b"dial")

    archive = archived(company)
    assert archive.state == "done", archive.error
    assert archive.is_verified and archive.contents["files"] == 2, archive.check_error
    assert archive.contents["tables"]["accounts_personalaccount"] == 1
    assert file_of(archive).stat().st_mode & 0o077 == 0
    assert Client(headers={"host": PSKOV_HOST}).get("/").status_code == 404
    here = people[0].pk

    with databases.copied(database_template, "restored"):
        databases.point_at("restored")
        fresh = GasCompany.objects.get(schema_name="pskov")
        with pytest.raises(CommandError, match="уже есть"):
            call_command("tenant_restore", str(file_of(archive)))
        deletable(fresh, archive.file_name, archive.size)
        delete(fresh)
        assert not picture.exists() and not dial.exists() and not schema_exists("pskov")
        Subscriber.objects.create(pk=here, email="here@mail.ru", password="x")

        call_command("tenant_restore", str(file_of(archive)))
        assert "Не восстановлено привязок людей, которых здесь нет: 1" in capsys.readouterr().out
        back = GasCompany.objects.get(schema_name="pskov")
        assert back.status == "suspended"
        assert [region.name for region in back.regions.all()] == ["Псковская область"]
        assert AccountLink.objects.get().subscriber_id == here
        assert back.legal_records.get().number == 37
        assert picture.read_bytes() == b"picture" and dial.read_bytes() == b"dial"
        assert AuditEntry.objects.filter(action="company.restored").exists()
        with schema_context("pskov"):
            assert PersonalAccount.objects.get().last_name == "Архивная"
            assert not StaffUser.objects.filter(username__startswith="central").exists()
        company_resume(company_id=back.pk, **WHO)
        assert Client(headers={"host": PSKOV_HOST}).get("/").status_code == 200
        assert Client(headers={"host": NOVGOROD_HOST}).get("/").status_code == 200
    databases.point_at(own_db)


def test_a_restore_that_fails_leaves_nothing(own_db):
    company = GasCompany.objects.get(schema_name="pskov")
    file = file_of(archived(company))
    delete(company)

    taken = GasCompany.objects.get(schema_name="novgorod")
    Domain.objects.create(domain=PSKOV_HOST, tenant=taken, is_primary=False)
    with pytest.raises(CommandError, match="занят"):
        call_command("tenant_restore", str(file))
    Domain.objects.filter(domain=PSKOV_HOST).delete()

    broken = file.with_name("broken.zip")
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("company.json", whole.read("company.json"))
        packed.writestr("schema.dump", whole.read("schema.dump")[:5000])
    with pytest.raises(CommandError, match="pg_restore"):
        call_command("tenant_restore", str(broken))
    assert not schema_exists("pskov")
    assert not GasCompany.objects.filter(schema_name="pskov").exists()
    call_command("tenant_restore", str(file))


def test_what_is_no_archive(db, tmp_path):
    text, empty = tmp_path / "a.zip", tmp_path / "b.zip"
    text.write_text("не архив")
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("company.json", json.dumps({"schema_name": "public"}))
    for file in (text, empty, tmp_path / "missing.zip"):
        with pytest.raises(CommandError, match="архив"):
            call_command("tenant_restore", str(file))


def test_an_older_pg_dump_is_refused(own_db, settings, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.2'\n")
    old.chmod(0o755)
    settings.PG_DUMP = str(old)
    archive = archived(GasCompany.objects.get(schema_name="pskov"))
    assert archive.state == "failed"
    assert "версия 15" in archive.error and "PG_DUMP" in archive.error
    assert list((tmp_path / "private" / "archives").iterdir()) == []


def test_a_new_enough_one_is_found_behind_an_old_one(db, settings, tmp_path, monkeypatch):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    dump = tmp_path / "pskov.dump"
    programs.pg_dump(schema="pskov", file=dump)
    assert dump.read_bytes().startswith(b"PGDMP")


def test_the_office_asks_for_an_archive_and_repeats_a_failed_one(office, pskov):
    base = f"/admin/tenants/gascompany/{pskov.pk}"
    yes = {"answer": "yes", "reason": "Проверка"}
    office.post(f"{base}/archive/", yes)  # it still works: refused
    assert not CompanyArchive.objects.exists()
    office.post(f"{base}/suspend/", yes)
    office.post(f"{base}/archive/")  # no answer
    assert not CompanyArchive.objects.exists()
    office.post(f"{base}/archive/", yes)
    page = office.get(f"/admin/tenants/gascompany/inspect/{pskov.pk}/")
    assert page.headers["Refresh"] and "в очереди" in page.content.decode()
    office.post(f"{base}/archive/again/")  # one is being made
    assert CompanyArchive.objects.count() == 1
    CompanyArchive.objects.update(state="failed", error="диск полон", due_at=None)
    page = office.get(f"/admin/tenants/gascompany/inspect/{pskov.pk}/").content.decode()
    assert "диск полон" in page
    office.post(f"{base}/archive/again/")
    assert CompanyArchive.objects.filter(state="queued").count() == 1
    office.post(f"{base}/resume/")
    assert Client(headers={"host": PSKOV_HOST}).get("/").status_code == 200
    with pytest.raises(StatusRefused):
        company_archive(company_id=pskov.pk, **WHO)


def test_a_killed_workers_archive_is_swept_up(pskov):
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    company_archive(company_id=pskov.pk, **WHO)
    archive = CompanyArchive.objects.get()
    assert job_claim(CompanyArchive.objects.all(), archive.pk).state == "making"
    archives_sweep()
    archive.refresh_from_db()
    assert archive.state == "failed" and "прервали" in archive.failure


def test_the_file_is_taken_along(own_db, settings):
    """Also when the company is gone; nobody else gets it, and the log knows who took it."""
    central = staff_create(username="central", password=PASSWORD, superuser=True)
    office = staff_client(central, BASE_HOST)
    company = GasCompany.objects.get(schema_name="pskov")
    archive = archived(company)
    address = f"/admin/tenants/archives/{archive.pk}/"
    for company_is_there in (True, False):
        page = text_of(office.get("/admin/tenants/archives/"))
        assert archive.file_name in page
        taken = office.post(address)
        assert b"".join(taken.streaming_content) == file_of(archive).read_bytes()
        assert archive.file_name in taken.headers["Content-Disposition"]
        if company_is_there:
            delete(company)
    assert AuditEntry.objects.filter(action="company.archive_downloaded").count() == 2
    assert office.get(address).status_code == 405
    CompanyArchive.objects.update(file_name="../../etc/passwd")
    assert "Файла больше нет" in text_of(office.post(address, follow=True))


def test_a_company_is_restored_by_a_button(own_db):
    """From a page that shows how it goes; a file that has changed is noticed, and restores nothing."""
    central = staff_create(username="central", password=PASSWORD, superuser=True)
    office = staff_client(central, BASE_HOST)
    company = GasCompany.objects.get(schema_name="pskov")
    archive = archived(company)
    address = f"/admin/tenants/archives/{archive.pk}"
    assert "восстанавливать нечего" in text_of(office.get(f"{address}/restore/"))
    delete(company)

    file = file_of(archive)
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    office.post(f"{address}/check/")
    archive_run_execute(run_id=archive.runs.first().pk)
    assert "контрольная сумма другая" in text_of(office.get("/admin/tenants/archives/"))
    file.write_bytes(whole)

    assert "имя схемы должны быть свободны" in text_of(office.get(f"{address}/restore/"))
    office.post(f"{address}/restore/")  # no answer
    assert archive.runs.filter(kind="restore").count() == 0
    page = office.post(f"{address}/restore/", {"answer": "yes"}).url
    assert office.get(page).headers["Refresh"]
    run = archive.runs.get(kind="restore")
    assert job_claim(ArchiveRun.objects.all(), run.pk)  # by a worker that is killed
    archive_runs_sweep()
    assert "прервали" in text_of(office.get(page)) and not schema_exists("pskov")

    page = office.post(f"{address}/restore/", {"answer": "yes"}).url
    archive_run_execute(run_id=archive.runs.filter(kind="restore").first().pk)
    assert "восстановлена и приостановлена" in text_of(office.get(page))
    back = GasCompany.objects.get(schema_name="pskov")
    assert (
        back.status == "suspended"
        and AuditEntry.objects.get(action="company.restored").actor_name == central.username
    )
