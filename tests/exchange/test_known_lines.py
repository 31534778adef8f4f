"""Lines that were applied before are not staged again, and the portal's tables are what they would be if
they were. With real commits: a row is known by the transaction that wrote it.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.package import importing, merge
from cabinet.exchange.package.apply import Outcome, package_apply
from cabinet.exchange.package.checks import DOUBLED
from cabinet.exchange.package.merge import FileCounts
from cabinet.exchange.package.sql import Staged
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import (
    APRIL_CHARGE,
    CHARGE_COLUMNS,
    COMPANY,
    KIM,
    MAY_CHARGE,
    OSIPOVA,
    accounts,
    charge,
    charges,
    write_package,
)

JUNE_CHARGE = charge("2024-06", "3.79", "1.00", "0.00", "0.00", "4.79")
JULY_CHARGE = charge("2024-07", "4.79", "1.00", "0.00", "0.00", "5.79")
HIS_CHARGE = charge("2024-07", "0.00", "1.00", "0.00", "0.00", "1.00", account="806233")
ALL = (APRIL_CHARGE, MAY_CHARGE, JUNE_CHARGE, JULY_CHARGE, HIS_CHARGE)
NEW_JULY = charge("2024-07", "4.79", "2.00", "0.00", "0.00", "6.79")

Apply = Callable[..., Outcome]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines of charges each package did not stage."""
    found: list[int] = []

    def merge_file(staged: Staged, **options: Any) -> FileCounts:
        if staged.declaration.name == "charges.csv":
            found.append(staged.known)
        return merge.merge_file(staged, **options)

    monkeypatch.setattr(importing, "merge_file", merge_file)
    return found


@pytest.fixture
def apply(own_db: str, tmp_path: Path, known: list[int]) -> Apply:
    """Applies a package of the files to Pskov, in which the charges of `ALL` are already."""
    company = GasCompany.objects.get(schema_name="pskov")
    packages = 0

    def apply(content: dict[str, Any], *, rejects: Path | None = None, **manifest: Any) -> Outcome:
        nonlocal packages
        packages += 1
        name = f"p-{packages}"
        path = write_package(tmp_path / name, content, package_id=name, **manifest)
        return package_apply(company=company, path=path, rejects_path=rejects)

    apply(COMPANY | charges(*ALL))
    connection.set_tenant(company)
    known.clear()
    return apply


def stored() -> list[tuple[str, str, Decimal]]:
    return [
        (charge.account.account_number, f"{charge.period:%Y-%m}", charge.accrued)
        for charge in Charge.objects.select_related("account").order_by("account_id", "period")
    ]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    found = outcome.counts["charges.csv"]
    return found.inserted, found.updated, found.unchanged


def test_only_what_is_new_is_staged(apply: Apply, known: list[int]) -> None:
    august = charge("2024-08", "6.79", "1.00", "0.00", "0.00", "7.79")
    lines = (HIS_CHARGE, APRIL_CHARGE, NEW_JULY, MAY_CHARGE, august, JUNE_CHARGE)  # in any order
    assert counts(apply(charges(*lines))) == (1, 1, 4)
    assert counts(apply(charges(*lines))) == (0, 0, 6)
    assert known == [4, 6]
    assert [str(accrued) for _, _, accrued in stored()] == [
        "7.39",
        "0.00",
        "1.00",
        "2.00",
        "1.00",
        "1.00",
    ]


def test_crlf_and_a_bom_are_other_lines_but_the_same_records(
    apply: Apply, known: list[int]
) -> None:
    content = b"\xef\xbb\xbf" + charges(*ALL)["charges.csv"].replace("\n", "\r\n").encode()
    for _ in range(2):
        assert counts(apply({"charges.csv": content})) == (0, 0, 5)
    assert known == [0, 0]  # unchanged rows were not written, so they know the older lines


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE billing_charge SET accrued = 5, closing_balance = closing_balance + 4 WHERE accrued = 1",
        "DELETE FROM billing_charge WHERE accrued = 1",
        "CREATE TABLE copy AS TABLE billing_charge; DELETE FROM billing_charge;"
        " INSERT INTO billing_charge OVERRIDING SYSTEM VALUE TABLE copy;"
        " UPDATE billing_charge SET unit = 'л'",
    ],
    ids=["changed", "deleted", "restored"],
)
def test_rows_that_somebody_else_wrote(apply: Apply, known: list[int], meanwhile: str) -> None:
    before = stored()
    with connection.cursor() as cursor:
        cursor.execute(meanwhile)
    apply(charges(*ALL))
    assert stored() == before
    assert set(Charge.objects.values_list("unit", flat=True)) == {"м³"}
    assert known[0] < 5


