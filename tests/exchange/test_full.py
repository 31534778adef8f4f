"""`mode: full`: what a file that is present no longer names."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg.sql import Composable

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import PackageRefused
from cabinet.meters.models import Meter, Reading, Tariff
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import (
    ARZAMAS,
    COMPANY,
    KIM,
    OSIPOVA,
    accounts,
    meters,
    readings,
    tariffs,
)
from tests.exchange.conftest import Load
from tests.support.factories import make_reading

DAY = datetime.date(2026, 11, 5)


def many(count: int) -> list[str]:
    return [KIM.replace("806233", str(900000 + number)) for number in range(count)]


def closed() -> dict[str, datetime.date | None]:
    return dict(PersonalAccount.objects.values_list("account_number", "closed_on"))


@pytest.fixture
def twenty(load: Load) -> Load:
    """Twenty open accounts, the small company's two among them."""
    load(COMPANY | accounts(OSIPOVA, KIM, *many(18)))
    return load


def test_accounts_that_are_not_named_are_closed(twenty: Load) -> None:
    outcome = twenty(accounts(OSIPOVA, KIM, *many(16)), mode="full")
    assert outcome.counts["accounts.csv"].closed == 2
    assert {number for number, day in closed().items() if day} == {"900016", "900017"}
    assert closed()["900016"] == DAY


def test_delta_closes_nobody(twenty: Load) -> None:
    twenty(accounts(OSIPOVA))
    assert set(closed().values()) == {None}


def test_a_file_that_is_absent_prunes_nothing(twenty: Load) -> None:
    twenty(tariffs(), mode="full")
    assert set(closed().values()) == {None}
    assert Meter.objects.get().removed_on is None
    assert Tariff.objects.count() == 1


def test_an_account_closed_before_keeps_its_day(twenty: Load) -> None:
    long_ago = datetime.date(2020, 1, 1)
    PersonalAccount.objects.filter(account_number="900017").update(closed_on=long_ago)
    outcome = twenty(accounts(OSIPOVA, KIM, *many(16)), mode="full")
    assert outcome.counts["accounts.csv"].closed == 1
    assert closed()["900017"] == long_ago


def test_meters_that_are_not_named_are_removed_and_their_readings_stay(twenty: Load) -> None:
    make_reading(Meter.objects.get(), 1905, DAY, origin=Reading.Origin.PORTAL, source="cabinet")
    other = ARZAMAS.replace("m-1", "m-2")
    outcome = twenty(meters(other) | readings("m-2;2026-10-20;1;"), mode="full")
    assert outcome.counts["meters.csv"].closed == 1
    removed = Meter.objects.get(meter_id="m-1")
    assert removed.removed_on == DAY
    assert removed.readings.count() == 2
    assert outcome.counts["readings.csv"].closed == 0


@pytest.mark.parametrize(
    ("time_zone", "as_of", "day"),
    [
        ("Asia/Kamchatka", "2026-11-30T14:59:00+03:00", datetime.date(2026, 11, 30)),
        ("Asia/Kamchatka", "2026-11-30T15:00:00+03:00", datetime.date(2026, 12, 1)),
        ("Europe/Kaliningrad", "2026-12-01T00:30:00+03:00", datetime.date(2026, 11, 30)),
    ],
)
def test_the_day_is_the_companys(
    time_zone: str, as_of: str, day: datetime.date, twenty: Load, pskov: GasCompany
) -> None:
    pskov.time_zone = time_zone
    twenty(accounts(OSIPOVA, KIM, *many(17)), mode="full", as_of=as_of)
    assert closed()["900017"] == day


def test_more_than_a_tenth_needs_leave(twenty: Load) -> None:
    with pytest.raises(PackageRefused, match="закрылось бы счетов: 3 из 20 открытых"):
        twenty(accounts(OSIPOVA, KIM, *many(15)), mode="full")
    assert set(closed().values()) == {None}
    outcome = twenty(accounts(OSIPOVA, KIM, *many(15)), mode="full", allow_mass_close=True)
    assert outcome.counts["accounts.csv"].closed == 3


def test_an_empty_file_would_close_them_all(twenty: Load) -> None:
    with pytest.raises(PackageRefused, match="20 из 20"):
        twenty(accounts(), mode="full")


def test_a_tenth_is_of_the_open_ones(twenty: Load) -> None:
    PersonalAccount.objects.filter(account_number__in=["900000", "900001"]).update(closed_on=DAY)
    with pytest.raises(PackageRefused, match="2 из 18"):
        twenty(accounts(OSIPOVA, KIM, *many(16)), mode="full")


def test_meters_are_removed_without_leave(twenty: Load) -> None:
    assert twenty(meters(), mode="full").counts["meters.csv"].closed == 1


def test_a_rejected_row_names_its_record_all_the_same(twenty: Load, tmp_path: Path) -> None:
    bad = KIM.replace("2021-02-08", "вчера")
    outcome = twenty(
        accounts(OSIPOVA, bad, *many(18)), mode="full", rejects_path=tmp_path / "rejects.csv"
    )
    assert outcome.rejected_rows == 1
    assert outcome.counts["accounts.csv"].closed == 0
    assert closed()["806233"] is None


def test_a_rejected_meter_is_not_removed(twenty: Load, tmp_path: Path) -> None:
    bad = ARZAMAS.replace(";5;", ";0;")
    twenty(meters(bad), mode="full", rejects_path=tmp_path / "rejects.csv")
    assert Meter.objects.get().removed_on is None


def test_a_row_that_cannot_be_read_may_be_any_of_them(twenty: Load, tmp_path: Path) -> None:
    """So that none is closed; and the outcome says so."""
    outcome = twenty(
        accounts(OSIPOVA, KIM, *many(17), '"900017'),
        mode="full",
        rejects_path=tmp_path / "rejects.csv",
    )
    assert set(closed().values()) == {None}
    assert outcome.notes == [
        "accounts.csv: не названное в файле осталось как было, потому что строк, которые нельзя "
        "прочитать: 1"
    ]


def test_the_portals_own_readings_are_never_pruned(twenty: Load) -> None:
    make_reading(Meter.objects.get(), 1905, DAY, origin=Reading.Origin.PORTAL, source="guest")
    twenty(readings(), mode="full")
    assert Reading.objects.count() == 2


def test_pruning_is_one_join_and_not_a_look_for_each_account(twenty: Load) -> None:
    """100 000 accounts against 100 000 rows one by one would take minutes."""
    plans: list[str] = []

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql.as_string() if isinstance(sql, Composable) else str(sql)
        if "NOT EXISTS" in text and "closed_on" in text and text.startswith(("SELECT", "UPDATE")):
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + text)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        twenty(accounts(OSIPOVA, KIM, *many(17)), mode="full")
    assert len(plans) == 2
    for plan in plans:
        assert "Anti Join" in plan
        assert "SubPlan" not in plan
