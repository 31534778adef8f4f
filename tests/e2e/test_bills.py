"""«Квитанции» in a browser: a year, the window over the list, the file, and all of it without scripts."""

import datetime
from decimal import Decimal

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink, Subscriber
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible, owner_log_in
from tests.support.factories import make_charge

APRIL, MAY = datetime.date(2024, 4, 1), datetime.date(2024, 5, 1)


@pytest.fixture
def bills(owner: Subscriber, pskov_site: str) -> str:
    """The manual's bills, one of another kind in May, and one of another year."""
    with schema_context("pskov"):
        account = PersonalAccount.objects.get()
        make_charge(account, datetime.date(2022, 1, 1), accrued="1.00")
        tariff = Decimal("7.391")
        make_charge(account, APRIL, opening="-2.60", accrued="7.39", tariff=tariff, volume=1)
        make_charge(account, MAY, opening="4.79", paid="1.00", tariff=tariff, volume=0)
        make_charge(account, MAY, opening="43.50", service="to", bill_kind="Договор ТО")
        make_charge(account, MAY, kind="penalty", opening="0.07")
    return f"{pskov_site}/cabinet/{AccountLink.objects.get().pk}/bills/"


@IN_BOTH_WIDTHS
def test_a_year_its_window_and_the_file(page: Page, pskov_site: str, bills: str) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{bills}?year=2024")
    assert_accessible(page)
    page.locator("summary", has_text="2024").click()
    expect(page.get_by_role("link", name="2022", exact=True)).to_be_visible()
    assert_accessible(page)

    opener = page.get_by_role("link", name="Детализация начислений за май 2024 г., № 1")
    opener.click()
    window = page.get_by_role("dialog")
    expect(window.get_by_role("heading")).to_have_text("Расшифровка начислений за май 2024 г.")
    expect(window).to_contain_text("3,79")
    assert_accessible(page)
    window.get_by_role("link", name="Закрыть").click()
    expect(window).to_have_count(0)
    expect(opener).to_be_focused()

    with page.expect_download() as download:
        name = "Загрузить квитанцию за апрель 2024 г."
        page.get_by_role("link", name=name, exact=True).click()
    assert download.value.suggested_filename == "Квитанция 805107 за апрель 2024.pdf"

    page.get_by_role("link", name="Раньше, 2022 год").click()
    expect(page).to_have_url(f"{bills}?year=2022")


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts(chromium: Browser, pskov_site: str, bills: str, width: int) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    owner_log_in(page, pskov_site)
    page.goto(f"{bills}?year=2024")
    page.get_by_role("link", name="Детализация начислений за май 2024 г., № 2").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("№ 2 (Договор ТО)")
    expect(page.get_by_role("table")).to_contain_text("43,50")
    page.get_by_role("link", name="Закрыть").click()
    expect(page).to_have_url(f"{bills}?year=2024")
    page.locator("summary", has_text="2024").click()
    page.get_by_role("link", name="2022", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(3)
    context.close()
