"""Manual 2, section 3.4.2: «Выписка» and «Справка», and the clerk who checks the paper."""

import re

from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.statements.models import Certificate
from cabinet.subscribers.models import Subscriber
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible, owner_log_in
from tests.support.samples import sample_account


@IN_BOTH_WIDTHS
def test_from_the_statement_to_the_check(page: Page, pskov_site: str, owner: Subscriber) -> None:
    with schema_context("pskov"):
        sample_account("pskov", "805107")
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/{owner.account_links.get().pk}/statement/")
    for mode in ("Общая", "Расширенная", "Детальная"):
        page.get_by_label("С месяца").fill("2023-12")
        page.get_by_label("По месяц").fill("2024-05")
        page.get_by_label("Режим").select_option(label=mode)
        page.get_by_role("button", name="Показать").click()
        expect(page.get_by_label("Режим").locator("option:checked")).to_have_text(mode)
        expect(page.get_by_role("row", name=re.compile("^Итого")).first).to_be_visible()
        assert_accessible(page)
    page.get_by_role("button", name="Справка").click()
    expect(page.get_by_text("готова. Скачайте её ниже")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("справка № С-000001")).click()
    assert re.fullmatch(r"spravka-000001-20\d\d\.pdf", download.value.suggested_filename)
    with schema_context("pskov"):
        code = Certificate.objects.get().code
    page.goto(f"{pskov_site}/certificates/")
    page.get_by_label("Код проверки").fill("7K3M-9XQ2-B4TD")
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_text("В коде 16 букв и цифр").first).to_be_visible()
    assert page.get_by_label("Код проверки").input_value() == "7K3M-9XQ2-B4TD"
    assert_accessible(page)
    page.get_by_label("Код проверки").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_text("Справка выдана нами")).to_be_visible()
    expect(page.get_by_text("Елена Григорьевна О.")).to_be_visible()
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_a_month_that_is_none(page: Page, pskov_site: str, owner: Subscriber) -> None:
    with schema_context("pskov"):
        sample_account("pskov", "805107")
    owner_log_in(page, pskov_site)
    start = f"{pskov_site}/cabinet/{owner.account_links.get().pk}/statement/"
    page.goto(f"{start}?since=2026-13&until=2024-05")
    expect(page.get_by_label("С месяца")).to_have_value("2026-13")
    assert_accessible(page)
    page.get_by_role("link", name="Укажите месяц и год").click()
    expect(page.get_by_label("С месяца")).to_be_focused()
