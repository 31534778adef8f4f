"""What is wrong with rows and files: each with its own message, and nothing is changed."""

import hashlib
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.models import Package
from cabinet.exchange.package import lines
from cabinet.exchange.package.apply import package_apply
from cabinet.meters.models import Meter, Tariff
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
    write_package,
)
from tests.exchange.conftest import Load, Problems
from tests.exchange.state import staging_tables

DOUBLED = "запись с этим ключом есть в файле не один раз: строки"


def test_nothing_is_changed_and_the_attempt_is_remembered(problems: Problems) -> None:
    bad = COMPANY | accounts(OSIPOVA, KIM.replace("2021-02-08", "08.02.2021"))
    assert problems(bad) == ["accounts.csv:3 opened_on нужна дата вида 2026-11-05"]
    assert not PersonalAccount.objects.exists()
    assert staging_tables() == []
    package = Package.objects.get()
    assert (package.state, package.problem_count) == (Package.State.REFUSED, 1)
    assert package.problems == [
        {
            "file": "accounts.csv",
            "line": 3,
            "column": "opened_on",
            "reason": "нужна дата вида 2026-11-05",
        }
    ]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (accounts(KIM.replace("Ким", "")), "accounts.csv:2 last_name поле должно быть заполнено"),
        (accounts(KIM.replace("Ким", '""')), "accounts.csv:2 last_name поле должно быть заполнено"),
        (
            accounts(KIM.replace("Ким", "А" * 101)),
            "accounts.csv:2 last_name нужен текст не длиннее 100",
        ),
        (
            accounts(KIM.replace("806233", "8" * 31)),
            "accounts.csv:2 account_number нужен код не длиннее",
        ),
        (
            accounts(KIM.replace(";;2021", ";7,5;2021")),
            "accounts.csv:2 area_m2 нужно неотрицательное",
        ),
        (
            accounts(KIM.replace(";;2021", ";7.555;2021")),
            "accounts.csv:2 area_m2 нужно неотрицательное",
        ),
        (
            accounts(KIM.replace(";;2021", ";٧;2021")),
            "accounts.csv:2 area_m2 нужно неотрицательное",
        ),
        (accounts(KIM + "2026-02-30"), "accounts.csv:2 closed_on нужна дата"),
        (accounts(KIM + ";"), "accounts.csv:2 - полей 9, а столбцов 8"),
        (accounts("806233;Ким"), "accounts.csv:2 - полей 2, а столбцов 8"),
        (accounts(""), "accounts.csv:2 - пустая строка"),
        (accounts(KIM.replace("Ким", '"Ким')), f"accounts.csv:2 - {lines.OPEN_QUOTE}"),
        (accounts(KIM.replace("Ким", 'К"и"м')), f"accounts.csv:2 - {lines.STRAY_QUOTE}"),
        (accounts(KIM.replace("Ким", "К\0м")), f"accounts.csv:2 - {lines.NUL}"),
        (accounts(KIM.replace("Ким", "К\rм")), f"accounts.csv:2 - {lines.LONE_CR}"),
        (accounts(KIM.replace("Ким", "К" * 10_000_000)), f"accounts.csv:2 - {lines.TOO_LONG}"),
        (tariffs(HEAT.replace("7.39", "7.1234567")), "tariffs.csv:2 price нужно неотрицательное"),
        (tariffs(HEAT.replace("7.39", "-7")), "tariffs.csv:2 price нужно неотрицательное"),
        (
            COMPANY | meters(ARZAMAS.replace(";5;", ";0;")),
            "meters.csv:2 digits нужно целое число от 1",
        ),
        (
            COMPANY | meters(ARZAMAS.replace(";5;", ";10;")),
            "meters.csv:2 digits нужно целое число от 1",
        ),
        (
            COMPANY | readings(APRIL.replace("1900", "-1")),
            "readings.csv:2 value нужно неотрицательное",
        ),
        (COMPANY | readings(APRIL.replace("1900", "1.0001")), "readings.csv:2 value нужно"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason(
    files: dict[str, str], problem: str, problems: Problems
) -> None:
    [found] = problems(files)
    assert found.startswith(problem)


def test_a_row_in_another_encoding(problems: Problems) -> None:
    content = table(ACCOUNT_COLUMNS, OSIPOVA).encode() + KIM.encode("cp1251") + b"\n"
    assert problems({"accounts.csv": content}) == [f"accounts.csv:3 - {lines.NOT_UTF8}"]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("account_number;colour", "accounts.csv:1 colour неизвестный столбец"),
        ("account_number;address;address", "accounts.csv:1 address столбец указан дважды"),
        ("address", "accounts.csv:1 account_number нет столбца, по которому узнаётся запись"),
        ("account_number ;address", "accounts.csv:1 account_number  неизвестный столбец"),
        ('account_number;"address', f"accounts.csv:1 - {lines.OPEN_QUOTE}"),
        ("account_number;\0", f"accounts.csv:1 - {lines.NUL}"),
    ],
)
def test_a_bad_header_is_refused(header: str, problem: str, problems: Problems) -> None:
    assert problem in problems({"accounts.csv": table(header, "1;2")})


