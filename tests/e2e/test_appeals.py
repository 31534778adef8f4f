"""An appeal from its first word to the further question (manual 1, 2.2.6.1, 2.2.6.2, figures 33 to 36)."""

import re

import pytest
from playwright.sync_api import Page, expect

from cabinet.appeals.models import Appeal
from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import assert_accessible, owner_log_in
from tests.support.factories import NOVGOROD_HOST, make_account, make_link

SCAN = {"name": "акт поверки.txt", "mimeType": "text/plain", "buffer": "Акт № 7".encode()}
ANSWER_FILE = {"name": "образец.txt", "mimeType": "text/plain", "buffer": "Образец".encode()}


@pytest.fixture
def novgorod_site(port: int, owner: Subscriber) -> str:
    """The site of the owner's other company."""
    novgorod = GasCompany.objects.get(schema_name="novgorod")
    with in_company(novgorod):
        make_link(owner, novgorod, make_account("510080"))
    return f"http://{NOVGOROD_HOST}:{port}"


def open_appeals(page: Page) -> None:
    """Open the tab «Обращения» by the menu, which a telephone has below «Ещё»."""
    if page.viewport_size and page.viewport_size["width"] < 768:
        page.locator(".tabbar summary").click()
    page.get_by_role("link", name="Центр обслуживания").locator("visible=true").first.click()
    page.get_by_role("link", name="Обращения", exact=True).click()


def write_appeal(page: Page) -> None:
    """Choose the kind, fill its form, attach a file and send it."""
    open_appeals(page)
    expect(page.get_by_text("вы нам ещё не писали")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Вид обращения").select_option("Начисления и оплата")
    expect(page.get_by_label("Текст обращения")).to_be_visible()
    expect(page.get_by_label("Контактное лицо")).to_have_value("Елена Григорьевна О.")
    expect(page.get_by_label("Электронная почта")).to_have_value("owner@mail.ru")
    page.get_by_label("Вопрос").select_option("Перерасчёт")
    page.get_by_label("Текст обращения").fill("Прошу пересчитать ноябрь")
    page.get_by_label("Прикрепить файл").set_input_files([SCAN])
    expect(page.get_by_text("акт поверки.txt").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text(re.compile(r"Обращение №\s*\d+ принято"))).to_be_visible()
    assert_accessible(page)


def answer(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}/admin/appeals/")
    page.get_by_role("button", name="Взять следующее").click()
    expect(page.get_by_text("Прошу пересчитать ноябрь").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="акт поверки.txt").click()
    assert download.value.path().read_text() == "Акт № 7"
    page.locator("[data-appeal-answer] textarea").fill(text)
    page.get_by_label("Файлы к ответу").set_input_files([ANSWER_FILE])
    page.locator("[data-appeal-answer]").get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("ответ отправлен")).to_be_visible()


def test_the_whole_way(
    page: Page,
    pskov_site: str,
    novgorod_site: str,
    owner: Subscriber,
    desk: Page,
) -> None:
    owner_log_in(page, novgorod_site)
    owner_log_in(page, pskov_site)
    write_appeal(page)
    page.goto(f"{pskov_site}/cabinet/notifications/")

    answer(desk, pskov_site, "Пересчитали, вернём 100 ₽")

    # Figure 35, on the host of the other region.
    page.goto(f"{novgorod_site}/cabinet/notifications/")
    expect(page.get_by_role("link", name="Уведомления, 1 непрочитанное")).to_be_visible()
    page.get_by_role("link", name="Ещё 1 непрочитанное").click()
    expect(page.get_by_role("heading", name="Уведомления")).to_be_visible()
    assert page.url.startswith(pskov_site)
    # Figure 36: unread in the history, until it is opened.
    open_appeals(page)
    expect(page.get_by_text("есть новое")).to_be_visible()
    expect(page.get_by_text("Ответ дан в личном кабинете")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Обращение №")).click()
    expect(page.get_by_text("Пересчитали, вернём 100 ₽")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="образец.txt").click()
    assert download.value.path().read_text() == "Образец"
    assert_accessible(page)

    page.get_by_label("Ваше сообщение").fill("А за октябрь?")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_text("Мы получили ваше сообщение")).to_be_visible()
    expect(page.get_by_text("А за октябрь?")).to_be_visible()
    expect(page.get_by_text("есть новое")).to_have_count(0)
    assert_accessible(page)
    desk.goto(f"{pskov_site}/admin/appeals/")
    expect(desk.get_by_text("пишет снова", exact=True)).to_be_visible()
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        appeal = Appeal.objects.get()
        appeal_url = f"{pskov_site}/cabinet/appeals/{appeal.pk}/"
        assert appeal.state == "in_work" and not appeal.is_unread
        appeal.state = "answered"
        appeal.save()

    page.goto(appeal_url)
    page.get_by_label("Не решено").check()
    page.get_by_role("button", name="Оценить").click()
    expect(page.get_by_text("Напишите, что осталось нерешённым.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Решено", exact=True).check()
    page.get_by_label("5 — отлично").check()
    page.get_by_role("button", name="Оценить").click()
    expect(page.get_by_text("оценка 5 из 5")).to_be_visible()
    assert_accessible(page)
