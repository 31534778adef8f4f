"""An editor who has never seen the system: from the letter to a site that shows his work."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_tenants.utils import schema_context
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from wagtail.images import get_image_model

from cms_pages.inbox.models import FormEntry
from cms_pages.models import FormPage
from portal.messaging.models import Message
from portal.staff.invitations import invitation_send
from portal.staff.services import staff_create
from tests.e2e.conftest import AT_A_DESK, assert_accessible
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST

EDITOR = "anna@mail.ru"
FOLDER = "Снимки с работ"
TITLE = "Плановые работы на улице Ленина"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def moderator(chromium: Browser, pskov_site: str) -> Iterator[Page]:
    """A colleague at a computer of his own."""
    with schema_context("pskov"):
        staff_create(username="moderator", password=PASSWORD, groups=["Moderators"])
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="ru-RU")
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in(page, pskov_site, "moderator")
    yield page
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "фото с работ.jpg"
    Image.effect_noise((1600, 1000), 60).convert("RGB").save(path)
    return path


def log_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/admin/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/admin/")


def invited(host: str, port: int) -> str:
    with schema_context("pskov"):
        invitation_send(
            invited_by=None,
            email=EDITOR,
            roles=["Editors"],
            company_name="Псков",
            link_address=lambda secret: f"http://{host}:{port}/staff/invitation/{secret}/",
        )
        letter = Message.objects.get(kind="staff_invitation").text or ""
    return re.search(r"http\S+/staff/invitation/\S+/", letter)[0]


@AT_A_DESK
def test_from_the_letter_to_the_site(
    page: Page, port: int, pskov_site: str, moderator: Page, photo: Path
) -> None:
    accept_the_invitation(page, invited(PSKOV_HOST, port))
    log_in(page, pskov_site, EDITOR)
    assert_accessible(page)
    change_the_brand(page, pskov_site)
    make_a_folder(page, pskov_site)
    write_news(page, photo)
    with schema_context("pskov"):
        assert get_image_model().objects.get().collection.name == FOLDER
    novgorod = f"http://{NOVGOROD_HOST}:{port}"
    assert_not_there(page, pskov_site)
    approve(moderator)
    assert_live(page, pskov_site)
    assert_not_there(page, novgorod)
    answer_a_message(moderator, pskov_site)
    write_a_notice(page, pskov_site)
    add_a_centre(page, pskov_site)
    page.goto(f"{novgorod}/service-centres/")
    expect(page.get_by_text("Островский")).to_have_count(0)


def accept_the_invitation(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_text(EDITOR)).to_be_visible()
    page.get_by_label("Фамилия").fill("Кузьмина")
    page.get_by_label("Имя", exact=True).fill("Анна")
    page.get_by_label("Пароль", exact=True).fill("12345")
    page.get_by_role("button", name="Принять приглашение").click()
    expect(page.get_by_text("Проверьте, пожалуйста")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Принять приглашение").click()
    expect(page.get_by_text("Готово. Войдите")).to_be_visible()


def change_the_brand(page: Page, site: str) -> None:
    page.get_by_role("link", name="Настройте оформление и телефоны").click()
    colour = page.get_by_label("Основной цвет")
    colour.fill("red; }")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_text("Цвет — решётка и шесть знаков").first).to_be_visible()
    colour.fill("#ffcc00")
    page.get_by_role("button", name="Опубликовать").click()
    refusal = page.get_by_text("Ближайшие подходящие").first
    expect(refusal).to_be_visible()
    assert_accessible(page)
    nearest = re.findall(r"#[0-9a-f]{6}", refusal.inner_text())[0]
    colour.fill(nearest)
    page.get_by_label("Справочная").fill("(8112) 59-50-50")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(f"{site}/")
    assert (
        page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
        )
        == nearest
    )
    expect(page.get_by_role("link", name="(8112) 59-50-50").first).to_be_visible()
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("link", name="Настройте оформление")).to_have_count(0)


def make_a_folder(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/collections/")
    page.get_by_role("link", name="Добавить папку").click()
    page.get_by_label("Имя").fill(FOLDER)
    expect(page.get_by_label("В какой папке")).to_contain_text("Общая папка")
    page.get_by_role("button", name="Создать").click()
    expect(page.locator(".messages .success")).to_contain_text(FOLDER)
    page.goto(f"{site}/admin/")


def write_news(page: Page, photo: Path) -> None:
    page.get_by_role("link", name="Написать новость").click()
    page.locator("#id_title").fill(TITLE)
    page.get_by_role("textbox", name="Коротко о странице").fill("С 10 до 14 часов газа не будет.")
    page.get_by_role("button", name="Выберите изображение").first.click()
    page.get_by_role("tab", name="Загрузить").click()
    page.locator("input[type=file][name$=file]").set_input_files(photo)
    expect(page.locator("#id_image-chooser-upload-title")).to_have_value("фото с работ")
    folders = page.locator("#id_image-chooser-upload-collection")
    folders.select_option(folders.get_by_text(FOLDER).get_attribute("value"))
    page.get_by_role("button", name="Загрузить").click()
    expect(page.locator("#id_picture-chooser [data-chooser-title]")).to_have_text("фото с работ")
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.get_by_role("button", name="Больше действий").click()
    page.get_by_role("button", name="Отправить на проверку").click()
    expect(page.locator(".messages .success")).to_be_visible()


def write_a_notice(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Срочное объявление").click()
    page.locator("#id_title").fill("Авария")
    page.locator("#id_text").fill("Едем.")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator(".messages .success")).to_contain_text("Опубликовано: «Авария».")
    assert_accessible(page)


def approve(page: Page) -> None:
    page.reload()
    assert_accessible(page)
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("button", name="Больше действий")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Больше действий").click()
    page.get_by_role("button", name=re.compile("^Одобрить и опубликовать$", re.I)).click()
    expect(page.locator(".messages .success")).to_be_visible()


def assert_live(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    picture = page.locator("main img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert_accessible(page)


def assert_not_there(page: Page, site: str) -> None:
    page.goto(f"{site}/novosti/")
    expect(page.get_by_role("heading", name="Новости")).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)


def answer_a_message(page: Page, site: str) -> None:
    with schema_context("pskov"):
        asked = [["Ваше сообщение", "Когда откроется центр в Острове?"]]
        form = {"page": FormPage.objects.get(), "form_data": {}, "title": "Написать нам"}
        FormEntry.objects.create(**form, answers=asked, email="lidia@mail.ru")
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name=re.compile("Входящие с сайта")).click()
    page.get_by_role("link", name="Написать нам").click()
    expect(page.get_by_text("Когда откроется центр в Острове?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("textbox", name="Ответ").fill("В декабре.")
    page.get_by_role("button", name="Отправить ответ").click()
    expect(page.get_by_text("Ответ отправляем на адрес lidia@mail.ru")).to_be_visible()
    expect(page.get_by_text("отвечено")).to_be_visible()
    with schema_context("pskov"):
        letter = Message.objects.get(kind="form_reply")
    assert letter.recipient == "lidia@mail.ru"


def add_a_centre(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Добавьте центры обслуживания").click()
    expect(page.get_by_text("сначала добавьте его в меню «Районы»")).to_be_visible()
    page.goto(f"{site}/admin/cms_pages/district/create/")
    page.locator("#id_name").fill("Островский район")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".messages .success")).to_be_visible()

    page.goto(f"{site}/admin/cms_pages/servicecentre/add/")
    page.locator("#id_name").fill("Островский")
    page.locator("#id_code").fill("ostrov")
    page.locator("#id_district").select_option("Островский район")
    page.locator("#id_address").fill("г. Остров, ул. Ленина, д. 1")
    page.locator("#id_phones-ADD").click()
    page.locator("#id_phones-0-number").fill("(81152) 3-11-11")
    page.locator("#id_hours-ADD").click()
    page.locator("#id_hours-0-last_day").select_option("пятница")
    page.locator("#id_hours-0-opens").fill("08:00")
    page.locator("#id_hours-0-closes").fill("17:00")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator(".messages .success")).to_be_visible()

    page.goto(f"{site}/service-centres/")
    expect(page.get_by_role("link", name="Островский", exact=True)).to_be_visible()
    expect(page.get_by_text("с 8:00 до 17:00").first).to_be_visible()
    assert_accessible(page)
