"""«Выписка» (manual 2, 3.4.2): every sum of billing, three modes, files; it adds up."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cabinet.billing.models import Charge
from cabinet.statements.statement import Mode, statement_of
from tests.support.factories import make_charge, make_link, new_charge, text_of
from tests.support.samples import charge_sums, sample_account
from tests.support.tables import rows_of

HEADINGS = [
    "Вх. сальдо",
    "Начислено",
    "Перерасчёты",
    "в т. ч. Акты",
    "Факт. начисл.",
    "Поступ. ден. средств",
    "Корректировки",
    "Списания",
    "Исх. сальдо",
]


@pytest.fixture
def fund(pskov, owner):
    """The fund's account of the samples, on the host of a fund."""
    pskov.kind = "capital_repair"
    pskov.save()
    account = sample_account("yugra", "8600220999")
    account.path = f"/cabinet/{make_link(owner, pskov, account).pk}/statement/"
    return account


def written(amount: Decimal) -> str:
    sign = "−" if amount < 0 else ""
    return f"{sign}{abs(amount):,.2f}".replace(",", " ").replace(".", ",")


def total_of(sums: dict[str, Decimal], opening: str, closing: str) -> list[str]:
    """The row «Итого» as it has to be, from sums that were taken straight from the table."""
    fact = sums["accrued"] + sums["recalculated"] - sums["quality_deduction"]
    figures = [sums["accrued"], sums["recalculated"], sums["acts"], fact]
    figures += [sums["paid"], sums["corrected"], sums["written_off"]]
    return ["Итого", opening, *map(written, figures), closing]


@pytest.mark.parametrize("mode", Mode.values)
def test_figure_28(owner_client, path, figure_28, mode):
    asked = {"since": "2023-12", "until": "2024-05", "debt": "principal", "mode": mode}
    rows = rows_of(owner_client.get(path, asked))
    assert rows[0][1:] == HEADINGS
    name = "май 2024 г." if mode == "general" else "Отопление жилых помещений"
    april, may = [row for row in rows if row[0] in (name, "апрель 2024 г.") and len(row) > 1][-2:]
    assert april[1:] == ["−2,60", "7,39", "0,00", "0,00", "7,39", "0,00", "0,00", "0,00", "4,79"]
    assert may[1:] == ["4,79", "0,00", "0,00", "0,00", "0,00", "1,00", "0,00", "0,00", "3,79"]
    period = {"period__gte": "2023-12-01", "period__lte": "2024-05-01"}
    assert rows[-1] == total_of(charge_sums(figure_28, **period), "−2,60", "3,79")
    shown = [row[0] for row in rows if len(row) == 1]
    months = [text for text in shown if text.startswith("май 2024 г.")]
    assert len(months) == int(mode != "general")
    assert (mode == "extended") == any("Платёж" in text and "1,00 ₽" in text for text in shown)


@pytest.mark.parametrize("mode", Mode.values)
@pytest.mark.parametrize(
    ("debt", "first", "last"), [("principal", "0,00", "947,66"), ("penalty", "0,00", "0,00")]
)
def test_the_fund(owner_client, fund, mode, debt, first, last):
    """All months of the fund's sample, to the kopeck."""
    asked = {"since": "", "until": "", "debt": debt, "mode": mode}
    rows = rows_of(owner_client.get(fund.path, asked))
    assert rows[-1] == total_of(charge_sums(fund, kind=debt), first, last)
    months = Charge.objects.filter(account=fund, kind=debt).values("period").distinct().count()
    assert sum(" г." in row[0] for row in rows) == months
    payments = fund.billing_payments.filter(kind="penalty" if debt == "penalty" else "")
    texts = [row[0] for row in rows if row[0].startswith("Платёж")]
    assert len(texts) == (payments.count() if mode == "extended" else 0)
    for payment in payments if texts else ():
        text = f"Платёж {payment.paid_on:%d.%m.%Y}: {written(payment.amount)} ₽, {payment.source}"
        assert text in texts


def test_the_page_at_first(owner_client, fund):
    """The last twelve months with charges, by service, of the principal; and where the section stands."""
    response = owner_client.get(fund.path)
    months = [row[0] for row in rows_of(response) if len(row) == 1]
    assert months[0].startswith("ноябрь 2025 г.") and months[-1].startswith("октябрь 2026 г.")
    assert len(months) == 12
    page = text_of(response)
    assert '<option value="detailed" selected>' in page
    assert '<option value="principal" selected>' in page
    assert "Выписка" in page.partition("<main")[0]


