"""Manual 1, section 2.1.4.2 and figure 35: the button «Уведомления», and what stands behind it."""

from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.max.models import MaxChat
from cabinet.notifications.models import SmsNumber
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible, owner_log_in
from tests.support.factories import make_account, make_link


def is_too_wide(page: Page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@IN_BOTH_WIDTHS
def test_a_reading_rings_the_bell(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    bell = page.get_by_role("link", name="Уведомления", exact=True)
    expect(bell).to_be_visible()
    page.goto(f"{pskov_site}/cabinet/{owner.account_links.get().pk}/readings/")
    page.locator("input[name^=value_]").fill("1905")
    page.get_by_role("button", name="Передать").first.click()
    expect(page.get_by_text("Номер квитанции о приёме").first).to_be_visible()
    rung = page.get_by_role("link", name="Уведомления, 1 непрочитанное")
    expect(rung).to_be_visible()
    assert not is_too_wide(page)
    novgorod = GasCompany.objects.get(schema_name="novgorod")
    with in_company(novgorod):
        make_link(owner, novgorod, make_account("510080"))
        for _ in range(2):
            notify(Notice(owner, "security", "Пароль изменён", ""))
    page.reload()
    page.get_by_role("link", name="Уведомления, 3 непрочитанных").click()
    expect(page.get_by_text("новое", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Уведомления, 2 непрочитанных")).to_be_visible()
    assert_accessible(page)
    assert not is_too_wide(page)
    page.get_by_role("link", name="Ещё 2 непрочитанных").click()
    expect(page.get_by_role("heading", name="Уведомления")).to_be_visible()
    expect(page.get_by_text("Пароль изменён")).to_have_count(2)
    expect(bell).to_be_visible()
    assert page.url.endswith("/cabinet/notifications/")
    page.goto(f"{pskov_site}/cabinet/notifications/")
    page.get_by_role("link", name="Показания приняты").click()
    expect(page.get_by_role("heading", name="Квитанция о приёме показаний")).to_be_visible()


@IN_BOTH_WIDTHS
def test_how_to_be_told(page: Page, pskov_site: str, owner: Subscriber) -> None:
    with schema_context("pskov"):
        SmsNumber.objects.create(
            subscriber_id=owner.pk, number="+79110000007", confirmed_at=owner.created_at
        )
        MaxChat.objects.create(
            subscriber_id=owner.pk, user_id=7, name="Елена О.", created_at=owner.created_at
        )
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/subscriptions/")
    page.get_by_role("link", name="Выбрать, как сообщать").click()
    assert_accessible(page)
    assert not is_too_wide(page)
    kind = page.get_by_role("group", name="Показания приняты")
    expect(kind.get_by_label("Письмо")).to_be_checked()
    kind.get_by_label("Письмо").uncheck()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Так и будем сообщать")).to_be_visible()
    expect(kind.get_by_label("Письмо")).not_to_be_checked()
