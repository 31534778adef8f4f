"""Manual 1, sections 2.1.1, 2.1.3 and 2.1.4, word for word; what a browser adds to them."""

import re

import pytest
from django.core.management import call_command
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.accounts.applications.decisions import application_approve
from cabinet.accounts.models import Application
from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.support.factories import PASSWORD, make_account, make_subscriber

LIGHT = 100_000  # bytes over the wire, with everything that the page needs


def last_message() -> str:
    with schema_context("pskov"):
        return Message.objects.latest("created_at").text or ""


def tick_boxes(page: Page) -> None:
    page.get_by_label("Даю согласие").check()
    page.get_by_label("ознакомлен").check()
    page.get_by_label("Я не робот").check()
    expect(page.get_by_text("Готово")).to_be_visible()


@IN_BOTH_WIDTHS
def test_the_entry_page(page: Page, pskov_site: str) -> None:
    """Figure 1: the login, open by default; what needs no registration; documents to read."""
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_role("link", name="Вход", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    page.get_by_label("Email").focus()
    expect(page.get_by_label("Email")).to_have_css("outline-style", "solid")
    expect(page.get_by_role("heading", name="Без регистрации")).to_be_visible()
    aside = page.get_by_role("region", name="Без регистрации")
    expect(aside.get_by_role("link", name="Передать показания")).to_be_visible()
    for document in ("Согласие на обработку персональных данных", "Политика в отношении"):
        page.get_by_role("region", name="Документы").get_by_role(
            "link", name=re.compile(f"^{document}")
        ).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(document)
        assert_accessible(page)
        page.go_back()
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_registration_by_email(page: Page, pskov_site: str, settings) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    page.goto(f"{pskov_site}/cabinet/")
    page.get_by_role("link", name="Регистрация").click()
    page.get_by_label("Email").fill("nina.ivanova@mail.ru")
    password = page.get_by_label("Пароль", exact=True)
    length = page.get_by_text("Не короче 8 знаков")
    name = page.get_by_text("Без имени, адреса")
    password.fill("Ivanova")
    expect(length).not_to_have_class(re.compile("met"))
    password.fill("Ivanova-1990")
    expect(length).to_have_class(re.compile("met"))
    expect(name).not_to_have_class(re.compile("met"))
    password.fill(PASSWORD)
    expect(name).to_have_class(re.compile("met"))
    tick_boxes(page)
    assert_accessible(page)
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_role("heading", name="Информация")).to_be_visible()
    expect(page.get_by_text("Лицевой счёт не привязан")).to_be_visible()
    expect(page.get_by_text("nina.ivanova@mail.ru")).to_be_visible()
    again = page.get_by_role("button", name="Отправить ещё раз")
    expect(again).to_be_disabled()
    expect(page.get_by_text(re.compile(r"через 0:\d\d"))).to_be_visible()
    assert_accessible(page)

    page.goto(f"{pskov_site}/cabinet/accounts/")
    expect(page.get_by_text("откроется, когда вы подтвердите")).to_be_visible()

    link = re.search(r"http\S+/confirm/\S+/", last_message())[0]
    page.goto(link)
    assert_accessible(page)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("почты подтверждён")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Регистрация уже подтверждена")).to_be_visible()
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_registered_at_a_desk_and_confirmed_on_a_telephone(page: Page, pskov_site: str) -> None:
    page.goto(f"{pskov_site}/cabinet/register/")
    page.get_by_label("Email").fill("nina.ivanova@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Даю согласие").check()
    page.get_by_label("ознакомлен").check()
    page.get_by_label("Я не робот").fill("human")
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_role("heading", name="Информация")).to_be_visible()
    page.context.clear_cookies()
    page.goto(re.search(r"http\S+/confirm/\S+/", last_message())[0])
    assert_accessible(page)
    page.get_by_role("link", name="Задать новый пароль").click()
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Придумайте пароль.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Я помню пароль").click()
    page.get_by_label("Пароль, который вы придумали").fill(PASSWORD)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("почты подтверждён")).to_be_visible()
    expect(page.get_by_role("heading", name="Управление лицевыми счетами")).to_be_visible()


@IN_BOTH_WIDTHS
def test_registration_by_telephone(page: Page, pskov_site: str, settings) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    page.goto(f"{pskov_site}/cabinet/register/")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("link", name="регистрация по номеру телефона").click()
    expect(page.get_by_label("Номер телефона")).to_be_focused()
    expect(page.get_by_label("Пароль", exact=True)).to_have_value(PASSWORD)  # kept
    page.get_by_label("Номер телефона").fill("8 (911) 123-45-67")
    tick_boxes(page)
    assert_accessible(page)
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_role("heading", name="Информация")).to_be_visible()
    code = re.search(r"\d{3} \d{3}", last_message())[0]
    page.get_by_label("Код из СМС").fill("000 000" if code != "000 000" else "111 111")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Код не подошёл").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Код из СМС").fill(code)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Телефон подтверждён")).to_be_visible()
    assert Subscriber.objects.get().phone == "+79111234567"


