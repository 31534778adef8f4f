"""The main path: registration → link → reading, and the one without registration."""

import re

from django_tenants.utils import schema_context
from playwright.sync_api import Locator, Page, expect

from cabinet.meters.models import Reading
from portal.messaging.models import Message
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.support.documents import publish
from tests.support.factories import PASSWORD, make_account, make_tariff


def test_registration_link_reading(page: Page, pskov_site: str, settings) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    with schema_context("pskov"):
        make_account()
        make_tariff()
    page.goto(f"{pskov_site}/")
    assert_accessible(page)
    page.get_by_role("link", name="Войти", exact=True).click()
    assert_accessible(page)
    page.get_by_role("link", name="Регистрация").click()
    page.get_by_label("Email").fill("nina@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Даю согласие").check()
    page.get_by_label("ознакомлен").check()
    page.get_by_label("Я не робот").check()
    expect(page.get_by_text("Готово")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_role("heading", name="Подтвердите адрес электронной почты")).to_be_visible()
    assert_accessible(page)

    with schema_context("pskov"):
        letter = Message.objects.get().text or ""
        publish("consent", "<p>Новая редакция.</p>")  # else linking would ask for no consent again
    page.goto(re.search(r"http\S+/confirm/\S+/", letter)[0])
    assert_accessible(page)
    page.get_by_role("button", name="Подтвердить").click()

    link_by_the_manual(page)
    expect(page.get_by_role("heading", name="Информация")).to_be_visible()
    assert_accessible(page)
    page.locator("nav:visible").get_by_role("link", name="Показания").click()

    field = page.get_by_label("Введите показания счётчика")
    expect(field).to_be_visible()
    assert_accessible(page)
    on_the_first_screen(page, field, page.get_by_role("button", name="Передать"))
    field.fill("01905")
    expect(page.get_by_text("36,96")).to_be_visible()  # 5 m³ at 7.391 ₽, half up
    page.get_by_role("button", name="Передать").dblclick()
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    assert_accessible(page)
    with schema_context("pskov"):
        assert [r.value for r in Reading.objects.filter(origin="portal")] == [1905]


def link_by_the_manual(page: Page) -> None:
    """Add account 805107 as manual 1, 2.1.5.1.1 says, with «Далее» after each step."""
    go_on = page.get_by_role("button", name="Далее")
    answers = [
        ("Регион", lambda field: field.select_option("Псковская область")),
        ("Номер лицевого счёта", lambda field: field.fill("805107")),
        ("Первые буквы ФИО", lambda field: field.fill("оег")),
        ("Номер счётчика", lambda choice: choice.check()),
        ("Даю согласие на обработку персональных данных", lambda box: box.check()),
    ]
    for number, (label, answer) in enumerate(answers, start=1):
        expect(page.get_by_text(f"Шаг {number} из 5", exact=True)).to_be_visible()
        field = page.get_by_label(label, exact=label == "Номер счётчика").first
        on_the_first_screen(page, field, go_on)
        answer(field)
        if label == "Номер счётчика":
            page.get_by_role("textbox", name="Номер счётчика").fill("07416852")
        assert_accessible(page)
        if number == 3:
            page.go_back()
            expect(page.get_by_label("Номер лицевого счёта")).to_have_value("805107")
            page.go_forward()
            page.get_by_label("Первые буквы ФИО").fill("оег")
        go_on.click()


@IN_BOTH_WIDTHS
def test_without_registration(page: Page, pskov_site: str) -> None:
    with schema_context("pskov"):
        make_account()
    page.goto(f"{pskov_site}/guest/readings/")
    assert_accessible(page)
    page.get_by_label("Номер лицевого счёта").fill("805107")
    page.get_by_label("ФИО").fill("АБВ")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_text("Не нашли лицевой счёт").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("ФИО").fill("ОЕГ")
    page.get_by_role("button", name="Найти").click()
    field = page.get_by_label("Введите показания счётчика")
    field.fill("12")
    assert_accessible(page)
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text("Новое показание меньше прошлого")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Введите показания счётчика").fill("1905")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    assert_accessible(page)


def on_the_first_screen(page: Page, *parts: Locator) -> None:
    """Of a cheap telephone with its browser's bars, and of a small notebook."""
    phone = page.viewport_size["width"] == 360
    for part in parts:
        place = part.bounding_box()
        assert place["y"] + place["height"] <= (640 if phone else 800), part


def words(page: Page) -> int:
    """Count what stands in the page's main part before anything is opened."""
    return page.locator("main").evaluate(
        "main => [...main.querySelectorAll('*')]"
        ".filter(one => one.checkVisibility() && !one.closest('.visually-hidden, select'))"
        ".flatMap(one => [...one.childNodes]).filter(one => one.nodeType === 3)"
        ".map(one => one.data).join(' ').split(/\\s+/).filter(Boolean).length"
    )


def test_a_person_of_seventy_sends_a_reading(page: Page, pskov_site: str) -> None:
    """Four clicks, under 150 words, and each page's work on its first screen."""
    with schema_context("pskov"):
        make_account()
    page.goto(f"{pskov_site}/")
    page.get_by_role("link", name="Передать показания").first.click()
    look_up = page.get_by_role("button", name="Найти")
    on_the_first_screen(page, look_up)
    read = words(page)
    expect(page.get_by_label("Номер лицевого счёта")).to_be_focused()
    page.keyboard.type("805107")
    page.get_by_label("ФИО").click()
    page.keyboard.type("оег")
    look_up.click()
    field = page.get_by_label("Введите показания счётчика")
    expect(field).to_be_focused()
    send = page.get_by_role("button", name="Передать")
    place = send.bounding_box()
    on_the_first_screen(page, field, send)
    read += words(page)
    page.keyboard.type("190555")
    expect(page.get_by_text("У этого счётчика пять чёрных цифр")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.get_by_text("У этого счётчика пять чёрных цифр")).to_be_hidden()
    expect(page.locator(".dial__zeros")).to_have_text("0")
    expect(page.get_by_text("Расход: 5 м³")).to_be_visible()
    assert send.bounding_box() == place
    send.click()
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    assert 0 < read < 150, read
    page.reload()
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    page.get_by_role("link", name="Исправить показание").click()
    expect(field).to_have_value("")


def test_without_javascript(chromium, pskov_site: str) -> None:
    with schema_context("pskov"):
        make_account()
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{pskov_site}/guest/readings/")
    page.get_by_label("Номер лицевого счёта").fill("805107")
    page.get_by_label("ФИО").fill("ОЕГ")
    page.get_by_role("button", name="Найти").click()
    page.get_by_label("Введите показания счётчика").fill("1905")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    context.close()
