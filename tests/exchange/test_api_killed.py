"""Kills of the worker and of the exporter, and commits that finish out of order: nothing lost or twice."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction

from cabinet.exchange import exports as assigning
from cabinet.exchange.attempts import MAX_ATTEMPTS
from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import export_acknowledge, export_page
from cabinet.exchange.models import Package
from cabinet.exchange.queue import queue_drain
from cabinet.exchange.upload import Sender, Wishes, package_receive
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.outgoing.models import ExportPending
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.api import make_zip
from tests.exchange.builder import KIM, accounts
from tests.exchange.state import state
from tests.support.factories import make_account, make_meter
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads

SENDER = Sender("1С", "127.0.0.1", "api")


@pytest.fixture
def company(own_db: str, tmp_path: Path, settings) -> GasCompany:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return GasCompany.objects.get(schema_name="pskov")


def receive(path: Path) -> Package:
    return package_receive(parts=[path.read_bytes()], sender=SENDER, wishes=Wishes())


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do it in a process of its own that dies before this statement; False when it came to its end."""

    def until_then() -> None:
        with connection.execute_wrapper(die_before(number)):
            work()

    return os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0


def test_a_killed_worker_and_the_sweeper(company, tmp_path):
    """Before each statement; the last package is the one that was not killed."""
    for number in range(1, 200, 3):
        with in_company(company):
            path = make_zip(tmp_path, accounts(KIM), name=f"p-{number}")
            package = receive(path)
            connections.close_all()

            def work() -> None:
                with in_company(company):
                    queue_drain(company)

            was_killed = killed_at(number, work)
            queue_drain(company)
            package.refresh_from_db()
            assert (package.state, package.package_id) == ("applied", f"p-{number}"), number
            if not was_killed:
                break
    else:
        raise AssertionError("never came to its end")
    assert number > 30
    assert state(company)["accounts"] == [("806233", None)]


def test_what_kills_each_time_is_given_up(company, tmp_path):
    with in_company(company):
        package = receive(make_zip(tmp_path, accounts(KIM)))

    def work() -> None:
        with in_company(company):
            queue_drain(company)

    for _ in range(MAX_ATTEMPTS):
        assert killed_at(25, work)
    with in_company(company):
        queue_drain(company)
        package.refresh_from_db()
        assert (package.state, package.attempts) == ("interrupted", MAX_ATTEMPTS)


def test_a_killed_upload_leaves_no_row(company, tmp_path):
    path = make_zip(tmp_path, accounts(KIM))

    def upload() -> None:
        with in_company(company):
            receive(path)

    number = 1
    while killed_at(number, upload):
        with in_company(company):
            rows = list(Package.objects.values_list("state", flat=True))
            assert rows in ([], ["queued"])  # the COMMIT may be the last statement
            Package.objects.all().delete()
        number += 1
    assert number >= 2


def test_eight_workers_apply_each_package_once(company, tmp_path):
    with in_company(company):
        packages = [receive(make_zip(tmp_path, accounts(KIM), name=f"p-{n}")) for n in range(4)]

    def work() -> None:
        with in_company(company):
            queue_drain(company)

    assert in_threads(*[work] * 8) == []
    work()
    with in_company(company):
        for package in packages:
            package.refresh_from_db()
            assert (package.state, package.attempts) == ("applied", 1)
        order = Package.objects.order_by("applied_at").values_list("package_id", flat=True)
        assert list(order) == ["p-0", "p-1", "p-2", "p-3"]


# --- giving back --------------------------------------------------------------------------------------


@pytest.fixture
def meters(company) -> list[Meter]:
    with in_company(company):
        account = make_account("1")
        return [make_meter(account, f"n-{number}") for number in range(30)]


def submit(meters: list[Meter], value: int = 100) -> None:
    readings_submit(
        account_pk=meters[0].account_id,
        readings=[NewReading(meter.pk, value) for meter in meters],
        channel="cabinet",
    )


def given(after: int | None = None, limit: int = 10_000) -> list[dict[str, Any]]:
    page = export_page(kind=READINGS, after=after, limit=limit)
    return [row for part in page.parts() for row in part]


