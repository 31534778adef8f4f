"""«История начислений»: figure 28, rows and totals that add up, search, period, files, bars."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Max, Min, Sum
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.billing.selectors import account_balance
from portal.formats.dates import month_after
from tests.cabinet.billing.history.conftest import amount, table_of
from tests.support.factories import make_charge, make_link, new_charge, text_of

MAY = datetime.date(2026, 5, 1)


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/charges/"


def months_of(found: list[list[str]]) -> list[str]:
    return [row[0] for row in found]


def chart_of(page: str) -> str:
    return page.partition('id="chart"')[2].partition("</table>")[0]


def many_months(account, count: int) -> None:
    Charge.objects.bulk_create(
        new_charge(account, month_after(MAY, -back), accrued="10.00", paid="9.00", kind=kind)
        for back in range(count)
        for kind in ("principal", "penalty")
    )


# --- the manual's figures ------------------------------------------------------------


def test_figure_28(sample_link, rows):
    path = f"/cabinet/{sample_link.pk}/charges/"
    found = rows(path, since="2023-12", until="2024-05")
    assert found == [
        ["Май 2024", "4,79 ₽", "0,00 ₽", "0,00 ₽", "1,00 ₽", "3,79 ₽", "0 м³"],
        ["Апрель 2024", "−2,60 ₽", "7,39 ₽", "0,00 ₽", "0,00 ₽", "4,79 ₽", "1 м³"],
        *(
            [month, "−2,60 ₽", "0,00 ₽", "0,00 ₽", "0,00 ₽", "−2,60 ₽", "0 м³"]
            for month in ("Март 2024", "Февраль 2024", "Январь 2024", "Декабрь 2023")
        ),
        ["Итого за период", "−2,60 ₽", "7,39 ₽", "0,00 ₽", "1,00 ₽", "3,79 ₽", "1 м³"],
    ]
    for typed in ("май 24", "Май 2024", "Май'24", "05.2024", "мая 2024 г."):
        assert months_of(rows(path, q=typed)) == ["Май 2024", "Итого за период"], typed
    assert len(rows(path, q="2024")) == 13
    assert len(rows(path, everything="1")) == 24 + 1  # a page of the 42 months


def test_the_usual_period_is_a_year_up_to_the_newest_month(sample_link, rows, owner_client):
    path = f"/cabinet/{sample_link.pk}/charges/"
    found = months_of(rows(path))
    assert (found[0], found[-2], len(found)) == ("Октябрь 2026", "Октябрь 2025", 14)
    page = text_of(owner_client.get(path))
    assert "10.2025 – 10.2026" in page and 'value="2025-10"' in page and 'value="2026-10"' in page


@pytest.mark.parametrize("number", ["805107", "806018", "815331"])
def test_totals_are_those_of_the_database(sample_link, owner, pskov, rows, number):
    """First opening, last closing, sums between, over services and penalties; the last closing is owed."""
    account = PersonalAccount.objects.get(account_number=number)
    path = (
        f"/cabinet/{make_link(owner, pskov, account).pk if number != '805107' else sample_link.pk}"
    )
    for asked in ({"everything": "1"}, {"q": "2025"}, {"since": "2026-02", "until": "2026-04"}):
        shown = rows(f"{path}/charges/", **asked)
        total = [amount(cell) for cell in shown[-1][1:6]]
        if asked == {"everything": "1"}:
            wanted = Charge.objects.filter(account=account)
            assert total[4] == account_balance(account).total
        elif "q" in asked:
            wanted = Charge.objects.filter(account=account, period__year=2025)
        else:
            wanted = Charge.objects.filter(
                account=account, period__range=("2026-02-01", "2026-04-01")
            )
        ends = wanted.aggregate(first=Min("period"), last=Max("period"))
        by_hand = wanted.aggregate(
            accrued=Sum("accrued"),
            recalculated=Sum(F("recalculated") - F("quality_deduction")),
            paid=Sum("paid"),
        )
        opening = wanted.filter(period=ends["first"]).aggregate(all=Sum("opening_balance"))["all"]
        closing = wanted.filter(period=ends["last"]).aggregate(all=Sum("closing_balance"))["all"]
        assert total == [opening, *by_hand.values(), closing], asked
        assert all(
            amount(row[1]) + sum(map(amount, row[2:4])) - amount(row[4]) == amount(row[5])
            for row in shown
        )


# --- rows that add up ------------------------------------------------------------


def test_what_a_row_is_made_of_is_in_the_row(owner_client, path, account, rows):
    make_charge(
        account,
        MAY,
        opening="100",
        accrued="50",
        recalculated="-8",
        acts="-5",
        recalculation_reason="Поверка счётчика",
        quality_deduction="2",
        corrected="7",
        written_off="3",
        paid="40",
        volume=Decimal("5.5"),
    )
    make_charge(account, MAY, kind="penalty", accrued="3.07", opening="1")
    month, total = rows(path)
    assert month == [
        "Май 2026",
        "101,00 ₽ в том числе пени 1,00 ₽",
        "53,07 ₽ в том числе пени 3,07 ₽",
        "−10,00 ₽ в том числе по актам −5,00 ₽ снято за качество 2,00 ₽ Поверка счётчика",
        "4,00 ₽ списано 3,00 ₽ исправлено 7,00 ₽",
        "40,00 ₽",
        "108,07 ₽ в том числе пени 4,07 ₽",
        "5,5 м³",
    ]
    assert total[1:3] == month[1:3] and total[5:] == month[5:]
    page = text_of(owner_client.get(path))
    assert "Корректи&shy;ровки и списания" in page
    assert Decimal("101") + Decimal("53.07") - 10 + 4 - 40 == Decimal("108.07")


def test_a_month_without_charges_is_named_and_the_next_opens_right(path, account, rows):
    make_charge(account, MAY, accrued="10", service="to", service_name="Обслуживание")
    make_charge(account, MAY, accrued="5")
    make_charge(
        account, month_after(MAY, 1), opening="5", accrued="1"
    )  # no more of the other service
    make_charge(account, month_after(MAY, 3), opening="6", accrued="1")
    make_charge(account, month_after(MAY, 6), opening="8", accrued="1")
    found = rows(path)
    assert months_of(found) == [
        "Ноябрь 2026 Между месяцами компания изменила долг на 1,00 ₽",
        "Сентябрь 2026 – Октябрь 2026: начислений нет",
        "Август 2026",
        "Июль 2026: начислений нет",
        "Июнь 2026",
        "Май 2026",
        "Итого за период",
    ]
    assert [row[1] for row in found if len(row) > 1] == [
        *("18,00 ₽", "16,00 ₽", "15,00 ₽", "0,00 ₽", "0,00 ₽"),
    ]
    assert found[-1][5] == "19,00 ₽" and account_balance(account).total == 19
    assert rows(path, q="июль 2026") == []


def test_a_renamed_service_two_bills_and_a_negative_month(path, account, rows, owner_client):
    make_charge(account, MAY, accrued="10", service_name="Газ")
    make_charge(account, MAY, accrued="2", service="to", bill_kind="техобслуживание")
    make_charge(
        account, month_after(MAY), opening="10", accrued="-30", service_name="Газоснабжение"
    )
    june, may, total = rows(path)
    # The bills of June are those that June opens with: a kind that is owed something has one.
    bills = re.findall(
        r'class="sums__bill"\s+href="(.*?)"\s[^>]*>(.*?)<', text_of(owner_client.get(path))
    )
    assert [address[-10:] for address, _ in bills] == [
        "2026-06/1/",
        "2026-06/2/",
        "2026-05/1/",
        "2026-05/2/",
    ]
    assert bills[1][1] == "Квитанция «техобслуживание»"
    assert all(owner_client.get(address).status_code == 200 for address, _ in bills)
    assert (may[1], may[2], may[5]) == ("0,00 ₽", "12,00 ₽", "12,00 ₽")
    assert (june[1], june[2], june[5]) == ("12,00 ₽", "−30,00 ₽", "−18,00 ₽")
    assert (total[1], total[2], total[5]) == ("0,00 ₽", "−18,00 ₽", "−18,00 ₽")


# --- the search ------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        ({"since": "2026-13"}, "Укажите месяц и год", 'value="2026-13"'),
        ({"since": "2026-05", "until": "2026-04"}, "Конец периода раньше", 'value="2026-04"'),
        ({"q": "'; --"}, "Введите месяц и год, например «май 2024»", 'value="&#x27;; --"'),
        ({"q": "м" * 41}, "не больше 40 знаков", "м" * 41),
        ({"q": "май"}, "Введите месяц и год", 'value="май"'),
    ],
)
def test_a_wrong_search_is_explained_at_its_field(owner_client, path, account, asked, said, kept):
    make_charge(account, MAY, accrued="10")
    page = text_of(owner_client.get(path, asked))
    assert page.count(said) == 2 and kept in page  # at the field, and in the summary
    assert table_of(page) == [] and "Исправьте запрос" in page
    answer = owner_client.get(f"{path}history.csv", asked)
    assert answer.status_code == 302 and answer.url.startswith(f"{path}?")


def test_nothing_charged_and_nothing_found(owner_client, path, account):
    page = text_of(owner_client.get(path))
    assert "Начислений пока нет" in page and 'name="q"' not in page
    make_charge(account, MAY, accrued="10")
    page = text_of(owner_client.get(path, {"q": "2019"}))
    assert "Ничего не нашли" in page and "05.2026 – 05.2026" in page
    assert f'href="{path}?everything=1"' in page
    for odd in ({"since": "0001-01"}, {"until": "9999-12"}, {"page": "x"}):
        assert owner_client.get(path, odd).status_code == 200


# --- files and bars ------------------------------------------------------------


def test_files_have_what_is_shown_with_totals_and_no_formula(owner_client, path, account):
    make_charge(account, MAY, opening="-2.60", accrued="7.39", volume=Decimal(1), unit="=м³")
    make_charge(
        account, month_after(MAY), opening="4.79", paid="1", volume=Decimal("0.5"), unit="=м³"
    )
    make_charge(account, month_after(MAY, -20), accrued="1")
    answer = owner_client.get(f"{path}history.csv", {"q": "2026"})
    found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in found] == ["Месяц", "06.2026", "05.2026", "Итого"]
    assert found[3][1:3] == ["-2,6", "7,39"] and found[3][8:] == ["1", "3,79", "0", "1,5"]
    book = load_workbook(io.BytesIO(owner_client.get(f"{path}history.xlsx").content))
    sheet = list(book.active.iter_rows())
    assert all(cell.data_type in "sn" for row in sheet for cell in row)
    assert sheet[0][11].value == "Объём, =м³" and sheet[-1][9].value == 3.79
    assert owner_client.get(f"{path}history.exe").status_code == 404


def test_bars_are_of_months_or_of_years(owner_client, path, account):
    many_months(account, 26)
    page = text_of(owner_client.get(path))
    bars = chart_of(page)
    assert bars.count("<svg") == 13 and "май 2026" in bars and ">20,00<" in bars
    bars = chart_of(text_of(owner_client.get(path, {"everything": "1"})))
    assert bars.count("<svg") == 3 and '<th scope="row">2025</th>' in bars and ">240,00<" in bars


def test_ten_years_cost_as_many_queries_as_a_month(owner_client, path, account):
    def queries(**asked) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(path, asked).status_code == 200
        return len(captured)

    many_months(account, 1)
    queries()
    one = queries(everything="1")
    Charge.objects.all().delete()
    many_months(account, 120)
    assert queries(everything="1") == one < 30
    page = text_of(owner_client.get(path, {"everything": "1", "page": "5"}))
    assert "Страница 5 из 5" in page and "everything=1&amp;page=4" in page
    assert months_of(table_of(page))[-2:] == ["Июнь 2016", "Итого за период"]
