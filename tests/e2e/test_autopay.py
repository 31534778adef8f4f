"""«Автоплатёж»: connected by 1 ₽ at the bank's page, and switched off by one button (manual 1, 2.2.3.1)."""

import datetime

import pytest
from playwright.sync_api import Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import AutoPayment
from cabinet.payments.tasks import payment_look
from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible
from tests.e2e.test_payment import at_the_bank, open_section
from tests.support.autopay import billed, make_run
from tests.support.paying import requisites_set
from tests.support.payment_sandbox import card


@pytest.fixture
def shop(owner: Subscriber, payment_sandbox, shop_set_up, monkeypatch) -> None:
    shop_set_up("pskov")
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        requisites_set()
        billed(PersonalAccount.objects.get(), "2026-10", "194.39")
    # No worker runs here: a page that waits asks the provider itself.
    monkeypatch.setattr(
        "cabinet.payments.result.outcome.enqueue_on_commit", lambda _task, pk: payment_look(pk)
    )


@BY_TELEPHONE
def test_from_connecting_to_switching_off(page: Page, pskov_site: str, shop) -> None:
    open_section(page, pskov_site)
    block = page.get_by_role("region", name="Автоплатёж")
    expect(block).to_contain_text("Отключить можно в любой момент")
    assert_accessible(page)
    block.get_by_role("link", name="Подключить").click()

    expect(page.get_by_text("Проверьте номер подключаемого лицевого счёта")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("805107")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Подключить").click()

    connect = page.get_by_role("button", name="Подключить")
    expect(page.get_by_text("Статус услуги: Отключена")).to_be_visible()
    expect(page.get_by_text("больше всего было к оплате 194,39")).to_be_visible()
    page.get_by_label("Лимит").fill("1 500")
    connect.click()
    expect(page.get_by_role("link", name="Выберите день платежа")).to_be_visible()
    expect(page.get_by_label("Лимит")).to_have_value("1 500")
    assert_accessible(page)
    page.get_by_label("День платежа").select_option("10")
    expect(page.get_by_label("Электронная почта")).to_have_value("owner@mail.ru")
    page.get_by_label("Подтверждаю подключение услуги «Автоплатёж»").check()
    connect.click()

    at_the_bank(page, card("good"))
    page.get_by_role("link", name="Вернуться в магазин").click()
    expect(page.get_by_text("Оплачено 1,00")).to_be_visible()
    page.get_by_role("link", name="Открыть автоплатёж").click()
    expect(page.get_by_text("Статус услуги: Включена")).to_be_visible()
    expect(page.get_by_text("не больше 1 500,00 ₽ за раз")).to_be_visible()
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        autopay = AutoPayment.objects.get()
        make_run(autopay, datetime.date(2026, 11, 10), outcome="limit", amount="1600.00")
    page.reload()
    expect(page.get_by_role("heading", name="Автоматические платежи")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("День платежа").select_option("Когда появится квитанция")
    assert_accessible(page)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("на следующий день после новой квитанции")).to_be_visible()
    page.get_by_role("button", name="Отключить").click()
    expect(page.get_by_text("Автоплатёж отключён")).to_be_visible()
    assert_accessible(page)
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        autopay.refresh_from_db()
        assert (autopay.state, autopay.method_id) == ("off", None)
