"""A company connects its bot, a person links MAX with it, both in a browser."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.max.invitations import bot_started
from cabinet.max.models import MaxChat
from cabinet.subscribers.models import Subscriber
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible
from tests.support.browser import log_in
from tests.support.factories import PASSWORD
from tests.support.max_api import TOKEN, max_api


@BY_TELEPHONE
def test_max(page: Page, pskov_site: str, owner: Subscriber, settings) -> None:
    with schema_context("pskov"):
        boss = staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])
        device = TOTPDevice.objects.create(user=boss, name="test", confirmed=True)
    with max_api(settings):
        log_in(page, pskov_site, "boss")
        page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url("**/admin/")
        page.goto(f"{pskov_site}/admin/max-bot/")
        assert_accessible(page)
        page.get_by_label("Токен бота").fill(TOKEN)
        page.get_by_role("button", name="Подключить бота").click()
        expect(page.get_by_text("Бот «Газ Псков» подключён.")).to_be_visible()
        assert TOKEN not in page.content()
        assert_accessible(page)

        page.goto(f"{pskov_site}/cabinet/login/?next=/cabinet/settings/subscriptions/")
        page.locator("input[name=email]").fill(owner.email)
        page.get_by_label("Пароль", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Войти").click()
        page.get_by_role("link", name="Подключить MAX").click()
        assert_accessible(page)
        page.get_by_role("button", name="Подключить MAX").click()
        link = page.get_by_role("link", name="Открыть MAX").get_attribute("href")
        assert link.startswith("https://max.ru/gas_pskov_bot?start=")
        assert_accessible(page)
        with in_company(GasCompany.objects.get(schema_name="pskov")):
            bot_started(user_id=700, name="Елена Осипова", payload=link.partition("=")[2])
        # By itself, while the person looks on.
        expect(page.get_by_role("heading", name="Это вы?")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Да, это я").click()
        expect(page.get_by_text("MAX подключён.")).to_be_visible()
        assert_accessible(page)
        with schema_context("pskov"):
            assert MaxChat.objects.get().user_id == 700
        page.get_by_role("button", name="Отключить MAX").click()
        expect(page.get_by_text("MAX отключён.")).to_be_visible()
