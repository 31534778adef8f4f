"""Looking back: the filter, files for spreadsheets, bars; what a missing reading or verification costs."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cabinet.meters.history.chart import month_bars
from cabinet.meters.history.consumption import consumption_or_none
from cabinet.meters.history.groups import FEWEST, group_consumption_count
from cabinet.meters.history.months import shared_evenly
from cabinet.meters.history.table import HistoryRow
from cabinet.meters.models import GroupConsumption, Meter, Reading
from cabinet.meters.periods import period_of
from portal.formats.dates import month_after, months_between
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_tariff,
    new_charge,
    text_of,
)


@pytest.fixture
def second(account, meter):
    """A meter of 2025, removed since; the first one has gone on to 1950."""
    removed = make_meter(
        account, "m-2", serial_number="555", model="=Гранд", removed_on=datetime.date(2025, 12, 1)
    )
    for month, value in ((1, 100), (2, 110), (3, 125)):
        make_reading(removed, value, datetime.date(2025, month, 20), source="обход")
    make_reading(meter, 1950, datetime.date(2025, 3, 20), source="+контролёр")
    return removed


def rows_of(page: str) -> list[str]:
    table = page.partition('id="history"')[2].partition("</section>")[0]
    return re.findall(r'table-rows__first">([\d.]+)<', table)


def test_the_filter_by_meter_and_period(owner_client, path, meter, second):
    def shown(**chosen) -> list[str]:
        return rows_of(text_of(owner_client.get(path, chosen)))

    assert len(shown()) == 5
    assert shown(meter=second.pk) == ["20.03.2025", "20.02.2025", "20.01.2025"]
    assert shown(meter=second.pk, since="2025-02") == ["20.03.2025", "20.02.2025"]
    assert shown(until="01.2025") == ["20.01.2025", "27.04.2024"]
    assert shown(since="2025-02", until="2025-02") == ["20.02.2025"]
    assert shown(since="2099-01") == [] == shown(meter="999999")
    page = text_of(owner_client.get(path, {"since": "вчера"}))
    assert "Укажите месяц и год" in page and 'value="вчера"' in page
    assert shown(until="9999-12") == shown()


def test_consumption_of_a_periods_first_row_is_shown_from_the_one_before_it(
    owner_client, path, second
):
    page = text_of(owner_client.get(path, {"meter": second.pk, "since": "2025-03"}))
    assert "15 м³" in page


def test_the_csv_opens_in_a_spreadsheet_and_holds_no_formula(owner_client, path, second):
    answer = owner_client.get(f"{path}history.csv", {"since": "2025-01"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Дата", "Счётчик", "Номер счётчика", "Показание, м³"]
    assert len(rows) == 5
    by_hand = ["20.03.2025", "'=Гранд", "555", "125", "15", "обход"]
    assert by_hand in rows
    assert [row[5] for row in rows if row[2] == "07416852"] == ["'+контролёр"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_xlsx_has_dates_numbers_and_texts(owner_client, path, second):
    answer = owner_client.get(f"{path}history.xlsx", {"meter": second.pk})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[1]] == [
        datetime.datetime(2025, 3, 20),
        "=Гранд",
        "555",
        125,
        15,
        "обход",
    ]
    assert rows[1][1].data_type == "s" and rows[1][0].number_format == "DD.MM.YYYY"


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\uffff"])
def test_what_no_xml_can_hold_is_a_space_in_the_xlsx(owner_client, path, second, sign):
    Meter.objects.filter(pk=second.pk).update(model=f"Гр{sign}анд")
    answer = owner_client.get(f"{path}history.xlsx", {"meter": second.pk})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert {row[1] for row in sheet.values} == {"Счётчик", "Гр анд"}


def test_files_are_the_owners(owner_client, path, second, stranger, pskov):
    client = logged_in(stranger, PSKOV_HOST)
    make_link(stranger, pskov, make_account("900"))
    assert client.get(f"{path}history.csv").status_code == 404
    assert owner_client.get(f"{path}history.exe").status_code == 404


def test_the_bars_are_the_months_in_which_gas_was_burnt(owner_client, path, meter, clock):
    clock.at("2026-11-28T12:00")
    for day, value in (
        ("2025-10-31", 2000),
        ("2025-11-30", 2040),
        ("2026-08-31", 2314),  # nine months: a m³ a day
        ("2026-10-31", 2375),
        ("2026-11-28", 2431),  # counts for December, was burnt in November
        ("2026-12-28", 9000),  # a slip of billing: a day to come
    ):
        make_reading(meter, value, datetime.date.fromisoformat(day))
    page = text_of(owner_client.get(path))
    bars = re.findall(
        r'<th scope="row">(.*?)</th>.*?bars__number">(.*?)</td>.*?--ago">(.*?)</td>', page, re.S
    )
    shown = {
        " ".join(re.sub("<.*?>", " ", month).split()): (re.sub("<.*?>", "", now), ago)
        for month, now, ago in bars
    }
    assert shown["июл 2026"][0] == "31" == shown["окт 2026"][0]
    assert shown["ноя 2026 по 28-е"] == ("56", "40")
    assert len(shown) == 12 and not any(month.startswith("дек 2026") for month in shown)


DAY = datetime.date(2026, 11, 28)


@given(st.dictionaries(st.integers(0, 330), st.decimals(0, 99999, places=3), max_size=30))
def test_bars_and_rows_add_up_to_the_same(readings):
    rows, last, meter = [], None, Meter(model="ВК-G4", serial_number="1", digits=5)
    for back in sorted(readings, reverse=True):
        row = HistoryRow(meter, DAY - datetime.timedelta(days=back), readings[back], "")
        if last is not None:
            row.since = last.taken_on
            row.consumption = consumption_or_none(last.value, row.value, 5)
        rows.append(row)
        last = row
    bars = month_bars(rows, DAY)
    drawn = sum((bar.used or Decimal() for bar in bars), Decimal())
    assert drawn == sum((row.consumption or Decimal() for row in rows), Decimal())
    assert all(bar.month <= DAY and (bar.used is None or bar.used >= 0) for bar in bars)


def test_a_page_costs_the_same_with_many_meters_and_months(owner_client, path, account, meter):
    make_tariff()
    today = datetime.date(2026, 11, 20)
    make_reading(meter, 1950, today - datetime.timedelta(days=40))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(path).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in range(49):
        extra = make_meter(account, f"x{number}", serial_number=f"{number}")
        Reading.objects.bulk_create(
            Reading(
                meter=extra,
                value=month,
                taken_on=today - datetime.timedelta(days=30 * (36 - month)),
                origin="billing",
                received_at=timezone.now(),
            )
            for month in range(36)
        )
    assert queries() == one < 37


# --- without a reading --------------------------------------------------------------------------------


WITHOUT = {
    "2026-10-20": ["до 25 ноября, начислим по среднему расходу", "три месяца подряд. Затем"],
    "2026-09-20": ["Нет показаний за октябрь — начислим по среднему", "подряд, сейчас второй"],
    "2026-08-20": ["Нет показаний за сентябрь и октябрь — начислим по", "сейчас третий"],
    "2026-07-20": ["Нет показаний с августа — начислим по нормативу", "и мы снова будем считать"],
}


@pytest.fixture
def without_readings(account, meter, clock):
    """Return what makes thirteen months of readings, 20 m³ each, up to the day."""
    clock.at("2026-11-10T12:00")
    make_tariff(price="10")
    account.norm_volume = Decimal("126.5")
    account.save()

    def make(last: str) -> None:
        day = datetime.date.fromisoformat(last).replace(day=1)
        for back in range(13):
            make_reading(meter, 2000 - 20 * back, month_after(day, -back).replace(day=20))

    return make


@pytest.mark.parametrize("last", WITHOUT)
def test_what_is_charged_is_said_before_it_happens(
    owner_client, path, meter, without_readings, last
):
    without_readings(last)
    page = text_of(owner_client.get(path))
    for text in [*WITHOUT[last], "около 1 270 ₽ в месяц"]:
        assert text in page, text
    assert ("В месяц это около 200 ₽" in page) == (last != "2026-07-20")
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "2010"})
    assert "начислим по" not in text_of(owner_client.get(path))


@pytest.mark.parametrize(
    ("last", "charged", "is_told"),
    [
        ("2026-05-20", {9: "126.500", 10: "126.500"}, True),
        ("2026-05-20", {9: "41.000", 10: "39.000"}, False),
        ("2026-05-20", {6: "41.000", 7: "39.000"}, True),  # by average, as it should be
        ("2026-05-20", {9: "0.000", 10: "0.000"}, False),
        ("2026-08-20", {9: "20.000"}, True),
        ("2026-08-20", {9: "0.000", 10: "0.000"}, False),
        ("2026-05-20", {}, True),
    ],
)
def test_nothing_is_forecast_against_what_billing_charges(
    owner_client, path, account, meter, without_readings, last, charged, is_told
):
    without_readings(last)
    for month, volume in charged.items():
        period = datetime.date(2026, month, 1)
        new_charge(account, period=period, volume=Decimal(volume), unit="м³").save()
    page = text_of(owner_client.get(path))
    assert "Нет показаний" in page
    assert ("начислим" in page and "₽ в месяц" in page) == is_told
    assert ("чтобы плата была по счётчику" in page) != is_told


def test_a_month_that_is_charged_is_not_foretold(
    owner_client, path, account, meter, without_readings
):
    without_readings("2026-09-20")
    period = datetime.date(2026, 10, 1)
    new_charge(account, period=period, volume=Decimal(20), unit="м³").save()
    page = text_of(owner_client.get(path))
    assert "Нет показаний за октябрь\n" in page
    assert "За ноябрь начислим по среднему расходу: около 200 ₽." in page


def test_an_expired_verification_and_no_reading_make_one_sum(
    owner_client, path, account, meter, without_readings
):
    without_readings("2026-09-20")
    meter.verification_due_on = datetime.date(2026, 8, 31)
    meter.save()
    page = text_of(owner_client.get(path))
    assert page.count("в месяц") == 1 and "Нет показаний" not in page
    assert "начисляем по нормативу: около 1 270 ₽ в месяц" in page
    new_charge(account, period=datetime.date(2026, 10, 1), volume=Decimal(20), unit="м³").save()
    page = text_of(owner_client.get(path))
    assert "в месяц" not in page and "Закажите поверку или замену счётчика" in page


def test_a_meter_without_any_reading_and_an_account_without_a_norm(owner_client, path, meter):
    Reading.objects.all().delete()
    page = text_of(owner_client.get(path))
    assert "Показаний ещё не было — начислим по нормативу" in page


def test_two_tariffs_make_a_range(owner_client, path, account, meter, clock):
    clock.at("2026-11-10T12:00")
    make_tariff(price="10")
    make_tariff("cook", price="12")
    make_meter(account, "m-2", serial_number="2", tariff_code="cook")
    account.norm_volume = 300
    account.save()
    assert "от 3 000 до 3 600 ₽ в месяц" in text_of(owner_client.get(path))


# --- verification ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "kind", "text"),
    [
        ("2027-02-09", "", "9 февраля 2027 г."),
        ("2027-02-08", "info", "осталось 90 дней"),
        ("2026-12-11", "info", "остался 31 день"),
        ("2026-12-10", "warning", "осталось 30 дней"),
        ("2026-11-11", "warning", "остался 1 день"),
        ("2026-11-10", "warning", "сегодня последний день"),
        ("2026-11-09", "danger", "Срок поверки истёк 9 ноября 2026 г."),
    ],
)
def test_the_countdown_of_verification(owner_client, path, account, meter, clock, due, kind, text):
    clock.at("2026-11-10T12:00")
    make_tariff(price="10")
    account.norm_volume = Decimal("26.5")
    account.save()
    meter.verification_due_on = datetime.date.fromisoformat(due)
    meter.save()
    page = text_of(owner_client.get(path))
    assert text in page
    notice = re.search(r"notice--(\w+) meter__verification", page)
    assert (notice[1] if notice else "") == kind
    # Once a page: beside a reading that is missing, that notice has said it.
    assert page.count("около 270 ₽ в месяц") == 1


# --- rules by themselves ----------------------------------------------------------------------------------


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 1)), st.integers(1, 31))
def test_a_day_counts_for_its_month_or_the_next_and_is_asked_for_in_time(day, until_day):
    period = period_of(day, until_day)
    assert months_between(day, period.month) in (0, 1)
    assert day <= period.until and (period.until.month, period.until.year) == (
        period.month.month,
        period.month.year,
    )
    assert period_of(period.until, until_day) == period


@given(st.decimals(0, 10**6, places=3), st.integers(1, 60))
def test_nothing_is_lost_when_months_share(amount, count):
    shares = shared_evenly(amount, count)
    assert sum(shares) == amount and min(shares) >= 0


# --- the group ----------------------------------------------------------------------------------------------


def test_the_group_is_counted_by_tariff_and_month(pskov, novgorod, clock):
    clock.at("2026-11-20T12:00")
    account = make_account("1")
    for number in range(FEWEST):
        meter = make_meter(account, f"g{number}", serial_number=f"{number}")
        last = timezone.localdate() - datetime.timedelta(days=60)
        make_reading(meter, 100, last - datetime.timedelta(days=30))
        make_reading(meter, 100 + number, last)
        make_reading(meter, 5000 + number, last, origin="portal", source="guest")
        make_reading(meter, 90, last + datetime.timedelta(days=30))  # lower: the reason is unknown
    lonely = make_meter(account, "other", serial_number="o", tariff_code="cook")
    make_reading(lonely, 1, last - datetime.timedelta(days=30))
    make_reading(lonely, 2, last)
    assert group_consumption_count() == 1
    group = GroupConsumption.objects.get()
    month = period_of(last, 25).month.month
    assert (group.tariff_code, group.month_number, group.meters) == ("heat", month, FEWEST)
    assert group.median == Decimal("9.5") and Decimal(17) < group.high < Decimal(19)
    assert group_consumption_count() == 1  # anew, not once more
