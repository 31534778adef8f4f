"""From nothing to a live site in the browser, and into it; then out for good."""

import re
import threading
import time

import pytest
from django.db import connections
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from portal.messaging.models import Message
from portal.staff.services import staff_create
from tenants.models import ProvisioningRun
from tenants.runs.services import run_execute
from tests.e2e.conftest import AT_A_DESK, assert_accessible
from tests.support.factories import BASE_HOST, PASSWORD

BOSS = "boss@tver.ru"
NAME = "ООО «Газпром межрегионгаз Тверь»"


@pytest.fixture
def worker_thread(own_db):
    """In the place of Celery's worker: takes what is queued."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            for run in ProvisioningRun.objects.filter(state="queued"):
                time.sleep(1)  # so that the waiting page is seen
                run_execute(run_id=run.pk)
            stop.wait(0.2)
        connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@AT_A_DESK
def test_open_enter_suspend_delete(page: Page, port: int, worker_thread, settings) -> None:
    central = staff_create(username="central", password=PASSWORD, superuser=True)
    device = TOTPDevice.objects.create(user=central, name="test", confirmed=True)
    base = f"http://{BASE_HOST}:{port}"
    page.goto(f"{base}/admin/login/")
    page.locator("[name=username]").fill("central")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")

    page.goto(f"{base}/admin/tenants/gascompany/create/")
    page.get_by_label("Название").fill(NAME)
    page.get_by_label("Новые регионы").fill("Тверская область")
    page.get_by_label("Имя схемы").fill("public")
    page.get_by_label("Адреса сайта").fill("tver.gas.localhost")
    page.get_by_label("Почта первого администратора").fill(BOSS)
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_text("служебные имена заняты")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Имя схемы").fill("tver")
    page.get_by_role("button", name="Создать").click()

    expect(page.get_by_text("Страница обновляется сама")).to_be_visible()
    ready = page.get_by_role("link", name="Открыть компанию")
    expect(ready).to_be_visible(timeout=60_000)  # by itself
    assert_accessible(page)
    ready.click()
    expect(page.get_by_role("link", name="Войти в компанию")).to_be_visible()
    assert_accessible(page)

    office = page.url
    accept_as_administrator(page)
    page.goto(office)
    page.get_by_role("link", name="Войти в компанию").click()
    page.wait_for_url(f"http://tver.gas.localhost:{port}/admin/")
    page.goto(f"http://tver.gas.localhost:{port}/")
    expect(page.get_by_text("Тверь").first).to_be_visible()
    page.goto(f"http://tver.gas.localhost:{port}/admin/staff/")
    assert_accessible(page)
    page.get_by_role("button", name="Вернуться в центральный офис").click()
    page.wait_for_url(office)  # by itself
    page.get_by_role("button", name="Приостановить").click()
    expect(page.get_by_text("Сайт закрыт", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Удалить").click()
    expect(page.get_by_role("button", name="Удалить навсегда")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Название компании").fill("Тверь")
    page.get_by_role("button", name="Удалить навсегда").click()
    expect(page.get_by_text("Название не совпадает")).to_be_visible()
    page.get_by_label("Название компании").fill(NAME)
    page.get_by_role("button", name="Удалить навсегда").click()
    expect(page.get_by_text(f"Компания «{NAME}» удалена.")).to_be_visible()
    page.goto(f"{base}/admin/tenants/fleet/")
    assert_accessible(page)


def accept_as_administrator(page: Page) -> None:
    """By the letter that the opening ended with; in a browser of his own."""
    with schema_context("tver"):
        letter = Message.objects.get(kind="staff_invitation").text or ""
    context = page.context.browser.new_context(viewport=page.viewport_size, locale="ru-RU")
    his = context.new_page()
    his.goto(re.search(r"http\S+/staff/invitation/\S+/", letter)[0])
    his.get_by_label("Фамилия").fill("Тверской")
    his.get_by_label("Имя", exact=True).fill("Олег")
    his.get_by_label("Пароль", exact=True).fill(PASSWORD)
    his.get_by_role("button", name="Принять приглашение").click()
    expect(his.get_by_text("Готово. Войдите")).to_be_visible()
    his.locator("[name=username]").fill(BOSS)
    his.locator("[name=password]").fill(PASSWORD)
    his.get_by_role("button", name="Войти").click()
    with schema_context("tver"):
        key = TOTPDevice.objects.get(user__username=BOSS).bin_key
    his.get_by_label("Код").fill(f"{totp(key):06d}")
    his.get_by_role("button", name="Подтвердить").click()
    his.get_by_role("link", name="Продолжить").click()
    expect(his.get_by_role("heading", name="С чего начать")).to_be_visible()
    expect(his.get_by_role("link", name="Укажите реквизиты компании")).to_be_visible()
    assert_accessible(his)
    context.close()
