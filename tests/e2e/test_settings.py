"""Manual 1, sections 2.1.4.1, 2.1.5, 2.1.5.2, and manual 2, section 3.8, as they are written."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, Page, expect

from cabinet.subscribers.entry.recovery import recovery_answer
from cabinet.subscribers.models import PersonJob, RecoveryRequest, Subscriber
from cabinet.subscribers.personal_data import jobs
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.e2e.conftest import (
    ARGUMENTS,
    BY_TELEPHONE,
    CHROMIUM,
    IN_BOTH_WIDTHS,
    assert_accessible,
    owner_log_in,
)
from tests.support.documents import publish
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    agree,
    make_account,
    make_link,
)

NEW = "новый-огонь-горит-2"


def letter(kind: str) -> str:
    for schema in ("pskov", "public"):
        with schema_context(schema):
            found = Message.objects.filter(kind=kind).order_by("-created_at").first()
            if found:
                return found.text or ""
    raise AssertionError(kind)


def link_in(kind: str) -> str:
    return re.search(r"http\S+/", letter(kind))[0]


def open_menu(page: Page) -> None:
    page.locator("summary.account__summary").click()


def link_thirty(owner: Subscriber) -> None:
    """The account that is open is the oldest, so the others stand below it."""
    for number in range(29):
        with schema_context("pskov"):
            account = make_account(f"9001{number:02}")
        make_link(owner, GasCompany.objects.get(schema_name="pskov"), account)


@BY_TELEPHONE
def test_a_lost_password_is_recovered_by_email(
    page: Page, pskov_site: str, owner: Subscriber, settings
) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    Subscriber.objects.update(phone="+79111234567", phone_since=timezone.now())
    page.goto(f"{pskov_site}/cabinet/recover/")
    expect(page.get_by_role("heading", name="Восстановление пароля")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="восстановить пароль по номеру телефона").click()
    expect(page.get_by_label("Номер телефона")).to_be_visible()
    page.get_by_role("link", name="восстановить пароль по Email").click()
    page.locator("input[name=email]").fill("owner@mail.ru")
    page.get_by_label("Я не робот").check()
    expect(page.get_by_text("Готово")).to_be_visible()
    page.get_by_role("button", name="Восстановить").click()
    expect(page.get_by_role("heading", name="Проверьте почту")).to_be_visible()
    assert_accessible(page)

    with schema_context("pskov"):
        recovery_answer(request_id=RecoveryRequest.objects.get().pk)
    temporary = re.search(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b", letter("temporary_password"))[0]
    page.get_by_role("link", name="Войти в Личный кабинет").click()
    page.locator("input[name=email]").fill("owner@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(temporary)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Придумайте новый пароль")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_label("Повторите новый пароль").fill(NEW)
    page.get_by_label("Это мой номер телефона: +7 911 123-45-67").check()
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_text("Пароль изменён")).to_be_visible()
    expect(page.locator("summary.account__summary")).to_be_visible()
    assert Subscriber.objects.get().phone == "+79111234567"


def test_the_menu_and_the_settings(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    open_menu(page)
    for words in ("805107", "Управление", "Мои обращения", "Настройки", "Выйти"):
        expect(page.locator(".account__panel").get_by_text(words).first).to_be_visible()
    assert_accessible(page)
    link_thirty(owner)
    size = page.viewport_size
    assert size
    ways = page.locator(".account__actions li")
    for width, height in ((size["width"], size["height"]), (740, 360), (640, 400)):
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        open_menu(page)
        for number in range(4):
            expect(ways.nth(number)).to_be_in_viewport(ratio=1)
    expect(page.locator(".account__list [aria-current]")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Выйти")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Настройки").click()
    page.set_viewport_size(size)
    tabs = page.get_by_role("navigation", name="Разделы настроек")
    expect(tabs.get_by_role("link", name="Аккаунт")).to_have_attribute("aria-current", "page")
    assert_accessible(page)
    tabs.get_by_role("link", name="Подписки").click()
    expect(page.get_by_role("main").get_by_text("owner@mail.ru").first).to_be_visible()
    assert_accessible(page)
    tabs.get_by_role("link", name="Аккаунт").click()

    page.get_by_label("Текущий пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль", exact=True).fill("12345678")
    page.get_by_label("Повторите новый пароль").fill("12345678")
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_role("heading", name="Проверьте, пожалуйста")).to_be_visible()
    expect(page.locator("#password_new_password")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    page.get_by_label("Текущий пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_label("Повторите новый пароль").fill(NEW)
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_text("Пароль изменён")).to_be_visible()

    for name in ("Где выполнен вход", "Согласия", "Копия моих данных"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Настройки").first.click()


@BY_TELEPHONE
def test_a_telephone_is_added_by_a_code(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/")
    page.get_by_role("link", name="Указать номер").click()
    assert_accessible(page)
    page.get_by_label("Пароль от личного кабинета").fill(PASSWORD)
    page.get_by_label("Новый номер телефона").fill("8 (911) 234-56-78")
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_role("heading", name="Код из СМС")).to_be_visible()
    assert_accessible(page)
    code = re.search(r"\d{6}", letter("phone_code"))[0]
    page.get_by_label("Код из СМС").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Номер телефона подтверждён")).to_be_visible()


@BY_TELEPHONE
def test_deleting_and_thinking_better_of_it(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/")
    page.get_by_role("link", name="Удалить аккаунт").click()
    assert_accessible(page)
    page.get_by_label("Пароль от личного кабинета").fill(PASSWORD)
    page.get_by_role("button", name="Удалить аккаунт").click()
    expect(page.get_by_text("Личный кабинет будет удалён")).to_be_visible()
    assert_accessible(page)
    owner_log_in(page, pskov_site)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Личный кабинет будет удалён")
    assert_accessible(page)
    page.get_by_role("button", name="Отменить удаление").click()
    expect(page.get_by_text("Удаление отменено")).to_be_visible()


@BY_TELEPHONE
def test_a_copy_of_ones_data(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/data/")
    page.get_by_role("button", name="Собрать копию").click()
    expect(page.get_by_text("Собираем копию")).to_be_visible()
    assert_accessible(page)
    job = PersonJob.objects.get()
    assert jobs.person_job_run(job_id=job.pk)
    page.get_by_role("link", name="Обновить", exact=True).click()
    expect(page.get_by_text("Копия готова")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать").click()
    assert download.value.suggested_filename == "moi-dannye.zip"


def test_of_a_fund(page: Page, pskov_site: str, owner: Subscriber) -> None:
    GasCompany.objects.filter(schema_name="pskov").update(kind="capital_repair")
    owner_log_in(page, pskov_site)
    if page.viewport_size["width"] < 992:
        open_menu(page)
    page.get_by_role("link", name="Настройки").locator("visible=true").first.click()
    assert_accessible(page)
    page.get_by_label("Пароль от личного кабинета").fill(PASSWORD)
    page.get_by_label("Новый адрес").fill("new@mail.ru")
    page.get_by_role("button", name="Изменить").click()
    expect(page.get_by_text("Ждём подтверждения")).to_be_visible()
    assert_accessible(page)
    page.goto(link_in("email_change"))
    assert_accessible(page)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("почты изменён: new@mail.ru")).to_be_visible()

    page.get_by_label("Текущий пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_label("Подтвердите новый пароль").fill(NEW)
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page.get_by_text("Пароль изменён")).to_be_visible()

    if page.viewport_size["width"] < 992:
        open_menu(page)
    page.get_by_role("button", name="Выход").locator("visible=true").first.click()
    expect(page.get_by_role("button", name="Войти")).to_be_visible()

    page.goto(link_in("contact_change_warning"))
    assert_accessible(page)
    page.get_by_role("button", name="Остановить изменение").click()
    expect(page.get_by_role("heading", name="Изменение остановлено")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Получить новый пароль").click()
    expect(page.get_by_label("Лицевой счёт")).to_be_visible()
    expect(page.get_by_label("Электронная почта")).to_be_visible()
    assert_accessible(page)


@BY_TELEPHONE
def test_an_account_of_another_region(
    page: Page, pskov_site: str, port: int, owner: Subscriber, settings
) -> None:
    with schema_context("novgorod"):
        account = make_account("510080")
    make_link(owner, GasCompany.objects.get(schema_name="novgorod"), account)
    owner_log_in(page, pskov_site)
    open_menu(page)
    page.get_by_role("link", name="510080").click()
    expect(page.locator("summary.account__summary")).to_contain_text("510080")
    assert NOVGOROD_HOST in page.url

    # It is named there, and the account of the first region unlinked (2.1.5.1.2).
    open_menu(page)
    page.get_by_role("link", name="Управление").click()
    page.get_by_role("link", name=re.compile("азвание лицевого счёта 510080")).click()
    dialog = page.get_by_role("dialog", name="Название лицевого счёта 510080")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    assert_accessible(page)
    page.keyboard.type("Дача")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(page.locator("summary.account__summary")).to_contain_text("Дача")
    end = page.get_by_role("link", name=re.compile("Отвязать лицевой счёт 805107"))
    end.click()
    page.get_by_role("dialog").get_by_role("link", name="Нет").click()
    expect(end).to_be_focused()
    end.click()
    assert_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Да").click()
    expect(page.get_by_text("Лицевой счёт 805107 отвязан")).to_be_visible()
    expect(page.get_by_role("link", name="805107")).to_have_count(0)


@pytest.fixture
def remembering(chromium: Browser) -> Iterator[Page]:
    """A browser that keeps left pages whole, as people's do; Playwright's usually does not."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_page()
    page.set_default_timeout(15_000)
    yield page
    browser.close()


