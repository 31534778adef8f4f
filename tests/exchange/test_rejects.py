"""`--reject-file`: good rows are applied, bad ones written down, nothing is dropped in silence."""

import csv
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import ExchangeError, PackageRefused
from cabinet.exchange.models import Package
from cabinet.exchange.package.apply import package_apply
from cabinet.meters.models import Meter, Reading, Tariff
from tenants.models import GasCompany
from tests.exchange.builder import (
    APRIL,
    ARZAMAS,
    COMPANY,
    HEAT,
    KIM,
    OSIPOVA,
    accounts,
    meters,
    readings,
    tariffs,
    write_package,
    zipped,
)
from tests.exchange.conftest import Load

BAD_OSIPOVA = OSIPOVA.replace("2009-09-14", "вчера")


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "rejects.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";", strict=True))


def places(path: Path) -> list[tuple[str, str, str]]:
    return [(row["file"], row["line"], row["column"]) for row in rows_of(path)]


def test_the_good_are_applied_and_the_bad_written(load: Load, rejects: Path) -> None:
    outcome = load(accounts(BAD_OSIPOVA, KIM), rejects_path=rejects)
    assert PersonalAccount.objects.get().account_number == "806233"
    assert outcome.rejected_rows == 1
    assert outcome.counts["accounts.csv"].inserted == 1
    assert rows_of(rejects) == [
        {
            "file": "accounts.csv",
            "line": "2",
            "column": "opened_on",
            "reason": "нужна дата вида 2026-11-05",
            "row": BAD_OSIPOVA,
        }
    ]
    package = Package.objects.get()
    assert (package.state, package.rejected_rows) == (Package.State.APPLIED, 1)


def test_without_bad_rows_there_is_a_file_with_a_header(load: Load, rejects: Path) -> None:
    load(COMPANY, rejects_path=rejects)
    assert rejects.read_text() == "file;line;column;reason;row\n"


def test_a_row_with_two_faults_is_one_row(load: Load, rejects: Path) -> None:
    bad = OSIPOVA.replace("Осипова", "").replace("54.30", "много")
    load(accounts(bad), rejects_path=rejects)
    [row] = rows_of(rejects)
    assert row["column"] == "last_name,area_m2"
    assert row["reason"].startswith("поле должно быть заполнено; нужно неотрицательное число")


def test_rows_that_name_a_rejected_one_go_with_it(load: Load, rejects: Path) -> None:
    load(COMPANY | accounts(BAD_OSIPOVA, KIM), rejects_path=rejects)
    assert places(rejects) == [
        ("accounts.csv", "2", "opened_on"),
        ("meters.csv", "2", "account_number"),
        ("readings.csv", "2", "meter_id"),
    ]
    assert not Meter.objects.exists()
    assert Tariff.objects.exists()


def test_also_when_the_portal_knows_the_rejected_one(loaded: Load, rejects: Path) -> None:
    outcome = loaded(COMPANY | accounts(BAD_OSIPOVA, KIM), rejects_path=rejects)
    assert outcome.rejected_rows == 3
    assert Reading.objects.count() == 1


def test_a_tariff_with_one_bad_price_is_still_a_tariff(load: Load, rejects: Path) -> None:
    files = COMPANY | tariffs(
        HEAT, HEAT.replace("2023-12-01", "2024-07-01").replace("7.39", "дорого")
    )
    load(files, rejects_path=rejects)
    assert places(rejects) == [("tariffs.csv", "3", "price")]
    assert Meter.objects.get().tariff_code == "heat"


def test_a_tariff_that_is_all_bad_takes_its_meters_along(load: Load, rejects: Path) -> None:
    load(COMPANY | tariffs(HEAT.replace("7.39", "дорого")), rejects_path=rejects)
    assert [place[:2] for place in places(rejects)] == [
        ("tariffs.csv", "2"),
        ("meters.csv", "2"),
        ("readings.csv", "2"),
    ]


def test_both_of_a_doubled_key_are_rejected(load: Load, rejects: Path) -> None:
    load(accounts(KIM, OSIPOVA, KIM), rejects_path=rejects)
    assert [line for _, line, _ in places(rejects)] == ["2", "4"]
    assert PersonalAccount.objects.get().account_number == "805107"


def test_rows_that_are_no_text_are_spelled_out(load: Load, rejects: Path) -> None:
    long, nul = KIM.replace("Ким", "К" * 70_000), OSIPOVA.replace("Осипова", "Осип\0ва")
    load(accounts(long, nul, KIM.replace("Ким", '"Ким')), rejects_path=rejects)
    rows = [row["row"] for row in rows_of(rejects)]
    assert rows[0].startswith("806233;ККК")
    assert rows[0].endswith("…")
    assert r"Осип\x00ва" in rows[1]
    assert rows[2] == KIM.replace("Ким", '"Ким')


def test_a_wrong_sum_or_hash_is_no_matter_of_rows(load: Load, rejects: Path) -> None:
    with pytest.raises(PackageRefused, match="сумма area_m2"):
        load(accounts(KIM), sums={"accounts.csv": {"area_m2": "1"}}, rejects_path=rejects)
    assert not rejects.exists()


def test_sums_count_the_bad_rows_too(load: Load, rejects: Path) -> None:
    files = accounts(BAD_OSIPOVA, KIM.replace(";;2021", ";10;2021"))
    load(files, sums={"accounts.csv": {"area_m2": "64.3"}}, rejects_path=rejects)
    assert PersonalAccount.objects.count() == 1


def test_what_cannot_be_added_is_left_to_its_row(load: Load, rejects: Path) -> None:
    files = accounts(OSIPOVA.replace("54.30", "много"), KIM)
    load(files, sums={"accounts.csv": {"area_m2": "64.3"}}, rejects_path=rejects)
    assert places(rejects) == [("accounts.csv", "2", "area_m2")]


def test_a_file_of_a_zip_is_read_again(rejects: Path, tmp_path: Path, pskov: GasCompany) -> None:
    folder = write_package(tmp_path / "package", accounts(BAD_OSIPOVA, KIM))
    package_apply(company=pskov, path=zipped(folder), rejects_path=rejects)
    assert rows_of(rejects)[0]["row"] == BAD_OSIPOVA


def test_nowhere_to_write(load: Load, tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "such", tmp_path):
        with pytest.raises(ExchangeError, match="не записать"):
            load(COMPANY, rejects_path=path)
    assert not PersonalAccount.objects.exists()


def test_a_file_that_cannot_be_put_in_place_undoes_the_import(
    load: Load, rejects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(ExchangeError, match="не записать"):
        load(accounts(BAD_OSIPOVA, KIM), rejects_path=rejects)
    assert not PersonalAccount.objects.exists()
    assert list(rejects.parent.glob(".rejects*")) == []


def test_with_rejects_a_package_counts_as_applied(load: Load, rejects: Path) -> None:
    files = accounts(BAD_OSIPOVA, KIM)
    load(files, package_id="same", rejects_path=rejects)
    again = load(files, package_id="same", rejects_path=rejects)
    assert again.already_applied
    assert again.rejected_rows == 1


def test_meters_and_readings_of_what_the_portal_knows(loaded: Load, rejects: Path) -> None:
    """A meter that moved is rejected, and its readings with it."""
    moved = ARZAMAS.replace("805107", "806233")
    loaded(meters(moved) | readings(APRIL.replace("1900", "1950")), rejects_path=rejects)
    assert places(rejects) == [
        ("meters.csv", "2", "account_number"),
        ("readings.csv", "2", "meter_id"),
    ]
    assert Reading.objects.get().value == 1900
