"""A company from one form to a live site, watched step by step; what goes wrong on the way."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.db import connections
from django.test import Client
from django_tenants.utils import schema_context, schema_exists

from portal.staff.models import StaffUser
from tenants import events
from tenants.models import GasCompany, ProvisioningRun, Region
from tenants.runs.services import run_execute, run_request, run_retry, runs_sweep
from tests.support.central_admin import CREATE, FORM
from tests.support.jobs import enqueued

ARGUMENTS = {
    "schema_name": "tver",
    "name": "Тверь",
    "regions": ["Тверская область"],
    "domain": "tver.gas.localhost",
    "administrator": "boss@tver.ru",
}


def test_from_the_form_to_a_company_in_preparation(office):
    answer = office.post(CREATE, FORM)
    run = ProvisioningRun.objects.get()
    assert answer.status_code == 302
    page = office.get(answer.url)
    assert page.headers["Refresh"]
    assert "В очереди" in page.content.decode()

    assert run_execute(run_id=run.pk)
    page = office.get(answer.url)
    text = page.content.decode()
    assert "Refresh" not in page.headers
    assert "Готово" in text and "Таблицы компании" in text and "boss@tver.ru" in text
    run.refresh_from_db()
    assert [step["code"] for step in run.steps] == [
        "check",
        "company",
        "schema",
        "content",
        "invitation",
    ]
    assert all(step["finished_at"] for step in run.steps)
    assert run.company.domains.count() == 2
    for host in ("tver.gas.localhost", "тверь.газ.рф".encode("idna").decode()):
        answer = Client(headers={"host": host}).get("/")
        assert answer.status_code == 503 and "готовится" in answer.content.decode(), host
    with schema_context("tver"):
        from portal.messaging.models import Message

        assert Message.objects.get().recipient == "boss@tver.ru"


def test_regions_are_the_89_and_found_without_a_script(office):
    everything = office.get(CREATE).content.decode()
    assert everything.count('name="regions"') == Region.objects.count() == 89
    in_order = [
        "Республика Адыгея (Адыгея)",
        "Республика Алтай",
        "Алтайский край",
        "Ямало-Ненецкий",
    ]
    places = [everything.index(name) for name in in_order]
    assert places == sorted(places)
    typed = {**FORM, "regions": ["60"], "find_region": "1", "region_wanted": "тверс"}
    found = office.post(CREATE, typed).content.decode()
    assert "Тверская область" in found and "Псковская область" in found  # the second is ticked
    assert found.count('name="regions"') == 2 and "boss@tver.ru" in found
    assert "Заполните" not in found and not ProvisioningRun.objects.exists()
    assert "regions" in office.post(CREATE, {**FORM, "regions": ["96"]}).context["form"].errors


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Заполните это поле"),
        ("schema_name", "public", "служебные имена заняты"),
        ("schema_name", "pg_x", "служебные имена заняты"),
        ("schema_name", "Псков", "латинские"),
        ("schema_name", "x" * 60, "от 2 до 41"),
        ("schema_name", "pskov", "уже есть"),
        ("domains", "pskov.gas.localhost", "уже занят другой компанией"),
        ("domains", "PSKOV.gas.localhost.:80", "уже занят другой компанией"),
        ("domains", "http://pskov.gas.localhost/admin/", "уже занят другой компанией"),
        ("domains", "gas.localhost", "занят порталом"),
        ("domains", "не адрес", "не похоже на адрес"),
        ("domains", "http://[pskov", "не похоже на адрес"),
        ("domains", "новый.рф\nНОВЫЙ.рф.:80", "введён дважды"),
        ("regions", [], "Отметьте хотя бы один регион"),
        ("administrator", "не почта", "электронной почты"),
        ("time_zone", "Mars/Olympus", "Выберите вариант из списка"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_kept(office, field, value, message):
    answer = office.post(CREATE, {**FORM, field: value})
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert message in str(errors[field]), errors
    assert FORM["name" if field != "name" else "schema_name"] in answer.content.decode()
    assert not ProvisioningRun.objects.exists()


def test_without_the_permission_no_page_opens(pskov, db):
    """A central member of staff without the permission opens nothing."""
    from portal.staff.services import staff_create
    from tests.support.factories import BASE_HOST, PASSWORD, staff_client

    with schema_context("public"):
        clerk = staff_create(username="clerk", password=PASSWORD, groups=["Editors"])
    client = staff_client(clerk, BASE_HOST)
    assert client.post(CREATE, FORM).status_code == 302
    assert client.get("/admin/tenants/fleet/").status_code == 302
    assert not ProvisioningRun.objects.exists()


def test_an_error_is_shown_and_retried(office, monkeypatch):
    def fail(company: GasCompany) -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr(events, "STEPS", [*events.STEPS, fail])
    run = run_request(arguments=ARGUMENTS, actor="central")
    run_execute(run_id=run.pk)
    assert not schema_exists("tver")
    page = office.get(f"/admin/tenants/provisioningrun/inspect/{run.pk}/").content.decode()
    assert "no space left" in page and "Повторить" in page

    again = office.get(f"{CREATE}?run={run.pk}").content.decode()
    assert "tver.gas.localhost" in again and "boss@tver.ru" in again

    monkeypatch.undo()
    office.post(f"/admin/tenants/provisioningrun/{run.pk}/retry/")
    run.refresh_from_db()
    assert run.state == "queued" and not run.error
    run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.all_attempts) == ("done", 2)
    office.post(f"/admin/tenants/provisioningrun/{run.pk}/retry/")
    run.refresh_from_db()
    assert run.state == "done"


def test_a_run_is_done_once(db):
    run = run_request(arguments=ARGUMENTS, actor="central")
    assert run_execute(run_id=run.pk)
    assert not run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert run.attempts == 1


def test_steps_are_seen_while_the_transaction_is_open(own_db, monkeypatch):
    """Another connection reads them; the company itself it does not see yet."""
    inside, leave = threading.Event(), threading.Event()

    def wait(company: GasCompany) -> None:
        inside.set()
        assert leave.wait(60)

    monkeypatch.setattr(events, "STEPS", [*events.STEPS, wait])
    run = run_request(arguments=ARGUMENTS, actor="central")

    def work() -> None:
        try:
            run_execute(run_id=run.pk)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert inside.wait(60)
        run.refresh_from_db()
        assert run.state == "running"
        assert [step["code"] for step in run.steps] == ["check", "company", "schema", "content"]
        assert not GasCompany.objects.filter(schema_name="tver").exists()
        runs_sweep()  # it is alive: left alone
        run.refresh_from_db()
        assert run.state == "running"
        assert not run_execute(run_id=run.pk)  # delivered twice: one of them works
    finally:
        leave.set()
        thread.join()
    run.refresh_from_db()
    assert run.state == "done"


KILLED = """
import django, os, signal
django.setup()
from tests.support import databases
databases.point_at({database!r})
from tenants.events import tenant_step
from tenants.runs.services import run_execute
tenant_step(lambda company: os.kill(os.getpid(), signal.SIGKILL))
run_execute(run_id={run})
"""


def test_a_killed_worker_leaves_nothing_and_the_run_can_be_retried(own_db):
    run = run_request(arguments=ARGUMENTS, actor="central")
    code = KILLED.format(database=own_db, run=run.pk)
    done = subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=False)
    assert done.returncode == -9
    assert not schema_exists("tver")
    run.refresh_from_db()
    assert run.state == "running"
    for _ in range(300):  # PostgreSQL notices the dead session at once, but not in no time
        runs_sweep()
        run.refresh_from_db()
        if run.state == "failed":
            break
        time.sleep(0.1)
    assert run.state == "failed" and "прервали" in run.failure
    assert [bool(step["finished_at"]) for step in run.steps] == [True, True, True, False]
    run_retry(run_id=run.pk)
    assert run_execute(run_id=run.pk)
    assert Client(headers={"host": "tver.gas.localhost"}).get("/admin/login/").status_code == 200


def test_what_the_broker_lost_is_sent_again(db):
    run = run_request(arguments=ARGUMENTS, actor="central")
    with enqueued() as tasks:
        runs_sweep()
    assert [(one.name, one.args) for one in tasks] == [("tenants.tasks.run_execute", (run.pk,))]


def test_attempts_are_counted_over_retries(db, monkeypatch):
    run = run_request(arguments={**ARGUMENTS, "domain": "никакой адрес"}, actor="central")
    for _ in range(2):
        assert not run_execute(run_id=run.pk)
        run.refresh_from_db()
        assert run.state == "failed" and run.failure
        run_retry(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.all_attempts, run.failure) == ("queued", 2, "")


def test_nobody_is_staff_before_the_invitation_is_taken(db):
    run = run_request(arguments=ARGUMENTS, actor="central")
    run_execute(run_id=run.pk)
    with schema_context("tver"):
        assert not StaffUser.objects.exists()
