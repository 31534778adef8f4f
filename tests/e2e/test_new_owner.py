"""An account whose surname billing has changed: closed to who had it, until a proof."""

from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.support.factories import PASSWORD, make_account, make_link, make_subscriber, make_tariff


@IN_BOTH_WIDTHS
def test_proof_again(page: Page, pskov_site: str) -> None:
    pskov = GasCompany.objects.get(schema_name="pskov")
    with in_company(pskov):
        account = make_account()
        make_tariff()
        make_link(make_subscriber("owner@mail.ru"), pskov, account)
        PersonalAccount.objects.update(last_name="Боброва")
        AccountLink.objects.update(unconfirmed_since=timezone.now())
    page.goto(f"{pskov_site}/cabinet/login/")
    page.get_by_label("Email").first.fill("owner@mail.ru")
    page.get_by_label("Пароль").first.fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()

    expect(page.get_by_role("heading", name="Подтвердите лицевой счёт")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("ФИО владельца").fill("ОЕГ")
    page.get_by_label("Номер счётчика").first.check()
    page.get_by_label("Номер счётчика").last.fill("07416852")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Ответы не подошли")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("ФИО владельца").fill("БЕГ")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Лицевой счёт 805107 подтверждён")).to_be_visible()
    with schema_context("public"):
        assert AccountLink.objects.get().unconfirmed_since is None
