"""A central admin's week: a company is opened, entered, closed and reopened; the law is changed by two."""

import datetime
import re
import threading
import time
from collections.abc import Iterator

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
from tests.support.browser import log_in
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


def enter(page: Page, base: str, username: str) -> None:
    """Log a central admin in, with both factors."""
    person = staff_create(username=username, password=PASSWORD, superuser=True)
    device = TOTPDevice.objects.create(user=person, name="test", confirmed=True)
    log_in(page, base, username)
    page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")


@pytest.fixture
def colleague(page: Page, port: int) -> Iterator[Page]:
    """Another central admin, with a browser of his own."""
    context = page.context.browser.new_context(viewport=page.viewport_size, locale="ru-RU")
    context.set_default_timeout(15_000)
    his = context.new_page()
    enter(his, f"http://{BASE_HOST}:{port}", "second")
    yield his
    context.close()


@AT_A_DESK
def test_a_week(page: Page, port: int, worker_thread, colleague: Page) -> None:
    base = f"http://{BASE_HOST}:{port}"
    enter(page, base, "central")
    assert_accessible(page)
    change_the_law(page, colleague, base)
    disable_a_colleague(page, base)

    page.goto(f"{base}/admin/tenants/gascompany/create/")
    page.get_by_label("Название").fill(NAME)
    page.get_by_label("Тверская область").check()
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
    close_and_open(page)
    page.goto(f"{base}/admin/tenants/fleet/")
    assert_accessible(page)


def change_the_law(page: Page, colleague: Page, base: str) -> None:
    """He who proposes does not confirm."""
    page.goto(f"{base}/admin/legal/key_rate/new/")
    day = datetime.date.today() + datetime.timedelta(days=40)
    page.locator("[name=value]").fill("500")
    page.locator("[name=valid_from]").fill(day.isoformat())
    page.locator("[name=source]").fill("Банк России")
    page.get_by_role("button", name="Посмотреть, что изменится").click()
    expect(page.get_by_text("Проверьте отмеченные поля")).to_be_visible()
    assert_accessible(page)
    page.locator("[name=value]").fill("14,5")
    page.get_by_role("button", name="Посмотреть, что изменится").click()
    assert_accessible(page)
    page.get_by_role("button", name="Предложить").click()
    expect(page.get_by_text("Предложение записано")).to_be_visible()
    expect(page.get_by_role("link", name="Подтвердить", exact=True)).to_have_count(0)
    assert_accessible(page)
    colleague.goto(page.url)
    colleague.get_by_role("link", name="Подтвердить", exact=True).click()
    assert_accessible(colleague)
    colleague.get_by_role("button", name="Подтвердить").click()
    expect(colleague.get_by_text("Подтверждено, изменение сделано")).to_be_visible()
    colleague.goto(f"{base}/admin/legal/key_rate/")
    expect(colleague.get_by_text("14,5").first).to_be_visible()


def disable_a_colleague(page: Page, base: str) -> None:
    """After a question."""
    page.goto(f"{base}/admin/staff/")
    page.get_by_role("link", name="Отключить: second").click()
    assert_accessible(page)
    page.get_by_role("button", name="Отключить").click()
    expect(page.get_by_text("second (отключён)")).to_be_visible()
    assert_accessible(page)


def close_and_open(page: Page) -> None:
    """With a reason; what is not in an archive cannot be deleted."""
    page.get_by_role("button", name="Открыть для").click()
    expect(page.get_by_role("link", name="Приостановить")).to_have_count(0)
    assert_accessible(page)
    page.get_by_label("Почему открываете").fill("Опытная работа")
    page.get_by_role("button", name="Открыть для").click()
    page.get_by_role("link", name="Приостановить").click()
    page.get_by_role("button", name="Приостановить").click()
    expect(page.get_by_text("Напишите, почему компания приостановлена.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Причина").fill("Договор закончился")
    page.get_by_role("button", name="Приостановить").click()
    expect(page.get_by_text("Причина: Договор закончился")).to_be_visible()
    assert_accessible(page)
    office = page.url
    expect(page.get_by_role("link", name="Удалить…", exact=True)).to_have_count(0)
    page.goto(f"{office.replace('inspect/', '')}remove/")
    expect(page.get_by_role("link", name="Назад")).to_be_visible()
    assert_accessible(page)
    page.goto(office)
    page.get_by_role("button", name="Возобновить").click()
    expect(page.get_by_text("Компания возобновлена")).to_be_visible()


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
