"""What becomes of good rows: delta, one file at a time and together."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.models import Package
from cabinet.exchange.package.merge import FileCounts
from cabinet.meters.models import Meter, Reading, Tariff
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import (
    ACCOUNT_COLUMNS,
    APRIL,
    ARZAMAS,
    COMPANY,
    HEAT,
    KIM,
    OSIPOVA,
    accounts,
    meters,
    readings,
    table,
    tariffs,
)
from tests.exchange.conftest import Load
from tests.exchange.state import staging_tables
from tests.support.factories import make_reading


def osipova() -> PersonalAccount:
    return PersonalAccount.objects.get(account_number="805107")


def test_each_file_of_a_package_arrives(load: Load) -> None:
    outcome = load(COMPANY)
    account = osipova()
    assert (account.last_name, account.patronymic, account.area_m2) == (
        "Осипова",
        "Григорьевна",
        Decimal("54.30"),
    )
    assert account.opened_on == datetime.date(2009, 9, 14)
    assert account.closed_on is None
    meter = account.meters.get()
    assert (meter.serial_number, meter.digits, meter.removed_on) == ("07416852", 5, None)
    reading = meter.readings.get()
    assert (reading.value, reading.origin, reading.source) == (
        Decimal(1900),
        "billing",
        "контролёр",
    )
    assert (reading.taken_on, reading.lower_reason) == (datetime.date(2024, 4, 27), "")
    assert Tariff.objects.get().price == Decimal("7.39")
    assert outcome.counts["accounts.csv"] == FileCounts(2, 0, 0, 0)
    package = Package.objects.get()
    assert package.state == Package.State.APPLIED
    assert package.counts["readings.csv"]["inserted"] == 1
    assert package.applied_at is not None


def test_what_is_not_known_is_empty_or_null(load: Load) -> None:
    load(accounts(KIM))
    account = PersonalAccount.objects.get()
    assert (account.patronymic, account.house_code, account.area_m2) == ("", "", None)


def test_the_same_again_touches_no_row(loaded: Load) -> None:
    """`xmin` is the transaction that wrote a row: it stays."""

    def writers() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 'a', id, xmin::text, ctid::text FROM accounts_personalaccount"
                " UNION ALL SELECT 'm', id, xmin::text, ctid::text FROM meters_meter"
                " UNION ALL SELECT 'r', id, xmin::text, ctid::text FROM meters_reading"
                " UNION ALL SELECT 't', id, xmin::text, ctid::text FROM meters_tariff"
            )
            return sorted(cursor.fetchall())

    before = writers()
    with transaction.atomic():
        outcome = loaded(COMPANY)
    assert writers() == before
    assert outcome.counts["accounts.csv"] == FileCounts(0, 0, 2, 0)
    assert outcome.counts["readings.csv"] == FileCounts(0, 0, 1, 0)


def test_only_the_row_that_differs_is_updated(loaded: Load) -> None:
    outcome = loaded(accounts(OSIPOVA.replace("54.30", "54.40"), KIM))
    assert outcome.counts["accounts.csv"] == FileCounts(0, 1, 1, 0)
    assert osipova().area_m2 == Decimal("54.40")


def test_a_trailing_zero_is_no_difference(loaded: Load) -> None:
    outcome = loaded(tariffs(HEAT.replace("7.39", "7.390000")))
    assert outcome.counts["tariffs.csv"].unchanged == 1


def test_an_absent_column_keeps_and_an_empty_field_clears(loaded: Load) -> None:
    loaded({"accounts.csv": table("area_m2;account_number", "60.1;805107")})
    assert (osipova().area_m2, osipova().patronymic) == (Decimal("60.1"), "Григорьевна")
    loaded({"accounts.csv": table("account_number;patronymic;area_m2", '805107;"";')})
    assert (osipova().area_m2, osipova().patronymic) == (None, "")
    assert osipova().address == "г. Псков, Рижский пр., д. 64"


def test_a_file_of_keys_alone_changes_nothing(loaded: Load) -> None:
    outcome = loaded({"accounts.csv": table("account_number", "805107")})
    assert outcome.counts["accounts.csv"] == FileCounts(0, 0, 1, 0)


def test_an_account_is_closed_and_reopened(loaded: Load) -> None:
    loaded(accounts(OSIPOVA + "2026-10-31"))
    assert osipova().closed_on == datetime.date(2026, 10, 31)
    loaded({"accounts.csv": table("account_number;area_m2", "805107;1")})
    assert osipova().closed_on == datetime.date(2026, 10, 31)
    loaded(accounts(OSIPOVA))
    assert osipova().closed_on is None


def test_a_removed_meter_that_billing_names_is_back(loaded: Load) -> None:
    Meter.objects.update(removed_on=datetime.date(2026, 1, 1))
    assert loaded(meters(ARZAMAS)).counts["meters.csv"].updated == 1
    assert Meter.objects.get().removed_on is None


def test_quotes_semicolons_and_russian_quotes(load: Load) -> None:
    load(accounts('"1";"О\'Коннор";Ян;;"СНТ ""Ручеёк""; уч. 14, «левый»";"7.5";2020-01-01;""'))
    account = PersonalAccount.objects.get(account_number="1")
    assert account.address == 'СНТ "Ручеёк"; уч. 14, «левый»'
    assert (account.area_m2, account.closed_on) == (Decimal("7.5"), None)


@pytest.mark.parametrize("backslashes", [r"\N", r"a\nb", r"\.", "\\"])
def test_a_backslash_is_a_backslash(backslashes: str, load: Load) -> None:
    load(accounts(KIM.replace("Ким", backslashes), OSIPOVA.replace("Осипова", f'"{backslashes}"')))
    assert set(PersonalAccount.objects.values_list("last_name", flat=True)) == {backslashes}


def test_windows_line_ends_and_a_bom(load: Load) -> None:
    text = table(ACCOUNT_COLUMNS, OSIPOVA, KIM).replace("\n", "\r\n")
    load({"accounts.csv": text.encode("utf-8-sig")})
    assert PersonalAccount.objects.count() == 2


def test_a_last_line_without_an_end_counts(load: Load) -> None:
    load({"accounts.csv": table(ACCOUNT_COLUMNS, OSIPOVA, KIM).removesuffix("\n")})
    assert PersonalAccount.objects.count() == 2


def test_a_tariff_has_a_price_from_each_day(loaded: Load) -> None:
    outcome = loaded(tariffs(HEAT.replace("7.39", "7.5"), "heat;2024-07-01;Отопление;м³;8.217680"))
    assert outcome.counts["tariffs.csv"] == FileCounts(1, 1, 0, 0)
    assert list(Tariff.objects.order_by("valid_from").values_list("price", flat=True)) == [
        Decimal("7.5"),
        Decimal("8.21768"),
    ]


def test_a_package_may_name_what_the_portal_knows(loaded: Load) -> None:
    outcome = loaded(meters("m-2;806233;Гранд-1,6;555;7;heat;;") | readings("m-2;2026-10-20;5;"))
    assert outcome.counts["meters.csv"].inserted == 1
    reading = Reading.objects.get(meter__meter_id="m-2")
    assert reading.source == ""
    assert reading.source_label == "газовая компания"


def test_billings_reading_stands_beside_the_portals(loaded: Load) -> None:
    """Of one day: billing's is the one shown, the portal's is never deleted or changed."""
    meter = Meter.objects.get()
    own = make_reading(
        meter, 1905, datetime.date(2026, 10, 20), origin=Reading.Origin.PORTAL, source="cabinet"
    )
    outcome = loaded(readings("m-1;2026-10-20;1904.5;контролёр"))
    assert outcome.counts["readings.csv"] == FileCounts(1, 0, 0, 0)
    own.refresh_from_db()
    assert (own.value, own.source, own.origin) == (Decimal(1905), "cabinet", "portal")
    shown = Reading.objects.filter(taken_on=own.taken_on).order_by("origin").first()
    assert shown is not None
    assert shown.value == Decimal("1904.5")


def test_a_corrected_reading_replaces_billings_own(loaded: Load) -> None:
    before = Reading.objects.get()
    outcome = loaded(readings(APRIL.replace("1900", "1901")))
    assert outcome.counts["readings.csv"] == FileCounts(0, 1, 0, 0)
    after = Reading.objects.get()
    assert (after.pk, after.value) == (before.pk, Decimal(1901))
    assert after.received_at >= before.received_at


def test_a_package_without_files_moves_the_date_of_the_data(load: Load) -> None:
    assert load({}).counts == {}
    assert Package.objects.get().state == Package.State.APPLIED


def test_no_staging_table_is_left(loaded: Load) -> None:
    assert staging_tables() == []


def test_the_neighbour_has_nothing(loaded: Load, novgorod: GasCompany) -> None:
    connection.set_tenant(novgorod)
    assert not PersonalAccount.objects.exists()
    assert not Package.objects.exists()
