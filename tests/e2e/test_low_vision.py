"""The version for weak sight in a browser: every choice is readable and fits the screen."""

import re

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cms_pages.low_vision import CHOICES
from cms_pages.models import UrgentNotice
from tests.cms_pages.conftest import make_centre
from tests.e2e.conftest import BY_TELEPHONE, IN_BOTH_WIDTHS, assert_accessible


@pytest.fixture
def site(pskov_site: str) -> str:
    with schema_context("pskov"):
        make_centre(services="Договор", latitude="57.8129", longitude="28.3076")
        UrgentNotice.objects.create(title="Авария на газопроводе", severity="danger")
        UrgentNotice.objects.create(title="Плановые работы", text="Завтра.")
    return pskov_site


@IN_BOTH_WIDTHS
def test_one_press_and_every_choice(page: Page, site: str) -> None:
    address = f"{site}/service-centres/"
    page.goto(address)
    assert_accessible(page)
    page.get_by_role("link", name="Версия для слабовидящих").click()
    expect(page).to_have_url(address)
    assert_accessible(page)
    for name, values in CHOICES.items():
        for value, label in values.items():
            page.get_by_text("Настроить вид").click()
            page.get_by_role("link", name=label, exact=True).click()
            expect(page).to_have_url(address)
            expect(page.locator("html")).to_have_class(re.compile(f"low-vision--{name}-{value}"))
            assert_accessible(page)
    # The last of each: the largest letters, the widest spaces, no pictures.
    for path in ("/", "/service-centres/pskov/", "/guest/readings/", "/cabinet/login/"):
        page.goto(f"{site}{path}")
        assert_accessible(page)
        expect(page.locator("svg").first).to_have_css("width", "1px")
    page.get_by_role("link", name="Обычная версия").click()
    expect(page.locator("html")).not_to_have_class(re.compile("low-vision"))


@BY_TELEPHONE
def test_a_company_cannot_colour_it(page: Page, site: str) -> None:
    """Its own colours come in a style sheet that is loaded later."""
    page.goto(f"{site}/low-vision/?colours=dark&next=/")
    expect(page.get_by_role("link", name="Обычная версия")).to_have_css("color", "rgb(255, 255, 0)")
    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")


@IN_BOTH_WIDTHS
def test_the_card_of_a_centre(page: Page, site: str) -> None:
    page.goto(f"{site}/service-centres/")
    page.get_by_role("link", name="Псковский", exact=True).click()
    expect(page.get_by_role("heading", name="Псковский")).to_be_visible()
    expect(page.get_by_text("Последняя суббота месяца")).to_be_visible()
    expect(page.get_by_role("link", name="Показать на карте")).to_have_attribute(
        "href", re.compile("yandex.ru/maps")
    )
    assert_accessible(page)
