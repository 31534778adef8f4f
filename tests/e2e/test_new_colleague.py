"""An administrator sets up his second factor and invites; the invited comes in and writes."""

import re

import zxingcpp
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from PIL import Image
from playwright.sync_api import Page, expect

from portal.messaging.models import Message
from portal.staff.services import staff_create
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.support.browser import log_in
from tests.support.factories import PASSWORD


@IN_BOTH_WIDTHS
def test_invitation_and_second_factor(page: Page, pskov_site: str, tmp_path) -> None:
    with schema_context("pskov"):
        staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])
    log_in(page, pskov_site, "boss")
    expect(page.get_by_role("heading", name="Настройте второй фактор")).to_be_visible()
    assert_accessible(page)
    picture = tmp_path / "qr.png"
    page.get_by_alt_text("QR-код для приложения").screenshot(path=picture)
    scanned = zxingcpp.read_barcode(Image.open(picture))
    assert scanned and scanned.text.startswith("otpauth://totp/")
    with schema_context("pskov"):
        key = TOTPDevice.objects.get().bin_key
    page.get_by_label("Код").fill("000000")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Код не подошёл").locator("visible=true")).to_be_visible()
    assert_accessible(page)
    page.wait_for_timeout(1100)  # a wrong code costs a second
    page.get_by_label("Код").fill(f"{totp(key):06d}")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", name="Сохраните резервные коды")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Продолжить").click()

    page.goto(f"{pskov_site}/admin/staff/")
    page.get_by_role("link", name="Пригласить").click()
    page.get_by_label("Электронная почта").fill("anna@mail.ru")
    page.get_by_label("Редактор").check()
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_text("Приглашение отправлено на anna@mail.ru")).to_be_visible()
    assert_accessible(page)
    for path in (
        "audit/auditentry/",
        "staff/logins/",
        "staff/sessions/",
        "staff/second-factor/roles/",
    ):
        page.goto(f"{pskov_site}/admin/{path}")
        assert_accessible(page)
    with schema_context("pskov"):
        letter = Message.objects.get(kind="staff_invitation").text or ""

    page.context.clear_cookies()
    page.goto(re.search(r"http\S+/staff/invitation/\S+/", letter)[0])
    assert_accessible(page)
    page.get_by_label("Фамилия").fill("Кузьмина")
    page.get_by_label("Имя", exact=True).fill("Анна")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Принять приглашение").click()
    expect(page.get_by_text("Готово. Войдите")).to_be_visible()
    log_in(page, pskov_site, "anna@mail.ru")
    expect(page).to_have_url(f"{pskov_site}/admin/")
