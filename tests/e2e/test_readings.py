"""The section «Показания» in a browser: sums as one types, questions, acknowledgement, photo, history."""

import datetime
import io
import re
from pathlib import Path

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cabinet.meters.models import DialPhoto, Meter, Reading
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink
from cabinet.subscriptions.models import Subscription
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, IN_BOTH_WIDTHS, assert_accessible
from tests.support.delegates import invite
from tests.support.factories import (
    PASSWORD,
    agree,
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_subscriber,
    make_tariff,
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def section(port: int, pskov_site: str) -> str:
    """The address of Nina's readings: two meters, a year of consumption, a verification that comes near."""
    nina = make_subscriber("nina@mail.ru")
    day = timezone.localdate()
    with schema_context("pskov"):
        account = make_account(norm_volume=26)
        make_tariff()
        first = account.meters.get()
        first.verification_due_on = day + datetime.timedelta(days=20)
        first.save()
        second = make_meter(account, "m-2", model="Гранд-6", serial_number="99887766", digits=7)
        for back in range(14, 0, -1):
            then = day - datetime.timedelta(days=30 * back)
            make_reading(first, 2000 - 12 * back, then)
            make_reading(second, 9000 - 30 * back, then, source="контролёр")
    link = make_link(nina, GasCompany.objects.get(schema_name="pskov"), account)
    return f"{pskov_site}/cabinet/{link.pk}/readings/"


def enter(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Email").fill("nina@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Показания")


def dial(page: Page, model: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile(f"Введите показания счётчика {model}"))


def send(page: Page) -> None:
    page.get_by_role("button", name="Передать", exact=True).click()


@IN_BOTH_WIDTHS
def test_a_reading_with_its_sums_question_and_acknowledgement(page: Page, section: str) -> None:
    enter(page, section)
    assert_accessible(page)
    expect(page.get_by_text("осталось 20 дней")).to_be_visible()
    field = dial(page, "ВК Арзамас G4T")
    field.fill("02005")
    expect(page.get_by_text("Расход: 17 м³. К оплате по счётчику: 125,65 ₽")).to_be_visible()
    field.fill("09005")
    send(page)
    expect(page.get_by_text("столько газа счётчик пропустить не может").first).to_be_visible()
    assert_accessible(page)
    dial(page, "ВК Арзамас G4T").fill("04005")
    send(page)
    tick = page.get_by_label("Да, на счётчике именно 4 005")
    expect(tick).to_be_focused()
    expect(page.get_by_text("14 907,65 ₽").first).to_be_visible()
    assert_accessible(page)
    with page.expect_navigation():
        send(page)  # the same button again is no answer
    expect(tick).not_to_be_checked()
    tick.check()
    dial(page, "ВК Арзамас G4T").fill("02005")
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    expect(
        page.get_by_text(re.compile(r"Номер квитанции о\sприёме\s\d{3}\s\d{3}\s\d{3}"))
    ).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="распечатать").click()
    expect(page.get_by_role("button", name="Распечатать")).to_be_visible()
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("2 005 м³")).to_be_visible()
    expect(page.get_by_role("button", name="Распечатать")).to_be_hidden()
    with schema_context("pskov"):
        assert [r.value for r in Reading.objects.filter(origin="portal")] == [2005]


@BY_TELEPHONE
def test_over_the_zero(page: Page, section: str) -> None:
    with schema_context("pskov"):
        meter = Meter.objects.get(model="Гранд-6")
        Reading.objects.filter(meter=meter).delete()
        meter.digits = 5
        meter.save()
        make_reading(meter, 99_998, timezone.localdate() - datetime.timedelta(days=1))
    enter(page, section)
    dial(page, "Гранд-6").fill("00003")
    send(page)
    expect(page.get_by_text("Новое показание меньше прошлого")).to_be_visible()
    page.get_by_label("Счётчик дошёл до конца и начал с нуля").check()
    expect(page.get_by_text("Расход: 5 м³")).to_be_visible()
    dial(page, "Гранд-6").fill("99999")  # not lower any more: the answer does not count
    expect(page.get_by_text("Расход: 1 м³")).to_be_visible()
    dial(page, "Гранд-6").fill("00003")
    expect(page.get_by_text("Расход: 5 м³")).to_be_visible()
    assert_accessible(page)
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()


