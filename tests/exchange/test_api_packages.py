"""Packages over HTTP: taken at the door, applied by the worker."""

import hashlib
import os
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.models import Package
from cabinet.exchange.package.apply import package_apply
from cabinet.exchange.uploaded_files import uploads_folder
from tenants.models import GasCompany
from tests.exchange.api import API, Billing, make_token, make_zip, work
from tests.exchange.builder import COMPANY, KIM, OSIPOVA, accounts, write_package, zipped
from tests.support.factories import NOVGOROD_HOST
from tests.support.jobs import swept


@pytest.fixture
def billing(pskov: GasCompany) -> Billing:
    return Billing(make_token(pskov))


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


def test_taken_then_applied(billing, pskov, tmp_path):
    answer = billing.send(make_zip(tmp_path))
    assert answer.status_code == 202, answer.content
    content = answer.json()
    assert answer.headers["Location"] == f"{API}/packages/{content['id']}"
    assert content["state"] == "queued" and content["problems"] == []
    assert not PersonalAccount.objects.exists()
    assert work(pskov) == 1
    seen = billing.client.get(answer.headers["Location"]).json()
    assert seen["state"] == "applied"
    assert seen["counts"]["accounts.csv"]["inserted"] == 2
    assert seen["as_of"] == "2026-11-05T06:00:00+03:00"
    package = Package.objects.get()
    assert (package.source, package.sent_by, package.sent_from) == (
        "api",
        "1С:Расчёты",
        "127.0.0.1",
    )
    assert work(pskov) == 0


def test_a_top_folder_and_the_waiting_answer(billing, pskov, tmp_path, monkeypatch):
    from cabinet.exchange import queue

    monkeypatch.setattr(queue.time, "sleep", lambda _: work(pskov))
    path = zipped(write_package(tmp_path / "p-1", COMPANY), top="выгрузка")
    answer = billing.send(path, prefer="respond-async, wait=60")
    assert (answer.status_code, answer.json()["state"]) == (200, "applied")
    broken = make_zip(tmp_path, accounts(OSIPOVA.replace("54.30", "много")), name="p-2")
    answer = billing.send(broken, prefer="wait=60")
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("accounts.csv", 2, "area_m2")
    assert answer.json()["problem_count"] == 1


def test_a_package_not_done_in_time_is_answered_202(billing, tmp_path, monkeypatch):
    answer = billing.send(make_zip(tmp_path), prefer="wait=1")
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "wait=1")


def test_the_same_again_changes_nothing(billing, pskov, tmp_path):
    path = make_zip(tmp_path)
    billing.send(path)
    work(pskov)
    answer = billing.send(path)
    assert (answer.status_code, answer.json()["state"]) == (200, "already_applied")
    assert answer.json()["counts"]["accounts.csv"]["inserted"] == 2
    assert len(list(uploads_folder().iterdir())) == 1


def test_twice_before_either_is_applied(billing, pskov, tmp_path):
    path = make_zip(tmp_path)
    numbers = [billing.send(path).json()["id"] for _ in range(2)]
    assert work(pskov) == 2
    states = [billing.get(f"packages/{number}").json()["state"] for number in numbers]
    assert states == ["applied", "already_applied"]


def test_changed_or_older_packages_are_conflicts(billing, pskov, tmp_path):
    billing.send(make_zip(tmp_path))
    work(pskov)
    other = make_zip(tmp_path / "other", accounts(KIM))
    older = make_zip(tmp_path, accounts(KIM), name="p-2", as_of="2026-11-04T06:00:00+03:00")
    for path in (other, older):
        answer = billing.send(path)
        assert answer.status_code == 409, answer.content
        assert answer.json()["refusal"] == "conflict" and answer.json()["problems"]


def test_a_conflict_that_arises_in_the_queue(billing, pskov, tmp_path):
    new = make_zip(tmp_path, COMPANY, name="new", as_of="2026-11-06T06:00:00+03:00")
    old = make_zip(tmp_path, accounts(KIM), name="old")
    numbers = [billing.send(path).json()["id"] for path in (new, old)]
    work(pskov)
    seen = billing.get(f"packages/{numbers[1]}").json()
    assert (seen["state"], seen["refusal"]) == ("refused", "conflict")


@pytest.mark.parametrize("damage", ["cut", "text"])
def test_what_is_no_zip_is_refused_and_listed(billing, tmp_path, damage):
    path = make_zip(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"accounts")
    answer = billing.send(path)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["file"], problem["reason"]) == ("zip", "это не zip-архив или он повреждён")
    assert Package.objects.get().state == "refused"  # the operators see it


def test_the_door_checks_manifest_and_hashes(billing, tmp_path):
    wrong = {"accounts.csv": {"rows": 2, "sha256": hashlib.sha256(b"").hexdigest()}}
    answer = billing.send(make_zip(tmp_path, accounts(KIM), files=wrong))
    assert answer.status_code == 422 and "SHA-256" in answer.json()["problems"][0]["reason"]
    assert answer.json()["package_id"] == "p-1"
    answer = billing.send(make_zip(tmp_path, accounts(KIM), name="p-2", tenant="novgorod"))
    assert answer.status_code == 422 and "novgorod" in answer.json()["problems"][0]["reason"]