def test_the_back_button_after_logout(
    remembering: Page, pskov_site: str, owner: Subscriber
) -> None:
    page = remembering
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/")
    expect(page.get_by_role("main").get_by_text("owner@mail.ru").first).to_be_visible()
    open_menu(page)
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("button", name="Войти")).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("button", name="Войти")).to_be_visible()
        assert "owner@mail.ru" not in page.content() and "805107" not in page.content()


@IN_BOTH_WIDTHS
def test_reminders_and_a_new_wording(page: Page, pskov_site: str, owner: Subscriber) -> None:
    """«Подписки» has a switch an account; a new wording is asked for after the login, and can wait."""
    with schema_context("pskov"):
        agree(owner, GasCompany.objects.get(schema_name="pskov"))
        publish("consent", "<p>Новая редакция.</p>", number="2")
    owner_log_in(page, pskov_site)
    expect(page.get_by_role("heading", name="Документы обновились")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Сделать это позже").click()
    expect(page.get_by_role("heading", name="Документы обновились")).to_have_count(0)
    page.goto(f"{pskov_site}/cabinet/settings/subscriptions/")
    switch = page.get_by_role("switch", name="Напоминать о показаниях счёта 805107")
    expect(switch).not_to_be_checked()
    assert_accessible(page)
    switch.click()
    expect(page.get_by_text("Будем напоминать о показаниях счёта 805107")).to_be_visible()
    expect(switch).to_be_checked()
    assert_accessible(page)
