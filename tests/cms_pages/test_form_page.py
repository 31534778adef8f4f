import csv
import datetime
import io

import pytest
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerHour
from openpyxl import load_workbook
from wagtail.models import Site

from cabinet.subscribers.personal_data.parts import PARTS
from cms_pages.brand.models import BrandSettings
from cms_pages.models import FormEntry, FormField, FormPage
from cms_pages.pages import form_answers
from portal.messaging.models import Message
from tests.cms_pages.conftest import add, make_version
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)

HUMAN = {"captcha": "human"}


@pytest.fixture
def form_page(home) -> FormPage:
    page = FormPage(title="Написать нам", slug="vopros", to_address="a@gas.ru, b@gas.ru")
    page.thanks = "<p>Ответим за три дня.</p>"
    page = add(home, page)
    FormField.objects.create(page=page, label="Ваше имя", field_type="singleline", required=True)
    FormField.objects.create(page=page, label="Вопрос", field_type="multiline", required=True)
    return page


def names(page) -> list[str]:
    return [field.clean_name for field in page.form_fields.all()]


def test_sent_kept_and_mailed_once(guest, form_page):
    answers = dict(zip(names(form_page), ["Нина", "Когда поверка?"], strict=True))
    answer = guest.post("/vopros/", answers | HUMAN)
    assert answer.status_code == 302  # reloading sends nothing again
    assert "Ответим за три дня" in text_of(guest.get(answer.headers["Location"]))
    assert FormEntry.objects.get().form_data == answers
    assert sorted(message.recipient for message in Message.objects.all()) == [
        "a@gas.ru",
        "b@gas.ru",
    ]
    assert "Когда поверка?" in Message.objects.filter(kind="form_submission").first().text


def test_a_mistake_keeps_what_was_typed(guest, form_page):
    name, question = names(form_page)
    page = text_of(guest.post("/vopros/", {name: "Нина", question: ""} | HUMAN))
    assert 'value="Нина"' in page
    assert "Проверьте, пожалуйста" in page
    assert not FormEntry.objects.exists() and not Message.objects.exists()


def test_consent_is_asked_for_once_it_is_published(guest, form_page, consent):
    assert "согласие на обработку" not in text_of(guest.get("/vopros/"))
    version = make_version(consent, "1", datetime.date(2026, 6, 1))
    assert version.url in text_of(guest.get("/vopros/"))
    answers = dict(zip(names(form_page), ["Нина", "Вопрос"], strict=True))
    assert "Отметьте согласие" in text_of(guest.post("/vopros/", answers | HUMAN))
    assert not FormEntry.objects.exists()
    assert guest.post("/vopros/", {**answers, **HUMAN, "consent": "on"}).status_code == 302


def test_what_was_typed_is_text_in_the_letter(guest, form_page):
    guest.post("/vopros/", dict(zip(names(form_page), ["<b>x</b>", "x"], strict=True)) | HUMAN)
    message = Message.objects.filter(kind="form_submission").first()
    assert "<b>x</b>" not in message.html and "&lt;b&gt;" in message.html


def test_a_machine_sends_nothing(guest, form_page):
    answers = dict(zip(names(form_page), ["Робот", "Купите"], strict=True))
    assert guest.post("/vopros/", answers).status_code == 200
    assert not FormEntry.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize("typed", ["=cmd|'/c calc'!A1", "+7 911 000-00-00", "@SUM(1)", "-2+3"])
def test_what_was_typed_is_no_formula_in_the_table(guest, form_page, editor_client, typed):
    guest.post("/vopros/", dict(zip(names(form_page), [typed, "x"], strict=True)) | HUMAN)
    answer = editor_client.get(f"/admin/forms/submissions/{form_page.pk}/?export=csv")
    table = answer.content.decode("utf-8-sig")
    (row,) = list(csv.reader(table.splitlines(), delimiter=";"))[1:]
    assert row[1:3] == [f"'{typed}", "x"]


