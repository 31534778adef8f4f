"""An application for connection, from the site's page to its number, by a visitor with a telephone."""

import re

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.connection.models import ConnectionApplication
from tests.cabinet.connection.applying import code_sent, connection_on
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible
from tests.support.files import PDF


@pytest.fixture
def recipient(own_db, settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path
    with schema_context("pskov"):
        connection_on()


def go_on(page: Page) -> None:
    assert_accessible(page)
    page.get_by_role("button", name="Далее", exact=True).click()


@BY_TELEPHONE
def test_a_visitor_applies(page: Page, pskov_site, recipient) -> None:
    page.goto(f"{pskov_site}/connection/")
    assert_accessible(page)
    page.get_by_role("link", name="Подать заявку").click()
    expect(page.get_by_label("Фамилия, имя и отчество собственника")).to_be_hidden()
    page.get_by_label("Представитель собственника").check()
    expect(page.get_by_label("Фамилия, имя и отчество собственника")).to_be_visible()
    page.get_by_label("Собственник", exact=True).check()
    page.get_by_label("Ваши фамилия, имя и отчество").fill("Петров Пётр Петрович")
    page.get_by_label("Телефон").fill("8 911 222-33-44")
    page.get_by_label("Почтовый адрес").fill("180000, Псков, ул. Ленина, д. 1")
    page.get_by_label("Собственность, право записано в ЕГРН").check()
    page.get_by_label("Я не робот").fill("human")
    go_on(page)
    page.get_by_label("Жилой дом").check()
    page.get_by_label("Адрес объекта").fill("д. Писковичи, ул. Новая, д. 5")
    page.get_by_label("Да", exact=True).check()
    page.get_by_label("Кадастровый номер участка").fill("6O 27 0140102 45")
    go_on(page)
    boiler = page.get_by_role("group", name="Оборудование 1")
    boiler.get_by_label("Что подключить").select_option(label="Котёл отопления")
    boiler.get_by_label("Расход одной").fill("24")
    # Kilowatts are seen in the place of m³/h, and the number moves when the page is sent.
    expect(page.get_by_text("2,81 м³/ч")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("link", name=re.compile("похоже на мощность"))).to_be_visible()
    expect(page.get_by_label("Мощность одной").first).to_have_value("24")
    go_on(page)
    plan = page.get_by_label("Ситуационный план")
    plan.set_input_files(
        [
            {"name": "план.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "план.heic", "mimeType": "image/heic", "buffer": b"x"},
        ]
    )
    expect(page.get_by_role("button", name="Убрать файл план.pdf")).to_be_visible()
    expect(page.get_by_text("«план.heic» не приложен.")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("heading", name="Чего не хватает")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Документы").first.click()
    page.get_by_label("Документ о праве на участок или дом").set_input_files(
        {"name": "егрн.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.get_by_role("button", name="Убрать файл егрн.pdf")).to_be_visible()
    go_on(page)
    expect(page.get_by_text("60:27:0140102:45")).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert_accessible(page)
    page.get_by_role("button", name="Получить код и отправить").click()
    expect(page.get_by_text("+7 911 222-33-44")).to_be_visible()
    assert_accessible(page)
    with schema_context("pskov"):
        code = code_sent()
    page.get_by_label("Код из СМС").fill(code)
    page.get_by_role("button", name="Отправить заявку").click()
    page.wait_for_url(re.compile(r"/connection/applications/\d{9}/"))
    with schema_context("pskov"):
        assert ConnectionApplication.objects.get().number in page.url
