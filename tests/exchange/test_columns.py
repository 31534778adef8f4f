"""What a field may hold."""

import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.exchange.files import FILES, columns
from cabinet.exchange.files.columns import Kind
from portal.connection import connection
from tenants.models import GasCompany

KINDS = {
    "code": columns.code(30),
    "text": columns.text(30),
    "integer": columns.integer(6),
    "one_to_nine": columns.one_to_nine,
    "money": columns.money,
    "area": columns.area,
    "price": columns.price,
    "volume": columns.volume,
    "date": columns.date,
    "month": columns.month,
    "year": columns.year,
    "signed volume": columns.signed_volume,
    "one of": columns.one_of("principal", "penalty"),
}


def fits(kind: Kind, field: str) -> bool:
    return re.compile(kind.pattern).fullmatch(field) is not None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("code", ["805107", "а" * 30, "m 1"], ["а" * 31, " 805107", "805107 ", "\u00a0", ""]),
        ("text", ["Ёлкина", " д. 5", "а" * 30], ["а" * 31, " ", "\t"]),
        ("integer", ["0", "02", "999999"], ["-1", "1.0", "1000000", "٣", "1e3", "+1"]),
        ("one_to_nine", ["1", "9"], ["0", "10", "05", "٥"]),
        (
            "money",
            ["7.39", "-2.60", "0", "0007.5"],
            ["7,39", "7.391", ".5", "5.", "NaN", "1e5", " 7"],
        ),
        ("area", ["54.3", "99999999.99"], ["-1", "100000000", "54.301"]),
        ("price", ["7.391000"], ["7.3910001", "-7"]),
        ("volume", ["1900", "0.125"], ["-1", "0.1251", "1 900", "١٢٣"]),
        (
            "date",
            ["2026-11-05", "2024-02-29", "2000-02-29"],
            ["2026-02-29", "2100-02-29", "2026-11-31"],
        ),
        (
            "date",
            ["1900-01-01", "2199-12-31"],
            ["05.11.2026", "2026-1-5", "today", "2026-11-05 ", "0000-00-00"],
        ),
        ("month", ["2026-11"], ["2026-13", "2026-00", "2026-1", "11.2026", "2026-11-01"]),
    ],
)
def test_each_kind_of_column_takes_and_refuses_its_examples(
    kind: str, good: list[str], bad: list[str]
) -> None:
    assert [field for field in good if not fits(KINDS[kind], field)] == []
    assert [field for field in bad if fits(KINDS[kind], field)] == []


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)))
def test_every_day_of_the_calendar_is_a_date(day: datetime.date) -> None:
    assert fits(columns.date, day.isoformat())


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True).filter(str.isascii))
def test_no_other_text_is_a_date(text: str) -> None:
    try:
        exists = 1900 <= datetime.date.fromisoformat(text).year < 2200
    except ValueError:
        exists = False
    assert fits(columns.date, text) == exists


@given(st.text(max_size=40), st.sampled_from(sorted(KINDS)))
def test_bare_is_the_same_without_what_needs_quotes(text: str, name: str) -> None:
    kind = KINDS[name]
    if {'"', ";", "\n", "\r"} & set(text):
        assert not re.compile(kind.bare_pattern).fullmatch(
            text.replace("\r", "").replace("\n", "")
        ) or (not {'"', ";"} & set(text))
    else:
        assert bool(re.compile(kind.bare_pattern).fullmatch(text)) == fits(kind, text)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_postgresql_takes_what_fits(name: str, pskov: GasCompany) -> None:
    """A field that passes must never end the COPY."""
    kind = KINDS[name]
    samples = st.from_regex(kind.pattern, fullmatch=True).filter(lambda text: "\0" not in text)
    found: list[str] = []

    @given(samples.filter(lambda text: not re.search("[\ud800-\udfff]", text)))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT field FROM unnest(%s::text[]) AS field WHERE NOT pg_input_is_valid(field, %s)",
            [found, kind.sql_type],
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("declaration", FILES, ids=lambda declaration: declaration.name)
def test_no_field_is_longer_than_its_column(declaration, pskov: GasCompany) -> None:
    for column in declaration.columns:
        reference = declaration.reference_of(column.name)
        if reference and reference.foreign_key:
            continue
        field = declaration.field(column.name)
        if field.choices:
            continue
        if column.kind.sql_type == "text" and field.max_length:
            longest = "а" * field.max_length
        elif column.kind.sql_type == "numeric":
            longest = str(Decimal(10) ** (field.max_digits - field.decimal_places) - 1)
            assert fits(column.kind, "0." + "1" * field.decimal_places), column.name
            assert not fits(column.kind, "0." + "1" * (field.decimal_places + 1)), column.name
        else:
            continue
        assert fits(column.kind, longest), column.name
        assert not fits(column.kind, longest + longest[-1]), column.name
