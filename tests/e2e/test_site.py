"""The pages of a company's site in a browser: readable by everyone at any width."""

import re

import pytest
from playwright.sync_api import Page, expect

from devtools.demo.data.companies import COMPANIES
from devtools.demo.site.load import site_sample_load
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_from_the_home_page_to_what_one_looks_for(page: Page, pskov_site: str) -> None:
    site_sample_load(COMPANIES[0])
    usual = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{pskov_site}/")
    for what in (".tile--main", ".tile[href='/cabinet/']", ".alarm a"):
        box = page.locator(what).bounding_box()
        assert box and box["y"] + box["height"] <= 740, what
    assert_accessible(page)
    page.set_viewport_size(usual)
    is_phone = usual["width"] == 360
    menu = page.locator(".site-menu summary")
    assert page.locator("header").bounding_box()["height"] <= (120 if is_phone else 130)
    if is_phone:
        menu.click()
        assert_accessible(page)
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Безопасность").first.click()
    expect(page.get_by_text("Перекройте кран")).to_be_visible()
    assert_accessible(page)
    # All that a page has begins where the header begins.
    left = {round(page.locator(one).first.bounding_box()["x"]) for one in (".logo", "h1")}
    assert len(left) == 1, left
    page.get_by_text("Как узнать настоящего мастера").click()
    expect(page.get_by_text("удостоверение с фотографией")).to_be_visible()

    if is_phone:
        menu.click()
        page.get_by_label("Поиск по сайту").fill("тарифами")
        page.locator("header").get_by_role("button", name="Найти").click()
    else:
        page.get_by_role("link", name="Поиск").click()
        page.get_by_label("Что найти").fill("тарифами")
        page.locator("main").get_by_role("button", name="Найти").click()
    assert_accessible(page)
    page.get_by_role("link", name="Тарифы на газ", exact=True).first.click()
    expect(page.get_by_text("9,934255").first).to_be_visible()
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_the_other_kinds_of_pages(page: Page, pskov_site: str, settings) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    site_sample_load(COMPANIES[0])
    addresses = ("novosti/", "dokumenty/soglasie/", "rukovodstvo/", "kontakty/", "poverka/")
    for address in addresses:
        page.goto(f"{pskov_site}/{address}")
        assert_accessible(page)
    page.goto(f"{pskov_site}/kontakty/napisat/")
    page.get_by_label("Как к вам обращаться").fill("Нина")
    page.get_by_label("Я не робот").check()
    expect(page.get_by_text("Готово")).to_be_visible()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Проверьте, пожалуйста")).to_be_visible()
    expect(page.get_by_text("повторять её не нужно")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Электронная почта").fill("nina@mail.ru")
    page.get_by_label("Тема").select_option("Другое")
    page.get_by_label("Ваше сообщение").fill("Когда откроется касса?")
    page.get_by_label("согласие на обработку").check()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text(re.compile(r"Обращение №\s\d+ принято"))).to_be_visible()
    assert_accessible(page)
