"""The page of a new appeal with scripts: the kind at once, files with progress, drafts by themselves."""

import re

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.appeals.models import Appeal, AppealDraft, AppealKind
from cabinet.subscribers.models import AccountLink, SubscriberSession
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible, owner_log_in, wait_until
from tests.support.factories import PASSWORD
from tests.support.files import PDF

TEXT = "Когда придёт мастер?"


@pytest.fixture
def kinds(own_db, settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path
    with schema_context("pskov"):
        AppealKind.objects.all().delete()
        AppealKind.objects.create(name="Поверка", order=1)
        second = AppealKind.objects.create(name="Начисления", hint="Приложите квитанцию.", order=2)
        second.questions.create(text="Не тот тариф", hint="Напишите, какой верный.", sort_order=1)
        second.save()


def in_pskov(rows) -> list:
    with schema_context("pskov"):
        return list(rows.all())


@BY_TELEPHONE
def test_an_appeal_is_typed_attached_left_and_sent(page: Page, pskov_site, owner, kinds) -> None:
    owner_log_in(page, pskov_site)
    link = AccountLink.objects.get()
    page.goto(f"{pskov_site}/cabinet/{link.pk}/service-centre/appeals/new/?from=information")
    assert_accessible(page)
    choice = page.get_by_label("Вид обращения")
    choice.select_option(label="Поверка")
    text = page.get_by_label("Текст обращения")
    text.fill(TEXT)
    page.get_by_label("Прикрепить файл").set_input_files(
        [
            {"name": "акт.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "снимок.heic", "mimeType": "image/heic", "buffer": b"x"},
            {"name": "пусто.txt", "mimeType": "text/plain", "buffer": b""},
        ]
    )
    expect(page.get_by_role("button", name="Убрать файл акт.pdf")).to_be_visible()
    expect(page.get_by_text("«снимок.heic» не приложен.")).to_be_visible()
    expect(page.get_by_text("«пусто.txt» не приложен. Файл пустой.")).to_be_visible()
    # Another kind has another form; what was typed and attached stays.
    choice.select_option(label="Начисления")
    expect(page.get_by_text("Приложите квитанцию.")).to_be_visible()
    expect(choice).to_be_focused()
    expect(text).to_have_value(TEXT)
    expect(page.get_by_role("button", name="Убрать файл акт.pdf")).to_be_visible()
    expect(page.get_by_text("Напишите, какой верный.")).to_be_hidden()
    page.get_by_label("Вопрос", exact=True).select_option(label="Не тот тариф")
    expect(page.get_by_text("Напишите, какой верный.")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert_accessible(page)
    # Left at once, before the pause after which a draft is saved.
    text.fill(f"{TEXT} И когда?")
    page.goto(f"{pskov_site}/cabinet/{link.pk}/service-centre/appeals/")
    wait_until(
        page,
        lambda: any("И когда?" in d.data["text"] for d in in_pskov(AppealDraft.objects)),
    )
    page.reload()
    page.get_by_role("link", name="Продолжить").click()
    expect(text).to_have_value(f"{TEXT} И когда?")
    # The session ends while one types; nothing is lost.
    SubscriberSession.objects.all().delete()
    text.fill(f"{TEXT} И когда? Жду.")
    expect(page.get_by_text("попросим войти снова")).to_be_visible()
    page.get_by_role("button", name="Отправить").click()
    page.locator("input[name=email]").fill("owner@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(text).to_have_value(f"{TEXT} И когда? Жду.")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text(re.compile("Обращение №.* принято"))).to_be_visible()
    assert_accessible(page)
    (appeal,) = in_pskov(Appeal.objects)
    with schema_context("pskov"):
        assert (appeal.kind_name, appeal.question) == ("Начисления", "Не тот тариф")
        assert [one.name for one in appeal.files.all()] == ["акт.pdf"]
        assert not AppealDraft.objects.exists()
