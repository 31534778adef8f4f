"""During an import: readings are sent, pages show the old state, a second import waits."""

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import account_balance
from cabinet.exchange.exceptions import PackageBusy
from cabinet.exchange.package.apply import IMPORT_LOCK, package_apply
from cabinet.exchange.package.progress import Progress, Step
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.services import NewReading, readings_submit
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.builder import (
    APRIL,
    ARZAMAS,
    AS_OF,
    COMPANY,
    KIM,
    MAY_CHARGE,
    OSIPOVA,
    accounts,
    charges,
    meters,
    readings,
    write_package,
)
from tests.support.processes import is_waiting, wait_for


@pytest.fixture
def company(own_db: str) -> GasCompany:
    return GasCompany.objects.get(schema_name="pskov")


@pytest.fixture
def other(own_db: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, in Pskov's schema."""
    database = settings.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"], dbname=own_db, user=database["USER"], autocommit=True
    ) as found:
        found.execute("SET search_path = pskov")
        yield found


def lock(other: psycopg.Connection[Any]) -> None:
    """Hold Pskov's lock of imports."""
    statement = "SELECT pg_advisory_lock(hashtext(%s), hashtext('pskov'))"
    other.execute(statement, [IMPORT_LOCK])


class Background(threading.Thread):
    """An import in a thread, with a connection of its own."""

    def __init__(self, company: GasCompany, path: Path) -> None:
        super().__init__(daemon=True)
        self.company, self.path = company, path
        self.steps: list[Step] = []
        self.start()

    def run(self) -> None:
        try:
            package_apply(company=self.company, path=self.path, progress=self.hear)
        finally:
            connections.close_all()

    def hear(self, progress: Progress) -> None:
        self.steps.append(progress.step)


def test_readings_are_sent_and_the_old_state_is_seen(
    company: GasCompany, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """The import has changed the account and the meter, and hangs at its last row."""
    old = COMPANY | charges(MAY_CHARGE)
    package_apply(company=company, path=write_package(tmp_path / "old", old))
    new = (
        accounts(OSIPOVA.replace("54.30", "60.00"), KIM)
        | meters(ARZAMAS.replace("исправен", "опломбирован"))
        | readings(APRIL.replace("1900", "1901"))
    )
    new |= charges(MAY_CHARGE.replace("1.00;3.79", "2.00;2.79"))
    path = write_package(tmp_path / "new", new, package_id="new")
    with other.transaction():
        other.execute("SELECT FROM billing_charge FOR UPDATE")
        running = Background(company, path)
        wait_for(lambda: is_waiting(other))
        with in_company(company):
            balance = account_balance(PersonalAccount.objects.get(account_number="805107"))
            assert (str(balance.total), balance.as_of) == (
                "3.79",
                datetime.datetime.fromisoformat(AS_OF),
            )
            # Held up, it must fail and not hang: the row is free only when we are through.
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            meter = Meter.objects.get()
            assert meter.state == "исправен"
            assert str(PersonalAccount.objects.get(pk=meter.account_id).area_m2) == "54.30"
            sent = [NewReading(meter_pk=meter.pk, value=1950)]
            readings_submit(account_pk=meter.account_id, readings=sent, channel="guest")
        assert running.is_alive()
    running.join(60)
    with in_company(company):
        assert Meter.objects.get().state == "опломбирован"
        today = Reading.objects.get(origin=Reading.Origin.PORTAL)
        assert today.value == 1950
        assert Reading.objects.get(taken_on=datetime.date(2024, 4, 27)).value == 1901
        account = PersonalAccount.objects.get(account_number="805107")
        assert str(account_balance(account).total) == "2.79"


def test_a_second_import_waits_for_the_first(
    company: GasCompany, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    package_apply(company=company, path=write_package(tmp_path / "old", COMPANY))
    first_path = write_package(
        tmp_path / "first", readings(APRIL.replace("1900", "1901")), package_id="first"
    )
    second_path = write_package(
        tmp_path / "second", readings(APRIL.replace("1900", "1902")), package_id="second"
    )
    with other.transaction():
        other.execute("SELECT FROM meters_reading FOR UPDATE")
        first = Background(company, first_path)
        wait_for(lambda: is_waiting(other))
        second = Background(company, second_path)
        wait_for(lambda: second.steps)
        assert second.steps == [Step.WAITING]
    first.join(60)
    second.join(60)
    with in_company(company):
        assert Reading.objects.get().value == 1902


def test_a_third_is_told_when_it_takes_too_long(
    company: GasCompany, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    lock(other)
    path = write_package(tmp_path / "package", COMPANY)
    with pytest.raises(PackageBusy, match="Загружается другой пакет"):
        package_apply(company=company, path=path, patience=0)


def test_another_companys_import_does_not_wait(
    company: GasCompany, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    lock(other)
    novgorod = GasCompany.objects.get(schema_name="novgorod")
    path = write_package(tmp_path / "package", COMPANY, tenant="novgorod")
    assert package_apply(company=novgorod, path=path, patience=0).counts
