"""Paying with a card, with and without registration: to the bank's page and back (manuals 1 and 2)."""

import datetime
import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import Payment
from cabinet.payments.tasks import payment_look
from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible, owner_log_in
from tests.support.factories import make_charge
from tests.support.paying import requisites_set
from tests.support.payment_sandbox import card

APRIL = datetime.date(2024, 4, 1)


@pytest.fixture(autouse=True)
def asked_at_once(monkeypatch) -> None:
    """No worker runs here: a page that waits asks the provider itself."""
    monkeypatch.setattr(
        "cabinet.payments.result.outcome.enqueue_on_commit", lambda _task, pk: payment_look(pk)
    )


@pytest.fixture
def shop(owner: Subscriber, payment_sandbox, shop_set_up) -> None:
    """The owner owes 194.32 and a penalty of 0.07; the portal takes a commission of 15.00."""
    shop_set_up(
        "pskov",
        commission_collector="portal",
        commission_percent=Decimal("1.5"),
        commission_min=Decimal(15),
    )
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        requisites_set()
        account = PersonalAccount.objects.get()
        make_charge(account, APRIL, opening="0.00", accrued="194.32")
        make_charge(account, APRIL, kind="penalty", opening="0.00", accrued="0.07")


def open_section(page: Page, site: str) -> None:
    owner_log_in(page, site)
    page.get_by_role("link", name="Оплата", exact=True).locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="Оплата", exact=True)).to_be_visible()


def at_the_bank(page: Page, number: str) -> None:
    page.get_by_label("Номер карты").fill(number)
    page.get_by_label("Месяц").fill("12")
    page.get_by_label("Год").fill("30")
    page.get_by_label("CVC2/CVV2").fill("123")
    page.get_by_role("button", name="Оплатить").click()


def test_a_debt_is_paid_with_a_card(page: Page, pskov_site: str, shop, payment_sandbox) -> None:
    open_section(page, pskov_site)
    button = page.get_by_role("button", name="Перейти к оплате")
    expect(button).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("209,39 ₽").first).to_be_visible()
    assert_accessible(page)

    page.get_by_label("Сумма по услугам").fill("1 111,10")
    expect(page.get_by_text("1 127,84 ₽").first).to_be_visible()
    exempt = page.get_by_label("комиссию с меня не берут")
    exempt.check()
    expect(page.get_by_text("1 111,17 ₽").first).to_be_visible()
    exempt.uncheck()
    page.get_by_label("Сумма по услугам").fill("194,32")
    button.click()
    expect(page.get_by_text("отметьте «Подтверждаю параметры платежа»").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Получить чек на email").check()
    expect(page.get_by_label("Электронная почта")).to_have_value("owner@mail.ru")
    page.get_by_label("Подтверждаю параметры платежа").check()
    button.click()

    expect(page.get_by_text("209,39").first).to_be_visible()
    at_the_bank(page, card("good"))
    page.get_by_role("link", name="Вернуться в магазин").click()
    expect(
        page.get_by_text("Оплачено 209,39").or_(page.get_by_text("Оплачено 194,39"))
    ).to_be_visible()
    assert payment_sandbox.taken("pskov") == Decimal("209.39")

    open_section_again(page, pskov_site)
    expect(page.get_by_label("Сумма по услугам")).to_have_value("0,00")


def open_section_again(page: Page, site: str) -> None:
    page.goto(f"{site}/cabinet/")
    page.get_by_role("link", name="Оплата", exact=True).locator("visible=true").first.click()


@BY_TELEPHONE
def test_the_bank_is_left_by_otmena_and_by_the_way_back(
    page: Page, pskov_site: str, shop, payment_sandbox
) -> None:
    open_section(page, pskov_site)
    page.get_by_label("Подтверждаю параметры платежа").check()
    page.get_by_role("button", name="Перейти к оплате").click()
    expect(page.get_by_label("Номер карты")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Оплата", exact=True)).to_be_visible()
    open_section_again(page, pskov_site)
    expect(page.locator("main").get_by_text("194,39 ₽ обрабатывается")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Вернуться к этому платежу").click()
    page.get_by_role("link", name="Вернуться к оплате").click()
    page.get_by_role("button", name="Отмена").click()
    page.get_by_role("link", name="Вернуться в магазин").click()
    expect(page.get_by_text("Деньги не списаны").first).to_be_visible()
    assert payment_sandbox.taken("pskov") == 0
    open_section_again(page, pskov_site)
    expect(page.get_by_label("Сумма по услугам")).to_have_value("194,32")


@BY_TELEPHONE
def test_a_guest_of_a_gas_company(page: Page, pskov_site: str, shop, payment_sandbox) -> None:
    page.goto(f"{pskov_site}/cabinet/")
    page.get_by_role("region", name="Без регистрации").get_by_role("link", name="Оплатить").click()
    expect(page.get_by_role("heading", name="Оплата по лицевому счёту")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Номер лицевого счёта").fill("805107")
    page.get_by_label("ФИО").fill("АБВ")
    page.get_by_role("button", name="Проверить номер ЛС").click()
    expect(page.get_by_text("Не нашли лицевой счёт").first).to_be_visible()
    page.get_by_label("ФИО").fill("ОЕГ")
    page.get_by_role("button", name="Проверить номер ЛС").click()
    expect(page.get_by_role("button", name="Перейти к оплате")).to_be_in_viewport(ratio=1)
    assert_accessible(page)
    page.get_by_label("Подтверждаю параметры платежа").check()
    page.get_by_role("button", name="Перейти к оплате").click()
    at_the_bank(page, card("good"))
    page.get_by_role("link", name="Вернуться в магазин").click()
    expect(page.get_by_text(re.compile(r"Оплачено \d+,39"))).to_be_visible()
    assert payment_sandbox.taken("pskov") == Decimal("209.39")
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        assert Payment.objects.get().channel == "guest"


@BY_TELEPHONE
def test_a_guest_of_a_fund(page: Page, pskov_site: str, shop, payment_sandbox) -> None:
    """Manual 2, 3.2: the number alone; the sums are typed from the bill."""
    GasCompany.objects.filter(schema_name="pskov").update(kind="capital_repair")
    page.goto(f"{pskov_site}/guest/payment/")
    expect(page.get_by_role("heading", name="Оплата без регистрации")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Номер лицевого счёта").fill("805107")
    page.get_by_role("button", name="Оплатить услуги").click()
    expect(page.get_by_role("heading", name="Оплата услуг")).to_be_visible()
    page.get_by_label("Взнос на капитальный ремонт").fill("194,32")
    page.get_by_label("Пеня").fill("0,07")
    expect(page.get_by_text("209,39 ₽").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Подтверждаю параметры платежа").check()
    page.get_by_role("button", name="Оплатить", exact=True).click()
    at_the_bank(page, card("good"))
    page.get_by_role("link", name="Вернуться в магазин").click()
    expect(page.get_by_text(re.compile(r"Оплачено \d+,39"))).to_be_visible()
    assert payment_sandbox.taken("pskov") == Decimal("209.39")
