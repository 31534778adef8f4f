"""An application for connection from the operators' desk and its tracker to the contract and gas."""

import re

import pytest
from playwright.sync_api import Page, expect

from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible, owner_log_in
from tests.support.connection import make_application, make_paper

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def application(owner: Subscriber) -> ConnectionApplication:
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        sent = make_application(subscriber_id=owner.pk)
        make_paper(sent)
        return sent


def papers_asked(desk: Page) -> None:
    desk.get_by_text("Запросить документы").click()
    desk.locator("#id_ask-other").fill("Согласие супруга")
    desk.locator("#id_ask-text").fill("С подписью")
    desk.get_by_role("button", name="Запросить").click()
    expect(desk.get_by_text("Документы запрошены")).to_be_visible()


def registered(desk: Page, number: str) -> None:
    desk.get_by_role("button", name="Отметить передачу").click()
    expect(desk.get_by_text("заявка передана получателю")).to_be_visible()
    desk.get_by_label("Номер у получателя").first.fill(number)
    desk.get_by_role("button", name="Записать регистрацию").click()
    expect(desk.get_by_text("Регистрация записана")).to_be_visible()


def step_taken(desk: Page, state: str, file: str = "") -> None:
    desk.get_by_label(state, exact=True).check()
    if file:
        chosen = {"name": file, "mimeType": "application/pdf", "buffer": PDF}
        desk.get_by_label("Файлы для заявителя").set_input_files([chosen])
    desk.get_by_role("button", name="Отметить шаг").click()
    expect(desk.get_by_text("Шаг отмечен")).to_be_visible()


@BY_TELEPHONE
def test_an_application_to_its_contract(
    page: Page, pskov_site: str, application: ConnectionApplication, desk: Page
) -> None:
    owner_log_in(page, pskov_site)
    desk.goto(f"{pskov_site}/admin/connection/")
    assert_accessible(desk)
    desk.get_by_role("link", name=re.compile(application.number)).click()
    expect(desk.get_by_text("24 кВт")).to_be_visible()
    assert_accessible(desk)
    papers_asked(desk)

    page.goto(f"{pskov_site}/connection/applications/")
    page.get_by_role("link", name=re.compile(application.number)).click()
    expect(page.get_by_role("heading", name="Пришлите документы")).to_be_visible()
    assert_accessible(page)
    scan = {"name": "согласие.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_label("Согласие супруга").set_input_files([scan])
    page.get_by_role("button", name="Отправить документы").click()
    expect(page.get_by_role("heading", name="Пришлите документы")).to_have_count(0)

    desk.reload()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="согласие.pdf").click()
    assert download.value.path().read_bytes() == PDF
    registered(desk, "ТП-2026/7")
    step_taken(desk, "Договор готов", "договор.pdf")
    assert_accessible(desk)

    page.reload()
    expect(page.get_by_text("ТП-2026/7").first).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Договор о подключении").click()
    assert download.value.path().read_bytes() == PDF

    for state in ("Договор заключён", "Готово к пуску газа", "Газ подключён"):
        step_taken(desk, state)
    page.reload()
    expect(page.get_by_role("heading", name="Газ подключён")).to_be_visible()
    assert_accessible(page)