@BY_TELEPHONE
def test_a_photo_too_big_is_refused_at_once_and_a_good_one_arrives(
    page: Page, section: str, tmp_path: Path
) -> None:
    enter(page, section)
    dial(page, "ВК Арзамас G4T").fill("2005")
    page.get_by_text("Приложить фото счётчика").first.click()
    chooser = page.locator("input[type=file]").first
    big = tmp_path / "big.jpg"
    big.write_bytes(b"\xff\xd8" + b"0" * 21 * 1024**2)
    chooser.set_input_files(big)
    expect(page.get_by_text("Фото больше 20 МБ")).to_be_visible()
    chooser.set_input_files({"name": "d.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"})
    expect(page.get_by_text("Фото больше 20 МБ")).to_be_hidden()
    send(page)
    expect(page.get_by_text("Это не фотография").first).to_be_visible()
    assert_accessible(page)
    expect(dial(page, "ВК Арзамас G4T")).to_have_value("2005")
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "blue").save(out, "JPEG")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "d.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    )
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    page.get_by_role("link", name="распечатать").click()
    picture = page.get_by_role("img", name="Фото счётчика")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert (
        picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 300
    )
    with schema_context("pskov"):
        assert DialPhoto.objects.filter(submission__isnull=False).count() == 1


@IN_BOTH_WIDTHS
def test_history_filter_and_reminder(page: Page, section: str) -> None:
    enter(page, section)
    page.get_by_text("Выбрать счётчик и период").click()
    page.get_by_label("Счётчик", exact=True).select_option(label="Гранд-6 №\u00a099887766")
    assert_accessible(page)
    page.get_by_role("button", name="Показать").click()
    rows = page.locator("#history ~ table tbody tr")
    expect(rows.first).to_contain_text("8\u202f970")
    expect(rows.filter(has_text="Арзамас")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "pokazaniya-805107.csv"
    page.get_by_role("button", name="Напоминать", exact=True).click()
    expect(page.get_by_text("Будем напоминать о показаниях")).to_be_visible()
    assert_accessible(page)
    with schema_context("pskov"):
        assert Subscription.objects.get().account.account_number == "805107"


def test_without_javascript_the_sums_come_before_the_sending(chromium, section: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    enter(page, section)
    dial(page, "ВК Арзамас G4T").fill("2005")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте показания")
    expect(page.get_by_text("125,65 ₽")).to_be_visible()
    page.get_by_role("button", name="Исправить").click()
    expect(dial(page, "ВК Арзамас G4T")).to_have_value("2005")
    send(page)
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    context.close()


@BY_TELEPHONE
def test_a_guest_is_remembered_on_this_device(page: Page, section: str, pskov_site: str) -> None:
    page.goto(f"{pskov_site}/guest/readings/")
    page.get_by_label("Номер лицевого счёта").fill("805107")
    page.get_by_label("ФИО").fill("ОЕГ")
    page.get_by_role("button", name="Найти").click()
    dial(page, "ВК Арзамас G4T").fill("2005")
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    page.get_by_role("button", name="Запомнить счёт").click()
    expect(page.get_by_text("номер счёта мы запомнили")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{pskov_site}/guest/readings/")
    expect(page.get_by_label("Номер лицевого счёта")).to_have_value("805107")
    expect(page.get_by_label("ФИО")).to_have_value("")
    assert_accessible(page)
    expect(page.get_by_label("ФИО")).to_be_focused()
    page.keyboard.type("ОЕГ")
    page.keyboard.press("Enter")
    expect(dial(page, "ВК Арзамас G4T")).to_be_focused()
    dial(page, "ВК Арзамас G4T").fill("2006")
    dial(page, "ВК Арзамас G4T").press("Enter")
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()


@IN_BOTH_WIDTHS
def test_in_the_largest_letters(page: Page, section: str, pskov_site: str) -> None:
    """Of the version for weak sight: nothing of a person's pages is wider than the screen."""
    enter(page, section)
    for choice in ("size=largest", "spacing=widest", "colours=dark"):
        page.goto(f"{pskov_site}/low-vision/?{choice}&next=/")
    for address in (section, f"{section}../", f"{pskov_site}/cabinet/settings/subscriptions/"):
        page.goto(address)
        assert_accessible(page)


@BY_TELEPHONE
def test_a_delegate_accepts_and_sends(page: Page, section: str, port: int, pskov_site: str) -> None:
    """By the letter's link: login, invitation, the account with masked numbers, a reading."""
    pskov = GasCompany.objects.get(schema_name="pskov")
    with in_company(pskov):
        agree(make_subscriber("helper@mail.ru"), pskov)
        invite(AccountLink.objects.get(), Contact("email", "helper@mail.ru"))
        letter = Message.objects.get(kind="delegate_invitation")
    found = re.search(r"/cabinet/delegations/[\w-]+/", letter.text)
    assert found
    page.goto(f"{pskov_site}{found[0]}")
    assert_accessible(page)
    page.get_by_role("main").get_by_role("link", name="Войти").click()
    page.get_by_label("Email").fill("helper@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    assert_accessible(page)
    page.get_by_role("button", name="Принять").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Информация")
    expect(page.get_by_text("Вы доверенное лицо:")).to_be_visible()
    assert "99887766" not in page.content()
    assert_accessible(page)
    page.get_by_role("link", name="Показания").first.click()
    dial(page, "Гранд-6").fill("9005")
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    assert_accessible(page)
    with schema_context("pskov"):
        assert Reading.objects.get(origin="portal").source == "delegate"
