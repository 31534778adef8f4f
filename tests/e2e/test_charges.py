"""Charges and payments in a browser: from the balance to a month, a search, a period, a bill."""

import datetime
import re
from decimal import Decimal

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors import NotYetIncluded
from cabinet.billing.selectors import balance as balances
from portal.formats.dates import month_after
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible, owner_log_in
from tests.support.factories import make_charge

MAY = datetime.date(2024, 5, 1)


@pytest.fixture
def charged(owner, monkeypatch) -> None:
    """Figures 28 and 29, and two years after them with all that a row may consist of."""
    with schema_context("pskov"):
        account = PersonalAccount.objects.get()
        make_charge(
            account, month_after(MAY, -1), opening="-2.60", accrued="7.39", volume=Decimal(1)
        )
        make_charge(account, MAY, opening="4.79", paid="1.00", volume=Decimal(0))
        owed = Decimal("3.79")
        for number in range(2, 30):
            charge = make_charge(
                account,
                month_after(MAY, number),
                opening=str(owed),
                accrued="12345.67",
                recalculated="-100",
                acts="-100",
                recalculation_reason="Неисправность прибора учёта, акт проверки",
                quality_deduction="2.17",
                corrected="-5",
                written_off="10",
                paid="12000",
                volume=Decimal("1234.5"),
            )
            make_charge(account, month_after(MAY, number), kind="penalty", accrued="3.07")
            make_charge(
                account, month_after(MAY, number), service="to", bill_kind="техобслуживание"
            )
            owed = charge.closing_balance
        for day, amount in (("2023-05-11", "1111.10"), ("2024-05-03", "1.00")):
            BillingPayment.objects.create(
                payment_id=day, account=account, paid_on=day, amount=amount, source="личный кабинет"
            )
    waiting = NotYetIncluded(datetime.date(2026, 11, 20), Decimal(100), Decimal(0))
    monkeypatch.setattr(
        balances, "PAYMENT_READERS", [lambda accounts: {key: [waiting] for key in accounts}]
    )


def test_from_the_balance_to_a_month_and_a_payment(
    page: Page, pskov_site: str, charged: None
) -> None:
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": 740 if width == 360 else 800})
    owner_log_in(page, pskov_site)
    balance = page.get_by_role("region", name="Баланс")
    balance.get_by_role("link", name="История начислений").click()
    expect(page.get_by_role("heading", name="За период 10.2025 – 10.2026")).to_be_visible()
    assert_accessible(page)
    card = page.get_by_role("region", name="За период").bounding_box()
    table = page.locator(".sums").bounding_box()
    assert table["x"] + table["width"] < card["x"] + card["width"]
    # No sum is broken over lines, whatever stands beside it.
    heights = page.locator(".sums__value").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert max(heights) < 30, max(heights)

    page.get_by_label("Введите параметры для поиска").fill("май 24")
    page.get_by_role("button", name="Найти").click()
    row = page.get_by_role("row", name="Май 2024")
    expect(row).to_contain_text("4,79")
    expect(row).to_contain_text("1,00")
    expect(row).to_contain_text("3,79")
    page.get_by_label("Введите параметры для поиска").fill("'; --")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("alert")).to_contain_text("Введите месяц и год")
    expect(page.get_by_label("Введите параметры для поиска")).to_have_value("'; --")
    assert_accessible(page)

    page.get_by_role("link", name="Всё время").click()
    expect(page.get_by_text("Страница 1 из 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Начислено и оплачено")).to_be_visible()
    assert_accessible(page)
    page.get_by_text("Указать другой период").click()
    page.get_by_label("С месяца").fill("2024-06")
    page.get_by_label("По месяц").fill("2024-05")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("alert")).to_contain_text("Конец периода раньше начала")
    assert_accessible(page)

    page.get_by_role("link", name="История платежей").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("ещё не учтён компанией")
    page.get_by_label("Введите параметры для поиска").fill("1111")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("row").nth(1)).to_contain_text(re.compile("11.05.2023.*1.111,10", re.S))
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_for_weak_sight_every_month_is_a_card(page: Page, pskov_site: str, charged: None) -> None:
    """The largest letters, the widest spaces, in the dark: at any width, nothing scrolls sideways."""
    owner_log_in(page, pskov_site)
    page.get_by_role("region", name="Баланс").get_by_role("link", name="История начислений").click()
    path = page.evaluate("location.pathname")
    page.goto(f"{pskov_site}/low-vision/?size=largest&colours=dark&spacing=widest&next={path}")
    expect(page.get_by_role("row", name="Октябрь 2026")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="История платежей").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("ещё не учтён компанией")
    assert_accessible(page)
