"""A kill at any line leaves nothing half: the old state or the new one, and the next import works."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connections

from cabinet.exchange.models import Package
from cabinet.exchange.package.apply import package_apply
from cabinet.exchange.package.progress import Progress, Step
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.builder import (
    ACCOUNT_COLUMNS,
    APRIL,
    APRIL_CHARGE,
    ARZAMAS,
    COMPANY,
    KIM,
    MAY_CHARGE,
    OSIPOVA,
    accounts,
    charge,
    charges,
    contracts,
    equipment,
    houses,
    meters,
    payments,
    readings,
    table,
    works,
    write_package,
)
from tests.exchange.state import staging_tables, state
from tests.support.processes import die_before, forked, is_waiting, wait_for

KNOWN_CHARGES = [
    charge(f"2024-{month}", "0.00", "1.00", "0.00", "1.00", "0.00") for month in ("02", "03")
]
OLD = COMPANY | (
    charges(APRIL_CHARGE, *KNOWN_CHARGES)
    | payments("p-1;805107;2024-04-03;1.00;;Касса")
    | equipment("805107;e-1;Плита;;;")
    | contracts("805107;П-1;Поставка;Газ;2020-01-01;")
    | houses("h-1;ул. Мира, д. 65;1987;1.00")
    | works("h-1;1;Крыша;;2031;1.00")
)
NEW = (
    charges(charge("2024-04", "-2.60", "8.39", "0.00", "1.00", "4.79"), MAY_CHARGE, *KNOWN_CHARGES)
    | payments("p-1;805107;2024-04-03;2.00;;Касса", "p-2;806233;2024-05-03;1.00;;Касса")
    | equipment("805107;e-2;Котёл;;;")
    | contracts("805107;П-1;Поставка;Газ;2020-01-01;2027-01-01")
    | houses("h-1;ул. Мира, д. 65;1988;1.00")
    | works("h-1;1;Крыша;;2032;1.00", "h-1;2;Фасад;;2033;")
    | accounts(
        OSIPOVA.replace("54.30", "60.00").replace("Осипова", "Боброва"),
        KIM,
        KIM.replace("806233", "9"),
    )
    | meters(ARZAMAS.replace("исправен", "опломбирован"))
    | readings(APRIL.replace("1900", "1901"))
)


@pytest.fixture
def company(own_db: str) -> GasCompany:
    return GasCompany.objects.get(schema_name="pskov")


@pytest.fixture
def onlooker(own_db: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, in Pskov's schema."""
    database = settings.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"], dbname=own_db, user=database["USER"], autocommit=True
    ) as found:
        found.execute("SET search_path = pskov")
        yield found


def test_before_any_statement(company: GasCompany, tmp_path: Path) -> None:
    package_apply(company=company, path=write_package(tmp_path / "old", OLD))
    before = state(company)
    path = write_package(tmp_path / "new", NEW, package_id="new", mode="full")
    for number in range(1, 400):

        def work(number: int = number) -> None:
            with connection.execute_wrapper(die_before(number)):
                package_apply(company=company, path=path)

        ended = os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        now = state(company)
        if now["applied"] != before["applied"]:  # after the commit: all of it
            break
        assert now == before, f"statement {number}"
    assert number > 100
    after = state(company)
    assert len(after["accounts"]) == 3
    assert [len(after[name]) for name in ("charges", "payments", "works")] == [4, 2, 2]
    assert after["equipment"] == [("e-2", "Котёл")]
    assert after["houses"] == [("h-1", 1988)]
    assert after["new owners"] == ["805107"]
    assert after["applied"] == ["new", "p-1"]
    assert package_apply(company=company, path=path).already_applied
    last = write_package(tmp_path / "last", accounts(KIM), package_id="last")
    package_apply(company=company, path=last)
    with in_company(company):
        assert staging_tables() == []
        assert not Package.objects.filter(state="running").exists()


def test_the_command_while_it_reads(
    company: GasCompany, onlooker: psycopg.Connection[Any], own_db: str, tmp_path: Path
) -> None:
    rows = (KIM.replace("806233", str(number)) for number in range(300_000))
    path = write_package(tmp_path / "big", {"accounts.csv": table(ACCOUNT_COLUMNS, *rows)})
    database = settings.DATABASES["default"]
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['HOST']}/{own_db}",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    command = [sys.executable, "manage.py", "billing_import", "pskov", str(path)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE
    )

    def is_reading() -> object:
        assert process.poll() is None, "it ended too soon"
        return onlooker.execute(
            "SELECT 1 FROM pg_stat_progress_copy WHERE tuples_processed > 1000"
            " AND datname = current_database()"
        ).fetchone()

    try:
        wait_for(is_reading)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert state(company)["accounts"] == []
    package_apply(company=company, path=write_package(tmp_path / "small", COMPANY))
    assert len(state(company)["accounts"]) == 2
    with in_company(company):
        assert staging_tables() == []
        assert list(Package.objects.order_by("pk").values_list("state", flat=True)) == [
            "interrupted",
            "applied",
        ]


def test_while_it_waits_for_a_row_in_the_merge(
    company: GasCompany, onlooker: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """A dead client's statement must not hold the company's lock until the row is free."""
    package_apply(company=company, path=write_package(tmp_path / "old", COMPANY))
    before = state(company)
    path = write_package(tmp_path / "new", NEW, package_id="new")
    with onlooker.transaction():
        onlooker.execute("SELECT FROM meters_reading FOR UPDATE")
        child = forked(lambda: package_apply(company=company, path=path))
        wait_for(lambda: is_waiting(onlooker))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wait_for(lambda: not is_waiting(onlooker))
    assert state(company) == before
    assert not package_apply(company=company, path=path).already_applied
    assert len(state(company)["accounts"]) == 3


def test_when_the_database_drops_the_connection(
    company: GasCompany, onlooker: psycopg.Connection[Any], tmp_path: Path
) -> None:
    package_apply(company=company, path=write_package(tmp_path / "old", COMPANY))
    before = state(company)
    path = write_package(tmp_path / "new", NEW, package_id="new")

    def drop(progress: Progress) -> None:
        if progress.step is Step.APPLYING and progress.file == "readings.csv":
            onlooker.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(OperationalError):
        package_apply(company=company, path=path, progress=drop)
    connections.close_all()
    assert state(company) == before
    assert not package_apply(company=company, path=path).already_applied
