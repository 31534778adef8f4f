"""The operators' desk in the browser: a package by hand, its errors, the confirmation; a key; the page."""

import threading
from pathlib import Path

import pytest
from django.db import connections
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.exchange.queue import queue_drain
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import AT_A_DESK, IN_BOTH_WIDTHS, assert_accessible
from tests.exchange.api import make_zip
from tests.exchange.builder import COMPANY, KIM, OSIPOVA, accounts
from tests.support.browser import log_in
from tests.support.factories import PASSWORD


@pytest.fixture
def worker_thread(own_db):
    """In the place of Celery's worker: takes what is queued."""
    stop = threading.Event()
    company = GasCompany.objects.get(schema_name="pskov")

    def work() -> None:
        while not stop.is_set():
            with in_company(company):
                queue_drain(company)
            stop.wait(0.5)
        connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


def send(page: Page, path: Path, *, rejects: bool = False) -> None:
    page.get_by_role("link", name="Загрузить пакет").click()
    page.get_by_label("Пакет").set_input_files(path)
    if rejects:
        page.get_by_label("Загрузить годные строки").check()
    page.get_by_role("button", name="Загрузить").click()


@AT_A_DESK
def test_the_operators_day(
    page: Page, pskov_site: str, worker_thread, tmp_path: Path, settings
) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"
    with schema_context("pskov"):
        staff_create(username="operator", password=PASSWORD, groups=["Operators"])
    log_in(page, pskov_site, "operator")
    expect(page.get_by_text("Ни один пакет ещё не загружен")).to_be_visible()
    assert_accessible(page)

    page.goto(f"{pskov_site}/admin/exchange/")
    page.get_by_role("link", name="Загрузить пакет").click()
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_text("Выберите файл пакета.")).to_be_visible()
    assert_accessible(page)

    page.goto(f"{pskov_site}/admin/exchange/")
    content = COMPANY | accounts(OSIPOVA, KIM, KIM.replace("806233", "9").replace("2021", "20Z1"))
    send(page, make_zip(tmp_path, content, name="first"), rejects=True)
    expect(page.get_by_text("Отклонено строк: 1")).to_be_visible()  # by itself
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать отклонённые строки").click()
    assert "20Z1" in Path(download.value.path()).read_text()
    assert_accessible(page)

    page.get_by_role("link", name="Все пакеты").click()
    send(page, make_zip(tmp_path, accounts(KIM), name="half", mode="full"))
    expect(page.get_by_role("heading", name="Разрешить закрытие счетов?")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{pskov_site}/admin/")
    expect(page.get_by_text("Не загрузилось пакетов: 1")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="half").click()
    page.get_by_label("Проверено: счетов 1 из 2").check()
    page.get_by_role("button", name="Закрыть счета и загрузить").click()
    expect(page.get_by_text("Что изменилось")).to_be_visible()
    assert_accessible(page)

    page.goto(f"{pskov_site}/admin/exchange/")
    assert_accessible(page)
    page.get_by_role("link", name="Выгрузка").click()
    expect(page.get_by_role("rowheader", name="Показания")).to_be_visible()
    assert_accessible(page)
    look_at_an_account(page, pskov_site)


TABS = (
    *("Показания", "Начисления", "Платежи", "Квитанции", "Обращения", "Приём", "Привязки"),
    *("Сообщения", "Ошибки биллинга"),
)


def look_at_an_account(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Что известно о счёте").fill("806-233")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("heading", name="Найденные счета")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="806233").click()
    page.get_by_label("Зачем открываете?").fill("звонок абонента")
    assert_accessible(page)
    page.get_by_role("button", name="Открыть счёт").click()
    tabs = page.get_by_role("navigation", name="Разделы лицевого счёта")
    for name in (*TABS, "Информация"):
        tabs.get_by_role("link", name=name).click()
        expect(tabs.locator("[aria-current]")).to_have_text(name)
        assert_accessible(page)


@IN_BOTH_WIDTHS
def test_a_key_and_the_page_for_programmers(page: Page, pskov_site: str) -> None:
    with schema_context("pskov"):
        boss = staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])
        device = TOTPDevice.objects.create(user=boss, name="test", confirmed=True)
    log_in(page, pskov_site, "boss")
    page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")
    page.goto(f"{pskov_site}/admin/exchange/keys/")
    assert_accessible(page)
    page.get_by_role("link", name="Создать ключ").click()
    page.get_by_role("button", name="Создать ключ").click()
    expect(page.get_by_text("Отметьте хотя бы одно право.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Название").fill("1С:Расчёты")
    page.get_by_label("забирать показания").check()
    page.get_by_role("button", name="Создать ключ").click()
    token = page.locator("#key").inner_text()
    assert token.startswith("pskov.")
    assert_accessible(page)
    page.get_by_role("link", name="Ключ сохранён").click()
    page.get_by_role("link", name="Отозвать ключ: 1С:Расчёты").click()
    assert_accessible(page)
    page.get_by_role("button", name="Отозвать ключ").click()
    expect(page.get_by_text("отозван: с ним портал больше не отвечает")).to_be_visible()
    page.reload()  # Wagtail's message comes in slowly, and pale
    expect(page.get_by_text("Отозван")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{pskov_site}/api/exchange/v1/")
    expect(page.get_by_role("heading", name="Забрать показания")).to_be_visible()
    assert_accessible(page)
