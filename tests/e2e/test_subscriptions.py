"""Manual 1, section 2.1.5.2 (figures 22, 23), and manual 2, 3.7.1.1 and 3.8.4, as they are written."""

import re

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, Page, expect

from cabinet.notifications.models import SmsNumber
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.models import Subscription
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.e2e.conftest import assert_accessible, owner_log_in

TAB = "/cabinet/settings/subscriptions/"


@pytest.fixture
def narrow(page: Page) -> Page:
    page.set_viewport_size({"width": 360, "height": 740})
    return page


def last_text(kind: str) -> str:
    with schema_context("pskov"):
        return Message.objects.filter(kind=kind).latest("created_at").text or ""


def bills_go_to() -> str | None:
    with schema_context("pskov"):
        subscription = Subscription.objects.select_related("address").get(kind="bill")
        return subscription.address.address if subscription.address else None


def test_bills_by_mail(narrow: Page, pskov_site: str, owner: Subscriber) -> None:
    """Figure 22: press the switch; figure 23: the window with the account's address, «Сохранить»."""
    page = narrow
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/")
    page.get_by_role("link", name="Подписки").click()
    block = page.get_by_role("region", name="Рассылка по email")
    switch = block.get_by_role("switch")
    expect(switch).not_to_be_checked()
    assert_accessible(page)
    switch.click()
    window = page.get_by_role("dialog")
    field = window.get_by_label("Электронная почта")
    expect(field).to_have_value("owner@mail.ru")
    assert_accessible(page)
    window.get_by_role("button", name="Сохранить").click()
    expect(switch).to_be_checked()
    expect(block.get_by_text("Присылаем на owner@mail.ru")).to_be_visible()
    assert bills_go_to() is None
    # Another address is confirmed by a letter.
    block.get_by_role("link", name="Изменить адрес").click()
    field.fill("daughter@mail.ru")
    window.get_by_role("button", name="Сохранить").click()
    expect(block.get_by_text("ждёт подтверждения")).to_be_visible()
    assert_accessible(page)
    page.context.clear_cookies()  # the letter is read elsewhere
    page.goto(re.search(r"http\S+/", last_text("mail_address"))[0])
    assert_accessible(page)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Адрес подтверждён")).to_be_visible()
    assert bills_go_to() == "daughter@mail.ru"


def test_sms(narrow: Page, pskov_site: str, owner: Subscriber) -> None:
    """«Добавить телефон», «Редактировать», the switch, «Удалить»."""
    page = narrow
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}{TAB}")
    block = page.get_by_role("region", name="Рассылка по смс")
    window = page.get_by_role("dialog")
    block.get_by_role("link", name="Добавить телефон").click()
    window.get_by_label("Номер телефона").fill("8 911 123-45-67")
    assert_accessible(page)
    window.get_by_role("button", name="Добавить").click()
    _type_code(page)
    switch = block.get_by_role("switch", name="СМС на номер +7 911 123-45-67")
    expect(switch).to_be_checked()
    assert_accessible(page)
    block.get_by_role("link", name="Редактировать").click()
    window.get_by_label("Номер телефона").fill("8 921 765-43-21")
    window.get_by_role("button", name="Сохранить").click()
    _type_code(page)
    switch = block.get_by_role("switch", name="СМС на номер +7 921 765-43-21")
    switch.click()
    expect(switch).not_to_be_checked()
    switch.click()
    expect(switch).to_be_checked()
    block.get_by_role("link", name="Удалить").click()
    assert_accessible(page)
    window.get_by_role("button", name="Да").click()
    expect(switch).to_have_count(0)
    with schema_context("pskov"):
        assert not SmsNumber.objects.exists()


def _type_code(page: Page) -> None:
    expect(page.get_by_role("heading", name="Код из СМС")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Код из СМС").fill(last_text("phone_code").split(" — ")[0])
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", name="Настройки")).to_be_visible()


def test_without_scripts(chromium: Browser, pskov_site: str, owner: Subscriber) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}{TAB}")
    page.get_by_role("region", name="Рассылка по email").get_by_role("switch").click()
    expect(page.get_by_role("heading", name="Квитанции по электронной почте")).to_be_visible()
    page.get_by_role("button", name="Сохранить").click()
    block = page.get_by_role("region", name="Рассылка по email")
    expect(block.get_by_role("switch")).to_be_checked()
    page.get_by_role("link", name="Добавить телефон").click()
    expect(page.get_by_role("heading", name="Добавить телефон")).to_be_visible()
    context.close()


def test_in_the_words_of_the_fund(narrow: Page, pskov_site: str, owner: Subscriber) -> None:
    """Manual 2, 3.7.1.1 and 3.8.4: «Подписаться» of the news leads to «Настройки»."""
    with schema_context("pskov"):
        GasCompany.objects.filter(schema_name="pskov").update(kind="capital_repair")
    page = narrow
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/")
    page.get_by_role("link", name="Подписаться").click()
    block = page.get_by_role("region", name="Получение квитанций по электронной почте")
    block.get_by_role("button", name="Подписаться").click()
    page.get_by_role("dialog").get_by_role("button", name="Сохранить").click()
    expect(block.get_by_text("Присылаем на owner@mail.ru")).to_be_visible()
    assert_accessible(page)
    block.get_by_role("button", name="Отписаться").click()
    expect(block.get_by_role("button", name="Подписаться")).to_be_visible()
