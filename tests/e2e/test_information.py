"""The account at a glance, and its sum counted anew without leaving the page."""

import datetime
import re
from decimal import Decimal

from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.accounts.models import Contract, Equipment
from tenants.models import GasCompany
from tests.e2e.conftest import assert_accessible
from tests.support.factories import PASSWORD, make_account, make_charge, make_link, make_subscriber

JUNE = datetime.date(2026, 6, 1)


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/cabinet/login/")
    page.get_by_label("Email").fill("nina@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Баланс")).to_be_visible()


def assert_first_screen(page: Page) -> None:
    """A low header; the sum, the field and its button above the menu under the thumb."""
    usual = page.viewport_size
    is_phone = usual["width"] == 360
    page.set_viewport_size({"width": usual["width"], "height": 740 if is_phone else 800})
    bottom = page.locator("header").bounding_box()
    assert bottom["height"] <= 120, bottom
    screen = page.locator(".tabbar").bounding_box()["y"] if is_phone else 800
    for place in (
        page.locator(".due__figure"),
        page.get_by_label("Введите показания счётчика"),
        page.get_by_role("button", name="Передать", exact=True),
    ):
        box = place.bounding_box()
        assert box["y"] + box["height"] <= screen, (place, box)
    page.set_viewport_size(usual)


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
    log_in(page, pskov_site)
    assert_accessible(page)
    assert_first_screen(page)

    header = page.locator("header")
    expect(header.get_by_text("3,79")).to_be_visible()
    with schema_context("pskov"):
        make_charge(account, JUNE, opening="3.79", accrued="10.00")
    header.get_by_role("link", name="Обновить расчёт").click()
    expect(header.get_by_text("13,79").first).to_be_visible()
    expect(header.get_by_role("status")).to_contain_text("сумма изменилась")
    header.get_by_role("link", name="Обновить расчёт").click()
    expect(header.get_by_role("status")).to_contain_text("изменений нет")
    assert_accessible(page)

    page.get_by_label("Введите показания счётчика").fill("1910")
    page.get_by_role("button", name="Передать", exact=True).click()
    expect(page).to_have_url(re.compile(r"/readings/\?sent="))


def test_bills_by_email_and_a_hidden_menu(page: Page, pskov_site: str) -> None:
    owner = make_subscriber("nina@mail.ru")
    company = GasCompany.objects.get(schema_name="pskov")
    with schema_context("pskov"):
        make_link(owner, company, make_account())
    log_in(page, pskov_site)
    page.get_by_role("button", name="Подписаться на квитанции по счёту 805107").click()
    page.get_by_role("dialog").get_by_role("button", name="Сохранить").click()
    said = "Квитанции по счёту 805107 будут приходить на nina@mail.ru"
    expect(page.get_by_text(said)).to_be_visible()
    switch = page.get_by_role("switch", name="Квитанция по email, лицевой счёт 805107")
    expect(switch).to_have_attribute("aria-checked", "true")
    assert_accessible(page)
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")

    hide = page.get_by_role("button", name="Скрыть главное меню")
    menu = page.locator("#main-menu")
    if page.viewport_size["width"] < 992:
        expect(hide).to_be_hidden()
        return
    hide.click()
    expect(menu).to_be_hidden()
    assert_accessible(page)
    page.reload()
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Показать главное меню").click()
    expect(menu).to_be_visible()
    page.reload()
    expect(menu).to_be_visible()
