"""The account at a glance, and its sum counted anew without leaving the page."""

import datetime
from decimal import Decimal

from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.accounts.models import Contract, Equipment
from tenants.models import GasCompany
from tests.e2e.conftest import assert_accessible
from tests.factories import PASSWORD, make_account, make_charge, make_link, make_subscriber

JUNE = datetime.date(2026, 6, 1)


def test_the_page_and_its_sum(page: Page, pskov_site: str) -> None:
    owner = make_subscriber("nina@mail.ru")
    company = GasCompany.objects.get(schema_name="pskov")
    with schema_context("pskov"):
        account = make_account(area_m2=Decimal("54.3"), living=2)
        make_charge(account, datetime.date(2026, 5, 1), opening="4.79", paid="1.00")
        Equipment.objects.create(account=account, equipment_id="1", name="ПГ-4", kind="Плита")
        Contract.objects.create(
            account=account, number="12", kind="Поставка", company="ООО «Псков»", starts_on=JUNE
        )
        make_link(owner, company, account)
    page.goto(f"{pskov_site}/cabinet/login/")
    page.get_by_label("Email").fill("nina@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Баланс")).to_be_visible()
    assert_accessible(page)

    header = page.locator("header")
    expect(header.get_by_text("3,79")).to_be_visible()
    with schema_context("pskov"):
        make_charge(account, JUNE, opening="3.79", accrued="10.00")
    header.get_by_role("link", name="Обновить расчёт").click()
    expect(header.get_by_text("13,79").first).to_be_visible()
    expect(header.get_by_role("status")).to_contain_text("Расчёт обновлён")
    assert_accessible(page)