def test_a_delta_between(apply: Apply, known: list[int]) -> None:
    """What it changed, the older line changes back."""
    before = stored()
    apply(charges(NEW_JULY))
    assert counts(apply(charges(*ALL))) == (0, 1, 4)
    assert stored() == before
    assert known == [0, 4]


def test_a_delta_of_some_columns(apply: Apply, known: list[int]) -> None:
    apply(
        charges(
            "805107;2024-07;heat;principal;м3",
            header="account_number;period;service_code;kind;unit",
        )
    )
    assert Charge.objects.filter(unit="м3").count() == 1
    apply(charges(*ALL))
    assert not Charge.objects.filter(unit="м3").exists()


def test_the_same_fields_under_another_header(apply: Apply, known: list[int]) -> None:
    """Two columns have changed places, and every line with them."""
    header = CHARGE_COLUMNS.replace("corrected;written_off", "written_off;corrected")
    corrected = charge("2024-07", "4.79", "1.00", "0.00", "0.00", "4.79").replace(
        "0.00;;;0.00;4.79", "0.00;1.00;;0.00;4.79"
    )
    assert counts(apply(charges(*ALL[:3], corrected, HIS_CHARGE, header=header))) == (0, 1, 4)
    assert known == [0]
    assert Charge.objects.get(written_off=1).closing_balance == Decimal("4.79")


@pytest.mark.parametrize(
    ("lines", "twice"),
    [
        ((*ALL, MAY_CHARGE), (3, 7)),
        ((*ALL, NEW_JULY), (5, 7)),
        ((*ALL, NEW_JULY, NEW_JULY), (5, 7, 8)),
        ((*ALL, JULY_CHARGE + " "), (5, 7)),
    ],
    ids=["a known line", "a new line for a known row", "two of them", "the same in other words"],
)
def test_a_key_twice(apply: Apply, lines: tuple[str, ...], twice: tuple[int, ...]) -> None:
    before = stored()
    with pytest.raises(PackageRefused) as refused:
        apply(charges(*lines))
    reason = DOUBLED + ", ".join(map(str, twice))
    assert [(found.line, found.reason) for found in refused.value.problems] == [
        (line, reason) for line in twice
    ]
    assert stored() == before


def test_a_bad_line_has_the_key_of_a_known_one(apply: Apply) -> None:
    with pytest.raises(PackageRefused) as refused:
        apply(charges(*ALL, NEW_JULY.replace("6.79", "6.7900")))
    found = [(problem.line, problem.column.split(",")[0]) for problem in refused.value.problems]
    assert found == [(5, "account_number"), (7, "account_number"), (7, "closing_balance")]


def rejected(path: Path) -> list[tuple[str, int]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [(row["file"], int(row["line"])) for row in csv.DictReader(stream, delimiter=";")]


def test_rejects_are_told_again(apply: Apply, tmp_path: Path) -> None:
    bad = NEW_JULY.replace("6.79", "6.7900")
    for number in range(2):
        path = tmp_path / f"rejects-{number}"
        outcome = apply(charges(*ALL[:3], bad, HIS_CHARGE), rejects=path)
        assert rejected(path) == [("charges.csv", 5)]
        assert counts(outcome) == (0, 0, 4)


def test_a_known_line_names_a_rejected_account(apply: Apply, tmp_path: Path) -> None:
    path = tmp_path / "rejects"
    people = accounts(OSIPOVA, KIM.replace("2021-02-08", "давно"))
    outcome = apply(people | charges(*ALL[:3], NEW_JULY, HIS_CHARGE), rejects=path)
    assert rejected(path) == [("accounts.csv", 3), ("charges.csv", 6)]
    assert counts(outcome) == (0, 1, 3)
    assert PersonalAccount.objects.count() == 2


def test_sums_and_rows_are_those_of_the_whole_file(apply: Apply, known: list[int]) -> None:
    content = charges(*ALL[:3], NEW_JULY, HIS_CHARGE)
    for sums, said in (({"accrued": "1.00"}, "сумма accrued равна 11.39"), ({"x": "1"}, "«x»")):
        with pytest.raises(PackageRefused, match=said):
            apply(content, sums={"charges.csv": sums})
    with pytest.raises(PackageRefused, match="SHA-256"):
        apply(content, files={"charges.csv": {"rows": 5, "sha256": "0" * 64}})
    apply(content, sums={"charges.csv": {"accrued": "11.39", "acts": "0"}})
    assert known == [4]
    assert len(stored()) == 5