def test_an_empty_file(problems: Problems) -> None:
    assert problems({"accounts.csv": ""}) == [
        "accounts.csv: файл пуст: нет строки с названиями столбцов"
    ]


def test_what_the_manifest_says_is_checked(load: Load) -> None:
    content = tariffs(HEAT)["tariffs.csv"].encode()
    right = {"rows": 1, "sha256": hashlib.sha256(content).hexdigest()}

    def refused(**entry: object) -> str:
        with pytest.raises(PackageRefused) as error:
            load(tariffs(HEAT), files={"tariffs.csv": right | entry})
        return str(error.value)

    assert "SHA-256 не тот, что в манифесте" in refused(sha256="0" * 64)
    assert refused(rows=2) == "tariffs.csv: строк 1, а в манифесте 2"
    wrong = refused(sum={"price": "7.40"})
    assert wrong == "tariffs.csv: сумма price равна 7.39, а в манифесте 7.40"
    assert not Tariff.objects.exists()
    load(tariffs(HEAT), files={"tariffs.csv": right | {"sum": {"price": "7.390"}}})
    assert Tariff.objects.exists()


def test_a_file_cut_short_is_told_by_its_hash_alone(load: Load) -> None:
    """What its remaining rows look like says nothing."""
    with pytest.raises(PackageRefused) as refused:
        load(accounts("806233;Ким"), files={"accounts.csv": {"rows": 9, "sha256": "0" * 64}})
    assert [problem.reason[:7] for problem in refused.value.problems] == ["SHA-256"]


def test_a_sum_of_a_column_that_is_not_there(problems: Problems) -> None:
    files = {"accounts.csv": table("account_number;address", "1;2")}
    found = problems(files, sums={"accounts.csv": {"area_m2": "1"}})
    assert "в манифесте есть сумма area_m2, а такого столбца в файле нет" in found[0]


def test_every_row_of_a_key_that_is_there_twice(problems: Problems) -> None:
    assert problems(accounts(KIM, OSIPOVA, KIM, KIM)) == [
        f"accounts.csv:{line} account_number {DOUBLED} 2, 4, 5" for line in (2, 4, 5)
    ]


def test_a_key_of_two_columns_twice(problems: Problems) -> None:
    found = problems(COMPANY | readings(APRIL, "m-1;2024-05-27;1901;", APRIL))
    assert found == [f"readings.csv:{line} meter_id,taken_on {DOUBLED} 2, 4" for line in (2, 4)]