def test_a_gas_company_has_no_section_of_it(owner_client, path, figure_28):
    """It belongs to the charges, whose page leads here."""
    menu = text_of(owner_client.get(path)).partition("<body")[2].partition("<main")[0]
    assert "Выписка" not in menu
    (current,) = re.findall(r'<a[^>]*aria-current="page"[^>]*>', menu.partition("main-menu")[2])
    assert "/charges/" in current
    assert path in text_of(owner_client.get(path.replace("statement", "charges")))


def test_a_month_leads_to_the_bill_that_explains_it(owner_client, path, account):
    """The bill that was issued the month after; several kinds are several bills."""
    make_charge(account, datetime.date(2024, 3, 1), accrued="1.00")
    make_charge(account, datetime.date(2024, 4, 1), opening="1.00", accrued="7.39")
    make_charge(account, datetime.date(2024, 4, 1), bill_kind="ТО", service="upkeep", accrued="5")
    page = text_of(owner_client.get(path))
    start = path.replace("statement/", "bills/")
    march, april = (part.partition("</tr>")[0] for part in page.split("statement__month")[1:])
    assert re.findall(rf'href="({start}[^"]+)"', april) == [
        f"{start}2024-05/1.pdf",
        f"{start}2024-05/2.pdf",
    ]
    assert "Квитанция за май 2024 г., общая, PDF" in " ".join(april.split())
    assert re.findall(rf'href="({start}[^"]+)"', march)[0] == f"{start}2024-04/1.pdf"
    assert "Квитанция за апрель 2024 г." in " ".join(march.split())
    answer = owner_client.get(f"{start}2024-05/2.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert ".pdf" not in text_of(owner_client.get(path, {"mode": "general"}))


def test_several_services_with_one_that_has_ended(owner_client, path, account):
    """Lines are the month's row, side by side; what is owed of an old service stands in a line of its own."""
    month = datetime.date(2026, 5, 1)
    make_charge(account, datetime.date(2026, 4, 1), service="old", accrued="100.00")
    make_charge(account, month, opening="5.00", accrued="10.00", quality_deduction="1.50")
    make_charge(
        account,
        month,
        service="upkeep",
        service_name="Техобслуживание",
        bill_kind="ТО",
        recalculated="-3.00",
        recalculation_reason="не было газа 2 дня",
        acts="-2.00",
        corrected="7.00",
        written_off="0.40",
        paid="20.00",
    )
    rows = rows_of(owner_client.get(path, {"since": "2026-05", "mode": "extended"}))
    names = [row[0] for row in rows]
    assert "Услуги без начислений в этом месяце" in names
    assert "Техобслуживание (ТО)" in names and "Отопление жилых помещений (общая)" in names
    assert "Перерасчёт −3,00 ₽: не было газа 2 дня" in names
    month_sum = rows[names.index("Всего за месяц")]
    assert month_sum[1:] == [
        "105,00",
        "10,00",
        "−3,00",
        "−2,00",
        "5,50 без 1,50, снятых за качество",
        "20,00",
        "7,00",
        "0,40",
        "97,10",
    ]
    assert rows[-1][1:] == month_sum[1:]


def test_months_that_billing_has_not_joined(owner_client, path, account):
    """A month that opens with another sum than the one before closed with: said, not hidden."""
    make_charge(account, datetime.date(2026, 4, 1), accrued="10.00")
    make_charge(account, datetime.date(2026, 5, 1), opening="12.00", accrued="1.00")
    assert "Между месяцами компания изменила долг на 2,00 ₽" in text_of(owner_client.get(path))


def test_a_payment_in_a_month_without_charges(owner_client, path, account):
    make_charge(account, datetime.date(2026, 3, 1), accrued="10.00")
    make_charge(account, datetime.date(2026, 5, 1), opening="10.00", paid="4.00")
    account.billing_payments.create(
        payment_id="p", paid_on="2026-04-05", amount="4.00", source="Почта"
    )
    rows = rows_of(owner_client.get(path, {"mode": "extended"}))
    assert ["Платёж 05.04.2026: 4,00 ₽, Почта"] in rows
    assert ["апрель 2026 г."] in rows


@pytest.mark.parametrize(
    ("asked", "told", "stays"),
    [
        ({"since": "2026-13"}, "Укажите месяц и год, например 05.2026.", 'value="2026-13"'),
        ({"until": "'; --"}, "Укажите месяц и год, например 05.2026.", 'value="&#x27;; --"'),
        (
            {"since": "2026-05", "until": "2024-05"},
            "Конец периода раньше начала",
            'value="2026-05"',
        ),
        ({"mode": "'; --"}, "Выберите", ""),
        ({"debt": "x" * 3000}, "Выберите", ""),
    ],
)
def test_bad_input(owner_client, path, figure_28, asked, told, stays):
    response = owner_client.get(path, asked)
    page = text_of(response)
    assert response.status_code == 200
    assert page.count(told) >= 2 and stays in page  # in the summary and at the field
    assert "<table" not in page
    assert owner_client.get(f"{path}table.csv", asked).status_code == 404


def test_an_account_without_charges(owner_client, path):
    page = text_of(owner_client.get(path))
    assert "Начислений по этому лицевому счёту пока нет" in page
    assert owner_client.get(f"{path}table.csv").status_code == 200


def test_months_without_charges(owner_client, path, figure_28):
    page = text_of(owner_client.get(path, {"since": "1999-01", "until": "1999-12"}))
    assert "За эти месяцы начислений нет." in page
    assert "пени не начисляли" in text_of(owner_client.get(path, {"debt": "penalty"}))


@pytest.mark.parametrize("mode", Mode.values)
def test_files_have_what_the_page_shows(owner_client, fund, mode):
    asked = {"since": "2025-01", "until": "2026-10", "mode": mode}
    answer = owner_client.get(f"{fund.path}table.csv", asked)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    closing = table[0].index("Исх. сальдо, ₽")
    page = rows_of(owner_client.get(fund.path, asked))
    shown = [row[-1] for row in page[1:] if len(row) > 1]
    of_months = [row[closing] for row in table[1:] if row[closing]]
    assert [f"{Decimal(one.replace(',', '.')):.2f}" for one in of_months] == [
        one.replace(" ", "").replace(",", ".").replace("−", "-") for one in shown
    ]
    paid = [row[-2] for row in table[1:] if row[-2]] if mode == "extended" else []
    assert len(paid) == (8 if mode == "extended" else 0)
    book = load_workbook(
        io.BytesIO(owner_client.get(f"{fund.path}table.xlsx", asked).content), read_only=True
    )
    rows = [["" if cell is None else cell for cell in row] for row in book.active.values]
    assert [row[0] for row in rows] == [row[0] for row in table]
    assert rows[-1][0] == "Итого" and rows[-1][closing] == 947.66
    assert owner_client.get(f"{fund.path}table.pdf", asked).status_code == 404


def test_ten_years_take_no_more_queries(owner_client, path, account):
    months = [datetime.date(2016 + n // 12, n % 12 + 1, 1) for n in range(120)]

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner_client.get(path, {"since": "", "mode": "extended"})
        return len(queries)

    make_charge(account, months[0])
    queries()
    one = queries()
    Charge.objects.bulk_create(
        new_charge(account, month, kind=kind) for month in months[1:] for kind in Charge.Kind.values
    )
    assert queries() == one < 35


cents = st.integers(-(10**9), 10**9).map(lambda kopecks: f"{Decimal(kopecks) / 100:.2f}")
names = ("opening", "accrued", "recalculated", "quality_deduction", "corrected")
sums = st.fixed_dictionaries(dict.fromkeys((*names, "written_off", "paid"), cents))
charges = st.dictionaries(
    st.tuples(st.integers(1, 6), st.sampled_from(["heat", "upkeep"]), st.sampled_from(["a", "b"])),
    sums,
    min_size=1,
    max_size=8,
)


@given(charges, st.integers(1, 6), st.sampled_from(Mode.values))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_every_row_adds_up(account, made, since, mode):
    Charge.objects.filter(account=account).delete()
    Charge.objects.bulk_create(
        new_charge(account, datetime.date(2026, month, 1), service=code, bill_kind=bill, **given)
        for (month, code, bill), given in made.items()
    )
    first = datetime.date(2026, since, 1)
    found = statement_of(account, debt="principal", mode=Mode(mode), since=first, until=None)
    for month in found.months:
        assert month.sums.adds_up
        assert all(line.sums.adds_up for line in month.lines)
        for name in ("opening_balance", "actually_accrued", "paid", "closing_balance"):
            in_lines = sum(getattr(line.sums, name) for line in month.lines)
            assert mode == "general" or in_lines == getattr(month.sums, name)
    totals = found.totals
    assert totals.adds_up == (not found.between_months)
    straight = charge_sums(account, period__gte=first)
    assert {name: getattr(totals, name) for name in straight} == straight