def test_an_exporter_killed_before_any_statement(company, meters, monkeypatch):
    monkeypatch.setattr(assigning, "BATCH", 7)
    seen: dict[int, dict[str, Any]] = {}

    def export() -> None:
        with in_company(company):
            given(after=0, limit=30)

    with in_company(company):
        submit(meters)
    number = 1
    while killed_at(number, export):
        with in_company(company):
            for row in given(after=0, limit=max(1, number // 3)):
                assert seen.setdefault(row["cursor"], row) == row
        number += 1
    with in_company(company):
        rows = given()
        assert [row["cursor"] for row in rows] == list(range(1, 31))
        assert len({row["reading_id"] for row in rows}) == 30
        assert all(seen[cursor] == rows[cursor - 1] for cursor in seen)
    assert number > 15


def test_the_command_killed_while_it_writes(company, meters):
    """Whatever billing got of the answer, the next one begins at what it has not acknowledged."""
    with in_company(company):
        submit(meters)
    database = django_settings.DATABASES["default"]
    script = (
        "import django; from django.conf import settings;"
        f"settings.DATABASES['default']['NAME'] = {database['NAME']!r}; django.setup();"
        "from django.core.management import call_command;"
        "call_command('billing_export', 'pskov', 'readings', '--limit', '10')"
    )
    got: list[dict[str, Any]] = []
    for lines in (0, 1, 4, 10, 10):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        part = [json.loads(process.stdout.readline()) for _ in range(lines)]
        process.kill()
        process.communicate()
        if part:
            with in_company(company):
                export_acknowledge(cursors={"readings": part[-1]["cursor"]}, actor="1С")
        got += part
    assert [row["cursor"] for row in got] == list(range(1, len(got) + 1))
    with in_company(company):
        assert [row["cursor"] for row in given()] == list(range(len(got) + 1, 31))


def test_a_commit_that_comes_late_gets_a_greater_cursor(company, meters):
    """Its note has the smaller number, and still nothing appears below what was shown."""
    noted, shown = threading.Event(), threading.Event()
    first: list[dict[str, Any]] = []

    def slow() -> None:
        with in_company(company), transaction.atomic():
            submit(meters[:1])
            noted.set()
            assert shown.wait(timeout=60)

    def quick() -> None:
        assert noted.wait(timeout=60)
        with in_company(company):
            submit(meters[1:2])
            first.extend(given())
        shown.set()

    assert in_threads(slow, quick) == []
    with in_company(company):
        rows = given()
        late, early = Reading.objects.order_by("meter__pk"), first[0]
        assert ExportPending.objects.count() == 0
        assert early == rows[0]
        assert [row["reading_id"] for row in rows] == [str(late[1].pk), str(late[0].pk)]


def test_submitting_exporting_acknowledging_at_once(company, meters, monkeypatch):
    monkeypatch.setattr(assigning, "BATCH", 5)
    done = threading.Event()
    got: list[dict[str, Any]] = []

    def submitter(part: list[Meter]) -> Callable[[], None]:
        def work() -> None:
            with in_company(company):
                for meter in part:
                    submit([meter])

        return work

    def exporter() -> None:
        with in_company(company):
            while not done.is_set() or given():
                rows = given(limit=4)
                if rows:
                    got.extend(rows)
                    export_acknowledge(cursors={"readings": rows[-1]["cursor"]}, actor="1С")

    def onlooker() -> None:
        """Another program with the same key: it takes nothing away."""
        with in_company(company):
            last = 0
            while not done.is_set():
                for row in given(after=last, limit=3):
                    assert row["cursor"] == last + 1
                    last = row["cursor"]

    threads = [
        threading.Thread(target=one)
        for one in map(submitter, (meters[:10], meters[10:20], meters[20:]))
    ]

    def all_submitters() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()

    assert in_threads(all_submitters, exporter, onlooker) == []
    assert [row["cursor"] for row in got] == list(range(1, 31))
    assert len({row["reading_id"] for row in got}) == 30


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connections.close_all()
