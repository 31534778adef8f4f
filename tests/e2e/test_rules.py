"""A company's administrator reads the rules of law that the portal works by."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from portal.staff.services import staff_create
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.support.browser import log_in
from tests.support.factories import PASSWORD


@IN_BOTH_WIDTHS
def test_an_administrator_reads_the_rules_behind_a_second_factor(
    page: Page, pskov_site: str
) -> None:
    with schema_context("pskov"):
        boss = staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])
        device = TOTPDevice.objects.create(user=boss, name="test", confirmed=True)
    log_in(page, pskov_site, "boss")
    page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")
    page.goto(f"{pskov_site}/admin/rules/")
    expect(page.get_by_text("Ключевая ставка Банка России")).to_be_visible(timeout=30_000)
    assert_accessible(page)
