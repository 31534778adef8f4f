"""One function a format: money, volumes, months and tables."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import timezone
from openpyxl import load_workbook

from portal.formats import dates, numbers, tables


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0,00\u00a0₽"),
        ("1234567.5", "1\u00a0234\u00a0567,50\u00a0₽"),
        ("-1234.05", "\u22121\u00a0234,05\u00a0₽"),
        ("-0.00", "0,00\u00a0₽"),
    ],
)
def test_rubles_have_kopecks_and_a_true_minus(amount, text):
    assert numbers.rubles(Decimal(amount)) == text
    if Decimal(amount):
        assert numbers.deducted(-Decimal(amount)) == text


@pytest.mark.parametrize(
    ("volume", "text"),
    [("1091.400", "1091,4"), ("1000", "1000"), ("0.0", "0"), ("12.345", "12,345")],
)
def test_volumes_have_as_many_decimals_as_there_are(volume, text):
    assert numbers.plain_decimal(Decimal(volume)) == text
    assert numbers.cubic_metres(Decimal(volume)) == f"{text}\u00a0м³"


def test_months_are_counted_over_the_turn_of_a_year():
    november = datetime.date(2026, 11, 1)
    assert dates.month_after(november, 2) == datetime.date(2027, 1, 1)
    assert dates.month_after(november, -11) == datetime.date(2025, 12, 1)
    assert dates.months_between(datetime.date(2025, 12, 31), november) == 11
    assert dates.months_until(november, 3) == [
        datetime.date(2026, 9, 1),
        datetime.date(2026, 10, 1),
        november,
    ]


def test_months_days_and_moments_are_in_words():
    day = datetime.date(2026, 5, 5)
    assert dates.month_name(day) == "май\u00a02026\u00a0г."
    assert dates.month_in(day) == "мае 2026\u00a0г."
    assert dates.long_day(day) == "5 мая 2026 г."
    assert dates.short_day(day) == "05.05.2026"
    night = datetime.datetime(2026, 5, 4, 21, 30, tzinfo=datetime.UTC)
    with timezone.override("Asia/Kamchatka"):
        assert dates.long_moment(night) == "5 мая 2026 г., 09:30"
        assert dates.short_moment(night) == "05.05.2026 09:30"
    assert dates.short_moment(None) == ""


def test_templates_have_the_formats_as_filters():
    source = "{% load formats %}{{ sum|rubles }}; {{ m3|cubic_metres }}; {{ day|month_in }}"
    context = {"sum": Decimal(-5), "m3": Decimal("1.50"), "day": datetime.date(2026, 1, 1)}
    page = engines["django"].from_string(source).render(context)
    assert page == "\u22125,00\u00a0₽; 1,5\u00a0м³; январе 2026\u00a0г."


ROWS = [
    ("Кто", "Когда", "День", "Сколько"),
    (
        "=1+1",
        datetime.datetime(2026, 5, 4, 21, 30, tzinfo=datetime.UTC),
        datetime.date(2026, 5, 5),
        Decimal("1.50"),
    ),
    ("@кто\x0bто", None, None, 3),
    ("-", None, None, Decimal(-2)),
]


def test_csv_of_a_spreadsheet_holds_no_formula():
    content = tables.spreadsheet_csv(ROWS)
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["'=1+1", "05.05.2026 00:30:00", "05.05.2026", "1,5"]
    assert rows[2:] == [["'@кто то", "", "", "3"], ["-", "", "", "-2"]]
    assert (
        tables.harmless_cell("＝1+1") == "'＝1+1"
    )  # a spreadsheet may take wide signs for plain ones


def test_xlsx_has_dates_numbers_and_texts():
    content = tables.spreadsheet_xlsx("Лист", ROWS, widths=(10, 20))
    sheet = load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[1]] == [
        "=1+1",
        datetime.datetime(2026, 5, 5, 0, 30),
        datetime.datetime(2026, 5, 5),
        1.5,
    ]
    assert rows[1][0].data_type == "s" and rows[2][0].value == "@кто то"
    assert sheet.column_dimensions["B"].width == 20


def test_files_are_downloads_with_the_type_of_their_ending():
    response = tables.file_response(b"", "показания 1.xlsx")
    assert response.headers["Content-Type"] == tables.XLSX_TYPE
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_csv_for_programs_has_texts_as_they_are():
    assert tables.exchange_csv([("=1", 'с "кавычкой"; и точкой', 5)]) == (
        '=1;"с ""кавычкой""; и точкой";5\n'
    )
