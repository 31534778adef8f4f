"""A kill at any line leaves nothing half: the old state or the new one, and the next import works."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connections

from cabinet.accounts.models import Contract, Equipment, PersonalAccount, SurnameChange
from cabinet.billing.models import BillingPayment, Charge
from cabinet.exchange.models import Package
from cabinet.exchange.progress import Progress, Step
from cabinet.exchange.services import package_apply
from cabinet.houses.models import House, RepairWork
from cabinet.meters.models import Meter, Reading
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
from tests.exchange.test_merge import staging_tables

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


def state(company: GasCompany) -> dict[str, Any]:
    with in_company(company):
        return {
            "accounts": sorted(PersonalAccount.objects.values_list("account_number", "area_m2")),
            "meters": list(Meter.objects.values_list("meter_id", "state", "removed_on")),
            "readings": list(Reading.objects.values_list("taken_on", "value")),
            "charges": list(Charge.objects.order_by("period").values_list("period", "paid")),
            "payments": sorted(BillingPayment.objects.values_list("payment_id", "amount")),
            "equipment": sorted(Equipment.objects.values_list("equipment_id", "name")),
            "contracts": list(Contract.objects.values_list("number", "ends_on")),
            "houses": list(House.objects.values_list("house_code", "built_year")),
            "works": sorted(RepairWork.objects.values_list("number", "planned_year")),
            "new owners": list(SurnameChange.objects.values_list("account_number", flat=True)),
            "applied": sorted(
                Package.objects.filter(state="applied").values_list("package_id", flat=True)
            ),
        }


def forked(work: Callable[[], object]) -> int:
    """The number of a process that does this. It shares no connection with us."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            assert not any(one.connection for one in connections.all(initialized_only=True))
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def die_before(number: int) -> Callable[..., Any]:
    """For Django's connection: no statement after so many others."""
    count = 0

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(*arguments)

    return execute


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


def wait_for(found: Callable[[], object]) -> None:
    """A busy machine is slow, not wrong: a minute is for what never comes."""
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


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


def is_waiting(onlooker: psycopg.Connection[Any]) -> bool:
    """Whether anybody in this database waits for a row."""
    found = onlooker.execute(
        "SELECT FROM pg_locks waits JOIN pg_locks other USING (pid)"
        " JOIN pg_database ON pg_database.oid = other.database"
        " WHERE NOT waits.granted AND datname = current_database()"
    )
    return found.fetchone() is not None


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