@IN_BOTH_WIDTHS
@pytest.mark.parametrize("way", ["email", "phone"])
def test_a_wrong_password_is_said_and_the_right_one_logs_in(
    page: Page, pskov_site: str, way: str
) -> None:
    make_subscriber("owner@mail.ru", "+79111234567")
    page.goto(f"{pskov_site}/cabinet/login/")
    page.get_by_label("Email").fill("owner@mail.ru")
    if way == "phone":
        page.get_by_role("link", name="вход по номеру телефона").click()
        page.get_by_label("Номер телефона").fill("8 911 123-45-67")
    page.get_by_label("Пароль", exact=True).fill("не тот пароль")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_text("Ошибка авторизации.")).to_be_visible()
    assert_accessible(page)
    # Neither the way back nor a reload shows the browser's own error page.
    page.goto(f"{pskov_site}/cabinet/recover/")
    page.go_back()
    expect(page.get_by_role("link", name="Вход", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Ошибка авторизации.")).to_have_count(0)
    if way == "phone":
        page.get_by_role("link", name="вход по номеру телефона").click()
        page.get_by_label("Номер телефона").fill("8 911 123-45-67")
    else:
        page.get_by_label("Email").fill("owner@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Управление лицевыми счетами")).to_be_visible()


def test_without_scripts(chromium, pskov_site: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{pskov_site}/cabinet/login/?next=/cabinet/accounts/")
    page.get_by_role("link", name="Регистрация").click()
    page.get_by_role("link", name="регистрация по номеру телефона").click()
    page.get_by_label("Номер телефона").fill("+7 911 123 45 67")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    expect(page.get_by_text("Не короче 8 знаков")).to_be_visible()
    page.get_by_label("Даю согласие").check()
    page.get_by_label("ознакомлен").check()
    page.get_by_label("Я не робот").fill("human")
    page.get_by_role("button", name="Зарегистрироваться").click()
    page.get_by_label("Код из СМС").fill(re.search(r"\d{3} \d{3}", last_message())[0])
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Телефон подтверждён")).to_be_visible()
    context.close()


@pytest.fixture
def built(settings, tmp_path) -> None:
    """Styles and scripts as production serves them: hashed, compressed. Before the server starts."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.mark.parametrize("path", ["/cabinet/login/", "/cabinet/register/"])
def test_the_entry_page_is_light(built, chromium, pskov_site: str, path: str, settings) -> None:
    settings.CAPTCHA_PROVIDER = "altcha"
    page = chromium.new_context(
        viewport={"width": 360, "height": 740}, service_workers="block"
    ).new_page()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}
    wire.on(
        "Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]})
    )
    wire.on(
        "Network.loadingFinished",
        lambda e: sizes.update({names[e["requestId"]]: e["encodedDataLength"]}),
    )
    page.goto(f"{pskov_site}{path}", wait_until="networkidle")
    # A slow machine's pause looks like the end of it.
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.fonts.check('16px Onest')")
    assert any("portal." in name and name.endswith(".css") for name in sizes), sizes
    assert sum(sizes.values()) <= LIGHT, sizes
    page.context.close()


def test_registration_at_a_fund(page: Page, pskov_site: str) -> None:
    """Manual 2, sections 3.3.1 to 3.4.1, by somebody who has nothing yet."""
    GasCompany.objects.filter(schema_name="pskov").update(kind="capital_repair")
    with schema_context("pskov"):
        make_account()
    page.goto(f"{pskov_site}/cabinet/")
    assert_accessible(page)
    expect(page.get_by_role("link", name="Зарегистрироваться")).to_be_in_viewport()
    page.get_by_role("link", name="Зарегистрироваться").click()
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_text("Проверьте, пожалуйста")).to_be_visible()
    assert_accessible(page)
    for label, text in {
        "Адрес": "Псков, Рижский пр., 20, кв. 1",
        "Лицевой счёт": "805107",
        "Электронная почта": "nina.ivanova@mail.ru",
        "Фамилия": "Осипова",
        "Имя": "Елена",
        "Отчество": "Григорьевна",
        "Телефон": "8 (911) 123-45-67",
        "Номер документа": "КУВИ-001/2021",
        "Дата документа": "12.03.2015",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Тип документа").select_option("Выписка из росреестра")
    page.get_by_label("Даю согласие").check()
    page.get_by_label("ознакомлен").check()
    page.get_by_label("Я не робот").fill("human")
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_text("nina.ivanova@mail.ru")).to_be_visible()
    assert_accessible(page)
    page.goto(re.search(r"http\S+/confirm/\S+/", last_message())[0])
    assert_accessible(page)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ждёт оператора")
    assert_accessible(page)
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        application_approve(application=Application.objects.get(), operator=StaffUser(username="o"))
    page.goto(re.search(r"http\S+/password/\S+/", last_message())[0])
    assert_accessible(page)
    page.get_by_label("Новый пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Повторите новый пароль").fill(PASSWORD)
    page.get_by_role("button", name="Сохранить пароль").click()
    page.get_by_label("Email").fill("nina.ivanova@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Информация")).to_be_visible()
    expect(page.get_by_text("805107").locator("visible=true").first).to_be_visible()
