"""One function a format: money, volumes, months and tables."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import timezone
from openpyxl import load_workbook

from portal.formats import dates, numbers, places, tables, words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0,00\u00a0₽"),
        ("1234567.5", "1\u202f234\u202f567,50\u00a0₽"),
        ("-1234.05", "\u22121\u202f234,05\u00a0₽"),
        ("-0.00", "0,00\u00a0₽"),
    ],
)
def test_rubles_have_kopecks_and_a_true_minus(amount, text):
    assert numbers.rubles(Decimal(amount)) == text
    assert numbers.rubles_unsigned(-Decimal(amount)) == text.removeprefix("\u2212")


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        (["10842.25"], "около 10_800 ₽"),
        (["389.76"], "около 390 ₽"),
        (["43.5"], "около 44 ₽"),
        (["999.99"], "около 1_000 ₽"),
        (["13634.54", "15444.12"], "от 13_600 до 15_400 ₽"),
        (["10842.25", "10848"], "около 10_800 ₽"),
    ],
)
def test_estimates_are_round(amounts, text):
    expected = text.replace("_", "\u202f")
    assert numbers.estimate(*map(Decimal, amounts)).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("volume", "text"),
    [("1091.400", "1_091,4"), ("1000", "1_000"), ("0.0", "0"), ("12.345", "12,345")],
)
def test_volumes_have_as_many_decimals_as_there_are(volume, text):
    assert numbers.plain_decimal(Decimal(volume)) == text.replace("_", "")
    assert numbers.cubic_metres(Decimal(volume)) == text.replace("_", "\u202f") + "\u00a0м³"


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
    assert dates.month_in(day) == "мае\u00a02026\u00a0г."
    assert dates.long_day(day) == "5\u00a0мая\u00a02026\u00a0г."
    assert dates.day_and_month(day) == "5\u00a0мая"
    assert dates.long_day(None) == dates.long_moment(None) == ""
    assert dates.short_day(day) == "05.05.2026"
    night = datetime.datetime(2026, 5, 4, 21, 30, tzinfo=datetime.UTC)
    with timezone.override("Asia/Kamchatka"):
        assert dates.long_moment(night) == "5\u00a0мая\u00a02026\u00a0г., 09:30"
        assert dates.long_day(night) == "5\u00a0мая\u00a02026\u00a0г."
        assert dates.short_moment(night) == "05.05.2026 09:30"
    assert dates.short_moment(None) == ""


@pytest.mark.parametrize(
    ("length", "text", "of"),
    [
        (datetime.timedelta(hours=24), "сутки", "суток"),
        (datetime.timedelta(minutes=60), "час", "часа"),
        (datetime.timedelta(minutes=1), "минуту", "минуты"),
        (datetime.timedelta(seconds=61), "две минуты", "двух минут"),
        (datetime.timedelta(minutes=15), "15 минут", "15 минут"),
        (datetime.timedelta(hours=2), "два часа", "двух часов"),
        (datetime.timedelta(days=3), "три дня", "трёх дней"),
        (datetime.timedelta(days=14), "14 дней", "14 дней"),
        (datetime.timedelta(days=21), "21 день", "21 дня"),
    ],
)
def test_durations_are_in_words(length, text, of):
    assert words.duration(length).replace("\u00a0", " ") == text
    assert words.duration_of(length).replace("\u00a0", " ") == of


def test_small_counts_are_in_words():
    assert [words.counted_digits(count) for count in (1, 2, 5, 12)] == [
        "одна чёрная цифра",
        "две чёрные цифры",
        "пять чёрных цифр",
        "12 чёрных цифр",
    ]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (
            "180004, г. Псков, ул. Ленина, д. 5, кв. 12",
            "180004, г._Псков, ул._Ленина, д._5, кв._12",
        ),
        ("Псковская обл., Гдовский р-н, с. Яммы", "Псковская_обл., Гдовский_р-н, с._Яммы"),
        ("д. Большие Липы, Октябрьский пр-т, д. 1-А", "д._Большие Липы, Октябрьский_пр-т, д._1-А"),
        ("пер. 1-й Речной, 7, корп. 2, офис № 3", "пер._1-й Речной, 7, корп._2, офис №_3"),
    ],
)
def test_addresses_are_not_torn(address, text):
    assert places.address_line(address) == text.replace("_", "\u00a0")


def test_templates_have_the_formats_as_filters():
    source = "{% load formats %}{{ sum|rubles }}; {{ m3|cubic_metres }}; {{ day|month_in }}"
    context = {"sum": Decimal(-5), "m3": Decimal("1.50"), "day": datetime.date(2026, 1, 1)}
    page = engines["django"].from_string(source).render(context)
    assert page == "\u22125,00\u00a0₽; 1,5\u00a0м³; январе\u00a02026\u00a0г."


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