def test_control_characters_do_not_spoil_the_table(guest, form_page, editor_client):
    pasted = "Как\x0bесть\x01"
    guest.post("/vopros/", dict(zip(names(form_page), ["Нина", pasted], strict=True)) | HUMAN)
    answer = editor_client.get(f"/admin/forms/submissions/{form_page.pk}/?export=xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert list(book.active.values)[1][1:3] == ("Нина", "Как есть ")


@pytest.mark.parametrize("limit", ["BROWSER", "ADDRESS", "COMPANY"])
def test_answers_have_limits_and_nothing_typed_is_lost(guest, form_page, monkeypatch, limit):
    limits = getattr(form_answers, f"ANSWERS_OF_{limit}")
    monkeypatch.setattr(limits, "item", RateLimitItemPerHour(2))
    BrandSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"phone": "8 (8112) 59-50-50"}
    )
    for number in range(2):
        answers = dict(zip(names(form_page), ["Нина", f"Вопрос {number}"], strict=True))
        assert guest.post("/vopros/", answers | HUMAN).status_code == 302
    answers = dict(zip(names(form_page), ["Нина", "Третий вопрос"], strict=True))
    refused = guest.post("/vopros/", answers | HUMAN)
    page = text_of(refused)
    assert refused.status_code == 429 and 'value="Нина"' in page and "Третий вопрос" in page
    assert "слишком много" in page and "8 (8112) 59-50-50" in page
    assert FormEntry.objects.count() == 2 and Message.objects.count() == 4


@pytest.fixture
def written_by(form_page) -> FormPage:
    FormField.objects.create(page=form_page, label="Номер лицевого счёта", field_type="singleline")
    FormField.objects.create(page=form_page, label="Электронная почта", field_type="email")
    return form_page


def test_a_person_of_the_cabinet_is_known_to_the_form(
    guest, owner, owner_client, written_by, pskov, editor_client
):
    make_link(owner, pskov, make_account("805107", first_name="Елена", patronymic="Олеговна"))
    assert "Елена" not in text_of(guest.get("/vopros/"))
    answer = owner_client.get("/vopros/")
    page = text_of(answer)
    for known in ('value="Елена Олеговна"', 'value="805107"', f'value="{owner.email}"'):
        assert known in page, known
    assert "лицевой счёт № 805107" in page and "captcha" not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Елена" not in text_of(guest.get("/vopros/"))  # it was not stored for others

    answers = dict(zip(names(written_by), ["Лена", "Когда поверка?", "1", "a@b.ru"], strict=True))
    assert owner_client.post("/vopros/", answers | {"_cabinet": "x"}).status_code == 302
    entry = FormEntry.objects.get()
    assert entry.form_data["_cabinet"] == "лицевой счёт № 805107" and entry.person == owner.pk
    assert "лицевой счёт № 805107" in Message.objects.filter(kind="form_submission").first().text
    shown = text_of(editor_client.get(f"/admin/forms/submissions/{written_by.pk}/"))
    assert "личный кабинет" in shown.lower() and "лицевой счёт № 805107" in shown
    (copy,) = PARTS["form_entries"].export(owner.pk)
    assert "Когда поверка?" in copy["answers"]
    PARTS["form_entries"].delete(owner.pk)
    assert not FormEntry.objects.exists()


def test_nobody_says_of_himself_that_he_is_known(guest, stranger, written_by, pskov, novgorod):
    answers = dict(zip(names(written_by), ["Нина", "x", "805107", "a@b.ru"], strict=True)) | HUMAN
    guest.post("/vopros/", answers | {"_cabinet": "лицевой счёт № 805107"})
    elsewhere = logged_in(stranger, NOVGOROD_HOST)
    here = Client(headers={"host": PSKOV_HOST})
    here.cookies.update(elsewhere.cookies)
    here.post("/vopros/", answers)
    assert [one.form_data.get("_cabinet") for one in FormEntry.objects.all()] == [None, None]


def test_an_account_that_must_be_proved_again_is_not_named(owner, owner_client, written_by, pskov):
    link = make_link(owner, pskov, make_account("805107", first_name="Елена"))
    type(link).objects.filter(pk=link.pk).update(unconfirmed_since=timezone.now())
    page = text_of(owner_client.get("/vopros/"))
    assert "805107" not in page and "Елена" not in page and f'value="{owner.email}"' in page
