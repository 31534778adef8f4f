"""The declarations against the contract, and what files that are still to come will need."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.files import FILES
from cabinet.exchange.files.columns import code, month, price, text
from cabinet.exchange.files.declaration import Column, FileDeclaration, Prune, RowCheck
from cabinet.exchange.files.tariffs import TARIFFS
from cabinet.exchange.package import opening
from cabinet.meters.models import Tariff
from tests.exchange.builder import table
from tests.exchange.conftest import Load

CONTRACT = (Path(settings.BASE_DIR) / "docs" / "exchange-format.md").read_text()
each_file = pytest.mark.parametrize("declaration", FILES, ids=lambda declaration: declaration.name)


def contract_columns(name: str) -> list[tuple[str, bool, bool]]:
    """Of the contract's table: each column's name, whether it is of the key, whether required."""
    [row] = re.findall(rf"^\| `{re.escape(name)}` \| (.*) \|$", CONTRACT, re.MULTILINE)
    names = re.split(r",\s*", re.sub(r"\s*\([^)]*\)", "", row))
    found = []
    for name in names:
        is_key = name.startswith("**")  # bold, which ends in two stars of its own
        found.append((name.strip("*"), is_key, name.endswith("***" if is_key else "*")))
    return found


@each_file
def test_columns_are_those_of_the_contract(declaration: FileDeclaration) -> None:
    declared = [
        (column.name, column.name in declaration.key, column.required)
        for column in declaration.columns
    ]
    assert declared == contract_columns(declaration.name)


@each_file
def test_a_file_comes_after_those_it_refers_to(declaration: FileDeclaration) -> None:
    before = FILES[: FILES.index(declaration)]
    assert all(reference.to in before for reference in declaration.references)


@each_file
def test_every_field_is_found(declaration: FileDeclaration) -> None:
    assert all(declaration.stored_column(column.name) for column in declaration.columns)
    fields = [*declaration.billing_only, *declaration.always, *declaration.stamped]
    assert all(declaration.stored_field(name) for name in fields)
    assert (declaration.prune is Prune.MARK) == bool(declaration.prune_field)


@each_file
def test_nobody_needs_all_rows_of_a_file_with_a_mark(declaration: FileDeclaration) -> None:
    if declaration.mark:
        assert declaration.prune is Prune.NOTHING
        named = [reference.to for other in FILES for reference in other.references]
        assert declaration not in named
        assert not any(reference.unmovable for reference in declaration.references)


# --- as the files to come: a month in the key, a word for an empty field, a rule, deletion ---------

LIKE_CHARGES = FileDeclaration(
    name="tariffs.csv",
    model=Tariff,
    key=("tariff_code", "valid_from", "unit"),
    columns=(
        Column("tariff_code", code(50), required=True),
        Column("valid_from", month, required=True),
        Column("unit", text(20), empty="общая"),
        Column("name", text(200)),
        Column("price", price, empty="0"),
    ),
    row_checks=(RowCheck("price", "{price} < 100", "строка не сходится"),),
    prune=Prune.DELETE,
)
HEADER = "tariff_code;valid_from;unit;name;price"


@pytest.fixture
def declare(load: Load, monkeypatch: pytest.MonkeyPatch) -> Callable[[FileDeclaration], Load]:
    def declare(declaration: FileDeclaration) -> Load:
        monkeypatch.setattr(opening, "FILES", (declaration,))
        return load

    return declare


Declare = Callable[[FileDeclaration], Load]


def stored() -> list[tuple[str, str, str, str]]:
    rows = Tariff.objects.order_by("tariff_code", "valid_from")
    return [(row.tariff_code, str(row.valid_from), row.unit, str(row.price)) for row in rows]


def charges(*rows: str) -> dict[str, str]:
    return {"tariffs.csv": table(HEADER, *rows)}


def test_a_month_is_its_first_day_and_an_empty_field_has_a_word(declare: Declare) -> None:
    load = declare(LIKE_CHARGES)
    load(charges("heat;2026-10;;;", "heat;2026-11;пеня;;7.39"))
    assert stored() == [
        ("heat", "2026-10-01", "общая", "0.000000"),
        ("heat", "2026-11-01", "пеня", "7.390000"),
    ]
    again = load(charges("heat;2026-10;общая;;0.00", "heat;2026-11;пеня;;7.4"))
    assert (again.counts["tariffs.csv"].unchanged, again.counts["tariffs.csv"].updated) == (1, 1)


def test_empty_and_its_word_are_the_same_key(declare: Declare) -> None:
    rows = ("heat;2026-10;;;", "heat;2026-10;общая;;", "heat;2026-10;;;много")
    for wrong in (rows[:2], rows[1:]):
        with pytest.raises(PackageRefused, match="ключом есть в файле не один раз: строки 2, 3"):
            declare(LIKE_CHARGES)(charges(*wrong))


def test_a_rule_over_the_columns_of_a_row(declare: Declare) -> None:
    """NULL breaks none."""
    with pytest.raises(PackageRefused) as refused:
        declare(LIKE_CHARGES)(charges("a;2026-10;;;", "b;2026-10;;;99.99", "c;2026-10;;;100"))
    assert str(refused.value) == "tariffs.csv:4 price строка не сходится"


def test_what_is_not_named_is_deleted(declare: Declare, tmp_path: Path) -> None:
    load = declare(dataclasses.replace(TARIFFS, prune=Prune.DELETE))
    header = "tariff_code;valid_from;name;unit;price"
    rows = [f"heat;2026-0{number};Газ;м³;7".replace(";Газ", "-01;Газ") for number in (1, 2, 3)]
    load({"tariffs.csv": table(header, *rows)})
    bad = rows[1].replace(";7", ";дорого")
    outcome = load(
        {"tariffs.csv": table(header, rows[0], bad)},
        mode="full",
        rejects_path=tmp_path / "rejects.csv",
    )
    assert outcome.counts["tariffs.csv"].closed == 1
    assert [day for _, day, _, _ in stored()] == ["2026-01-01", "2026-02-01"]
