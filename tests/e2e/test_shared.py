"""Written once in the office; a draft here, live there; adapted, renewed, compared, kept and taken."""

import threading

import pytest
from django.db import connections
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, Page, expect

from cms_pages.shared.delivering import shared_deliver
from portal.staff.services import staff_create
from tenants.models import SharedDelivery
from tenants.schemas import in_company
from tests.e2e.conftest import AT_A_DESK, assert_accessible
from tests.support.browser import log_in
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, PSKOV_HOST


@pytest.fixture
def worker_thread(own_db, settings, tmp_path):
    """In the place of Celery's workers: delivers what waits."""
    settings.MEDIA_ROOT = tmp_path
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            waiting = SharedDelivery.objects.filter(state="waiting").select_related("company")
            for delivery in list(waiting):
                with in_company(delivery.company):
                    shared_deliver(delivery_id=delivery.pk)
            stop.wait(0.2)
        connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def editor_page(chromium: Browser, page: Page):
    """A second person with a browser of their own, of the same size."""
    context = chromium.new_context(viewport=page.viewport_size, locale="ru-RU")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def send(page: Page, *companies: str, publish: bool) -> None:
    page.get_by_label("отмеченным компаниям").check()
    group = page.get_by_role("group", name="Компании")
    for box in group.get_by_role("checkbox").all():
        box.uncheck()
    for company in companies:
        group.get_by_label(company).check()
    page.get_by_label("сразу опубликовать" if publish else "черновиком").check()
    page.get_by_role("button", name="Отправить").click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить", exact=True).first.click()


@AT_A_DESK
def test_a_text_written_once_reaches_all_companies(
    page: Page, editor_page: Page, port: int, worker_thread, settings
) -> None:
    base, pskov, novgorod = (
        f"http://{one}:{port}" for one in (BASE_HOST, PSKOV_HOST, NOVGOROD_HOST)
    )
    central = staff_create(username="central", password=PASSWORD, superuser=True)
    device = TOTPDevice.objects.create(user=central, name="test", confirmed=True)
    with schema_context("pskov"):
        staff_create(username="mod", password=PASSWORD, groups=["Moderators"])

    log_in(page, base, "central")
    page.get_by_label("Код").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")
    page.goto(f"{base}/admin/shared/add/")
    page.locator("[name=title]").fill("Запах газа")
    page.locator("[name=lead]").fill("Звоните 104 с любого телефона.")
    save(page)
    expect(page.get_by_text("Компании этот материал ещё не видят", exact=False)).to_be_visible(
        timeout=30_000
    )
    office = page.url
    page.goto(office)  # without Wagtail's own green message
    assert_accessible(page)

    send(page, "Псков", publish=True)
    expect(page.get_by_text("опубликована версия 1")).to_be_visible(timeout=30_000)  # by itself
    send(page, "Великий Новгород", publish=False)
    expect(page.get_by_text("версия 1 — черновик")).to_be_visible(timeout=30_000)
    page.goto(office)
    assert_accessible(page)

    editor_page.goto(f"{pskov}/novosti/zapakh-gaza/")
    expect(editor_page.get_by_role("heading", name="Запах газа")).to_be_visible(timeout=30_000)
    assert editor_page.goto(f"{novgorod}/novosti/zapakh-gaza/").status == 404

    log_in(editor_page, pskov, "mod")
    with schema_context("pskov"):
        number = SharedDelivery.objects.get(company__schema_name="pskov").page
    edit = f"{pskov}/admin/pages/{number}/edit/"
    editor_page.goto(edit)
    expect(editor_page.get_by_text("Эту страницу прислал центральный офис.")).to_be_visible(
        timeout=30_000
    )
    adapt(editor_page, "В Пскове звоните (8112) 59-50-50.")

    renew(page, office, "Звоните 104 или 112 с любого телефона.")
    expect(page.get_by_text("ждёт решения компании", exact=False)).to_be_visible(timeout=30_000)
    editor_page.goto(f"{pskov}/novosti/zapakh-gaza/")
    expect(editor_page.get_by_text("В Пскове звоните").first).to_be_visible(timeout=30_000)

    editor_page.goto(f"{pskov}/admin/")
    editor_page.get_by_role("link", name="Запах газа").first.click()
    editor_page.get_by_role("link", name="Сравнить с сайтом").click()
    expect(editor_page.get_by_text("или 112", exact=False)).to_be_visible(timeout=30_000)
    expect(editor_page.get_by_text("59-50-50", exact=False)).to_be_visible(timeout=30_000)
    editor_page.goto(edit)
    editor_page.get_by_role("link", name="Оставить наш текст").click()
    assert_accessible(editor_page)
    editor_page.get_by_role("button", name="Оставить наш текст").click()
    expect(editor_page.get_by_text("Ваш текст остался как был.")).to_be_visible(timeout=30_000)
    page.goto(office)
    expect(page.get_by_text("компания оставила своё")).to_be_visible(timeout=30_000)

    renew(page, office, "Звоните 104 или 112, это бесплатно.")
    expect(page.get_by_text("ждёт решения компании", exact=False)).to_be_visible(timeout=30_000)
    editor_page.goto(edit)
    editor_page.get_by_role("link", name="Взять эту версию").click()
    publish(editor_page)
    editor_page.goto(f"{pskov}/novosti/zapakh-gaza/")
    expect(editor_page.get_by_text("это бесплатно", exact=False).first).to_be_visible(
        timeout=30_000
    )
    page.goto(office)
    expect(page.get_by_text("опубликована версия 3")).to_be_visible(timeout=30_000)


def adapt(page: Page, lead: str) -> None:
    """The editor's own words, published."""
    page.locator("[name=lead]").fill(lead)
    publish(page)


def publish(page: Page) -> None:
    page.locator("footer .w-dropdown-button [data-w-dropdown-target=toggle]").click()
    page.locator("[name=action-publish]").first.click()
    expect(page.get_by_text("опубликован", exact=False).first).to_be_visible(timeout=30_000)


def renew(page: Page, office: str, lead: str) -> None:
    """A later version, to Pskov."""
    page.goto(office)
    page.get_by_role("link", name="Изменить текст").click()
    page.locator("[name=lead]").fill(lead)
    save(page)
    expect(page.get_by_text("После этого текст изменили", exact=False)).to_be_visible(
        timeout=30_000
    )
    send(page, "Псков", publish=True)