def test_rejected_rows_can_be_downloaded(billing, pskov, tmp_path):
    content = COMPANY | accounts(OSIPOVA, KIM, KIM.replace("806233", "9").replace("2021", "20Z1"))
    number = billing.send(make_zip(tmp_path, content), "?rejects=1").json()["id"]
    assert billing.get(f"packages/{number}/rejects").status_code == 404
    work(pskov)
    seen = billing.get(f"packages/{number}").json()
    assert (seen["state"], seen["rejected_rows"]) == ("applied", 1)
    text = b"".join(billing.client.get(seen["rejects"]).streaming_content).decode()
    assert text.splitlines()[0] == "file;line;column;reason;row"
    assert text.splitlines()[1].startswith("accounts.csv;4;opened_on;")


def test_a_mass_close_needs_permission(billing, pskov, tmp_path):
    billing.send(make_zip(tmp_path, name="all"))
    full = make_zip(tmp_path, accounts(KIM), name="half", mode="full")
    number = billing.send(full).json()["id"]
    work(pskov)
    seen = billing.get(f"packages/{number}").json()
    assert (seen["state"], seen["refusal"]) == ("refused", "mass_close")
    assert Package.objects.get(pk=number).details == {"closing": 1, "open": 2}
    billing.send(full, "?allow_mass_close=1")
    work(pskov)
    assert PersonalAccount.objects.exclude(closed_on=None).count() == 1


def test_a_package_over_the_limit_leaves_nothing(billing, tmp_path, settings):
    settings.EXCHANGE_MAX_BYTES = 100
    answer = billing.send(make_zip(tmp_path))
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert not Package.objects.exists() and list(uploads_folder().iterdir()) == []


def test_a_full_disk_is_answered_507_and_leaves_nothing(billing, tmp_path, monkeypatch):
    from cabinet.exchange import uploaded_files

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(uploaded_files.os, "fsync", full)
    answer = billing.send(make_zip(tmp_path))
    assert (answer.status_code, answer.json()["error"]) == (507, "no_room")
    assert list(uploads_folder().iterdir()) == [] and not Package.objects.exists()


def test_a_stranger_sees_nothing(billing, pskov, novgorod, tmp_path):
    number = billing.send(make_zip(tmp_path)).json()["id"]
    other = Billing(make_token(novgorod), NOVGOROD_HOST)
    assert other.get(f"packages/{number}").status_code == 404
    assert other.get(f"packages/{number}/rejects").status_code == 404
    assert billing.get("packages/999999").status_code == 404


def test_one_company_in_the_queue_is_not_the_others(billing, pskov, novgorod, tmp_path):
    billing.send(make_zip(tmp_path))
    assert work(novgorod) == 0
    assert work(pskov) == 1


@pytest.mark.parametrize(("status", "code"), [("suspended", 202), ("archived", 404)])
def test_a_closed_company(billing, pskov, tmp_path, status, code):
    """Its site is closed; its exchange goes on."""
    GasCompany.objects.update(status=status)
    assert billing.client.get("/").status_code == {202: 503, 404: 404}[code]
    assert billing.send(make_zip(tmp_path)).status_code == code
    if code == 202:
        pskov.refresh_from_db()
        assert work(pskov) == 1
        assert Package.objects.get().state == "applied"


def test_a_company_behind_its_migrations(billing, pskov, tmp_path, django_db_blocker):
    from portal.connection import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'exchange' AND name LIKE '0001%'")
    for status in ("active", "suspended"):
        GasCompany.objects.update(status=status)
        answer = billing.send(make_zip(tmp_path))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_lost_broker_loses_nothing(billing, pskov, tmp_path, monkeypatch, settings):
    from celery import current_app
    from kombu.exceptions import OperationalError

    def down(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", down)
    assert billing.send(make_zip(tmp_path)).status_code == 202
    from cabinet.exchange import tasks

    monkeypatch.undo()
    assert "cabinet.exchange.tasks.packages_sweep" in settings.TICK_COMPANY
    assert swept(tasks.packages_sweep) == 1
    assert Package.objects.get().state == "applied"
    assert swept(tasks.packages_sweep) == 0
    tasks.queue_drain.apply(headers={"_schema_name": "public"}).get()


def test_an_import_by_command_goes_first(billing, pskov, tmp_path):
    """It was applied while the upload waited: the upload says so."""
    billing.send(make_zip(tmp_path))
    package_apply(company=pskov, path=tmp_path / "p-1")
    work(pskov)
    assert set(Package.objects.values_list("state", flat=True)) == {"applied", "already_applied"}


def test_one_waits_the_others_hear_at_once(billing, pskov, tmp_path):
    """A waiting request holds a web process."""
    import psycopg

    from cabinet.exchange import queue
    from portal.connection import connection

    known = connection.get_connection_params()
    params = {name: known[name] for name in ("host", "port", "user", "dbname") if name in known}
    with psycopg.connect(**params) as other:
        statement = "SELECT pg_advisory_lock(hashtext(%s), hashtext('pskov'))"
        other.execute(statement, [queue.WAITING_LOCK])
        answer = billing.send(make_zip(tmp_path), prefer="wait=60")
    assert answer.status_code == 202 and "Preference-Applied" not in answer.headers