def test_a_bad_row_makes_its_twin_a_problem_too(problems: Problems) -> None:
    found = problems(accounts(KIM, KIM.replace("Алексей", "")))
    assert found == [
        f"accounts.csv:2 account_number {DOUBLED} 2, 3",
        f"accounts.csv:3 account_number {DOUBLED} 2, 3",
        "accounts.csv:3 first_name поле должно быть заполнено",
    ]


def test_a_name_that_nobody_knows(problems: Problems) -> None:
    assert problems(meters(ARZAMAS) | readings("m-7;2024-04-27;1;")) == [
        "meters.csv:2 account_number такого лицевого счёта нет ни в пакете, ни в портале",
        "meters.csv:2 tariff_code такого тарифа нет ни в пакете, ни в портале",
        "readings.csv:2 meter_id такого счётчика нет ни в пакете, ни в портале",
    ]


def test_what_follows_from_a_bad_row_is_no_problem_of_its_own(problems: Problems) -> None:
    bad = COMPANY | accounts(OSIPOVA.replace("2009-09-14", "вчера"), KIM)
    assert problems(bad) == ["accounts.csv:2 opened_on нужна дата вида 2026-11-05"]


def test_a_meter_that_moved(loaded: Load, problems: Problems) -> None:
    [found] = problems(meters(ARZAMAS.replace("805107", "806233")))
    assert found.startswith("meters.csv:2 account_number прибор числится за другим лицевым счётом")
    assert Meter.objects.get().account.account_number == "805107"


def test_a_meter_under_two_accounts(problems: Problems) -> None:
    found = problems(COMPANY | meters(ARZAMAS, ARZAMAS.replace("805107", "806233")))
    assert found == [f"meters.csv:{line} meter_id {DOUBLED} 2, 3" for line in (2, 3)]


def test_a_new_record_needs_every_column(loaded: Load, problems: Problems) -> None:
    found = problems({"accounts.csv": table("account_number;address", "805107;Псков", "9;Псков")})
    assert found == [
        "accounts.csv:3 last_name новая запись, а столбцов в файле не хватает: "
        "last_name, first_name, opened_on"
    ]
    found = problems(
        {"readings.csv": table("meter_id;taken_on", "m-1;2024-04-27", "m-1;2024-05-01")}
    )
    assert found == ["readings.csv:3 value новая запись, а столбцов в файле не хватает: value"]


def test_rows_of_an_account_that_only_the_package_has(load: Load) -> None:
    assert load(COMPANY).counts["meters.csv"].inserted == 1


def test_the_first_hundred_and_the_count(load: Load) -> None:
    with pytest.raises(PackageRefused) as refused:
        load(accounts(*(f"{number};;;;;;;" for number in range(1, 201))))
    assert refused.value.total == 800
    assert len(refused.value.problems) == 100
    assert str(refused.value.problems[99]).startswith("accounts.csv:26 opened_on")
    assert Package.objects.get().problem_count == 800
    assert len(Package.objects.get().problems) == 100


def test_problems_of_files_come_before_those_of_rows(problems: Problems) -> None:
    found = problems({"accounts.csv": table("colour", "1"), "tariffs.csv": table("x;y", "1")})
    assert [problem.split()[0] for problem in found][:2] == ["accounts.csv:1", "accounts.csv:1"]
    mixed = problems(accounts(KIM.replace("Ким", "")) | {"tariffs.csv": ""})
    assert [problem.split()[0] for problem in mixed] == ["tariffs.csv:", "accounts.csv:2"]


def test_a_reading_of_another_company_is_nobodys(
    loaded: Load, novgorod: GasCompany, pskov: GasCompany, tmp_path: Path
) -> None:
    """Novgorod does not know Pskov's meters, and a package for one is not taken by the other."""
    path = write_package(tmp_path / "alien", readings(APRIL), tenant="novgorod", package_id="n-1")
    with pytest.raises(PackageRefused, match="такого счётчика нет"):
        package_apply(company=novgorod, path=path)
    with pytest.raises(PackageRefused, match="пакет для «novgorod»"):
        package_apply(company=pskov, path=path)
