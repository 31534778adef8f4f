"""«История платежей»: figure 29, search by day and sum, years, what billing has not confirmed, files."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors import NotYetIncluded
from cabinet.billing.selectors import balance as balances
from tests.cabinet.billing.history.conftest import amount, table_of
from tests.support.factories import make_link, text_of


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/charges/payments/"


def paid(account, day: str, sum_: str, source: str = "Касса") -> BillingPayment:
    return BillingPayment.objects.create(
        payment_id=f"{day}-{sum_}", account=account, paid_on=day, amount=sum_, source=source
    )


def test_figure_29(sample_link, rows):
    path = f"/cabinet/{sample_link.pk}/charges/payments/"
    first = ["03.05.2024", "1,00 ₽", "Личный кабинет"]
    second = ["11.05.2023", "1 111,10 ₽", "Личный кабинет"]
    assert rows(path) == [first, second, ["Итого", "1 112,10 ₽", "Всего платежей — 2"]]
    for typed in (
        "1 111,10",
        "1111.1",
        "1111",
        "11.05.23",
        "11.05.2023",
        "май 2023",
        "2023",
        "11 мая",
    ):
        assert rows(path, q=typed)[:-1] == [second], typed
    assert rows(path, q="03.05.24")[:-1] == [first] == rows(path, since="2024-01-01")[:-1]
    assert rows(path, until="31.12.2023")[:-1] == [second]
    assert rows(path, since="2023-05-11", until="2023-05-11")[:-1] == [second]
    assert rows(path, q="1111,11") == []


def test_totals_of_years_are_those_of_the_database(sample_link, owner, pskov, rows):
    account = PersonalAccount.objects.get(account_number="806018")
    path = f"/cabinet/{make_link(owner, pskov, account).pk}/charges/payments/"
    paid_in_all = BillingPayment.objects.filter(account=account)
    for year in (2024, 2025, 2026):
        total = rows(path, since=f"{year}-01-01", until=f"{year}-12-31")[-1][1]
        by_hand = paid_in_all.filter(paid_on__year=year).aggregate(all=Sum("amount"))["all"]
        assert amount(total) == by_hand > 0
    assert amount(rows(path)[-1][1]) == paid_in_all.aggregate(all=Sum("amount"))["all"]


def test_what_billing_has_not_confirmed_comes_first(path, account, rows, monkeypatch, owner_client):
    paid(account, "2026-11-20", "50.00")
    waiting = [
        NotYetIncluded(datetime.date(2026, 11, 3), Decimal("194.32"), Decimal("0.07")),
        NotYetIncluded(datetime.date(2026, 11, 5), Decimal(10), Decimal(0)),
    ]
    monkeypatch.setattr(balances, "PAYMENT_READERS", [lambda _: {account.pk: waiting}])
    mark = "Личный кабинет ещё не учтён компанией"
    assert rows(path) == [
        ["05.11.2026", "10,00 ₽", mark],
        ["03.11.2026", "194,39 ₽", mark],
        ["20.11.2026", "50,00 ₽", "Касса"],
        ["Итого", "254,39 ₽", "Всего платежей — 3"],
    ]
    assert rows(path, q="194,39")[0][2] == mark
    content = owner_client.get(f"{path}history.csv").content.decode("utf-8-sig")
    assert "03.11.2026;194,39;Личный кабинет;Ещё не учтён компанией" in content


def test_a_fund_shows_a_year(path, account, rows, pskov, owner_client):
    pskov.kind = "capital_repair"
    pskov.save()
    for day, sum_ in (("2024-03-01", "1.00"), ("2026-01-05", "20.10"), ("2026-12-31", "-0.10")):
        paid(account, day, sum_)
    assert [row[0] for row in rows(path)] == ["31.12.2026", "05.01.2026", "Итого"]
    assert rows(path)[-1][1] == "20,00 ₽"
    page = text_of(owner_client.get(path))
    assert "За 2026 год" in page and "<h1>История платежей</h1>" in page
    years = f'href="{path}?since=2024-01-01&amp;until=2024-12-31">2024</a>'
    assert years in page and 'aria-current="true">2026</a>' in page
    assert len(rows(path, everything="1")) == 4
    assert rows(path, since="2024-01-01", until="2024-12-31")[-1][1] == "1,00 ₽"
    # The section of both tabs is this one, though the address of the other tab is not below its own.
    for address in (path, path.removesuffix("payments/")):
        menu = text_of(owner_client.get(address)).partition("<main")[0]
        assert f'<a href="{path}" aria-current="page">' in menu, address


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        ({"since": "2026-13-01"}, "Укажите день", 'value="2026-13-01"'),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "Конец периода", 'value="2026-05-01"'),
        ({"q": "'; --"}, "Введите дату, например 03.05.2024", 'value="&#x27;; --"'),
    ],
)
def test_a_wrong_search_is_explained_at_its_field(owner_client, path, account, asked, said, kept):
    paid(account, "2026-05-01", "10.00")
    page = text_of(owner_client.get(path, asked))
    assert page.count(said) == 2 and kept in page
    assert table_of(page) == [] and "Исправьте запрос" in page
    assert owner_client.get(f"{path}history.xlsx", asked).url.startswith(f"{path}?")


def test_without_payments_the_page_says_what_comes(owner_client, path, account):
    assert "Платежей пока нет" in text_of(owner_client.get(path))
    paid(account, "2026-05-01", "10.00")
    assert "Ничего не нашли" in text_of(owner_client.get(path, {"q": "11"}))


def test_files_have_no_formula(owner_client, path, account):
    paid(account, "2026-05-01", "-10.00", source="=cmd|' /C calc'!A0")
    content = owner_client.get(f"{path}history.csv").content.decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert found[1][:3] == ["01.05.2026", "-10", "'=cmd|' /C calc'!A0"]
    assert found[2][:2] == ["Итого", "-10"]
    sheet = load_workbook(io.BytesIO(owner_client.get(f"{path}history.xlsx").content)).active
    assert [cell.data_type for cell in list(sheet.iter_rows())[1][:3]] == ["d", "n", "s"]


def test_many_payments_cost_as_many_queries_as_one(owner_client, path, account):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(path).status_code == 200
        return len(captured)

    paid(account, "2026-05-01", "10.00")
    queries()
    one = queries()
    for number in range(60):
        paid(account, f"{2016 + number // 12}-{number % 12 + 1:02}-03", "5.00")
    assert queries() == one < 30
    page = text_of(owner_client.get(path))
    assert "Страница 1 из 3" in page and "310,00 ₽" in page
