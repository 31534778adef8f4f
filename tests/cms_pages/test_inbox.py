"""Messages of the site's forms: to whom their letters go, who reads and answers them, as a file."""

import csv
import io
import re
import uuid

import pytest
from django.core import mail
from django_tenants.utils import schema_context

from cms_pages.inbox.services import entries_follow_appeal
from cms_pages.models import FormEntry, FormPage, FormReply
from portal.audit.models import AuditEntry
from portal.messaging.models import Message, MessageSettings
from portal.messaging.sending import message_deliver
from portal.staff import roles
from portal.staff.services import staff_create
from tests.cms_pages.test_names import form_sent
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client, text_of

DESK = "/admin/site-messages/"
FORM = "/obratnaya-svyaz/"


@pytest.fixture
def page(pskov) -> FormPage:
    """The form that a new company has, made one that operators do not answer as an appeal."""
    page = FormPage.objects.get()
    page.opens_appeal = False
    page.save()
    return page


@pytest.fixture
def operator(pskov):
    user = staff_create(username="vera", password=PASSWORD, groups=[roles.OPERATORS])
    user.first_name = "Вера"
    user.save()
    return staff_client(user)


def send(guest, page, *, subject="Другое", words="Когда откроется касса?", email="nina@mail.ru"):
    said = ["Нина", email, "", subject, words]
    names = [one.clean_name for one in page.form_fields.order_by("sort_order")]
    answer = guest.post(FORM, dict(zip(names, said, strict=True)) | {"captcha": "human"})
    assert answer.status_code == 302
    return FormEntry.objects.latest("pk")


def waiting(operator) -> str:
    """How many messages wait, by the admin's first page."""
    found = re.search(
        r"</svg>\s*Входящие с сайта<span[^>]*>в\s+очереди\s+(\d+)",
        text_of(operator.get("/admin/")),
    )
    return found[1] if found else ""


def recipients() -> list[str]:
    return [one.recipient for one in Message.objects.order_by("created_at")]


def test_a_letter_goes_to_the_subjects_address_else_the_forms_else_the_companys(
    guest, page, pskov, settings
):
    assert "Обратная связь" in text_of(guest.get("/"))
    assert send(guest, page).sent_to == "" and not recipients()
    MessageSettings.objects.create(
        site=page.get_site(), reply_to="all@gas.ru", sender_name="Горгаз: «Псков»"
    )
    send(guest, page)
    page.routes.create(answer="начисления и Оплата", to_address="sums@gas.ru, two@gas.ru")
    page.to_address = "form@gas.ru"
    page.save()
    send(guest, page)
    entry = send(guest, page, subject="Начисления и оплата")
    assert recipients() == ["all@gas.ru", "form@gas.ru", "sums@gas.ru", "two@gas.ru"]
    assert entry.sent_to == "sums@gas.ru, two@gas.ru"

    letter = Message.objects.latest("created_at")
    assert f"{pskov.url}{DESK}{entry.pk}/" in letter.html
    assert message_deliver(letter.pk)
    sent = mail.outbox[-1].message()
    assert sent["Reply-To"] == "nina@mail.ru"  # whoever answers it writes to the visitor
    assert settings.DEFAULT_FROM_EMAIL in sent["From"] and "utf-8" in sent["From"]
    letter.refresh_from_db()
    assert letter.reply_to is None


def test_a_message_is_read_and_answered_by_those_who_may(guest, page, operator, editor, novgorod):
    entry = send(guest, page)
    other = send(guest, page, words="Спасибо!")
    at = f"{DESK}{entry.pk}/"
    assert waiting(operator) == "2"
    shown = text_of(operator.get(at))
    assert "Когда откроется касса?" in shown and "nina@mail.ru" in shown
    operator.get(DESK, {"q": "касса", "state": "new", "period": "1"})
    operator.get(f"{at}read/")
    assert set(FormEntry.objects.values_list("state", flat=True)) == {"new"}  # GET changes nothing
    operator.post(f"{DESK}read/", {"entry": [other.pk, "x", "9" * 30]})
    other.refresh_from_db()
    assert (other.state, other.read_by) == ("read", "Вера")
    assert waiting(operator) == "1"

    typed = {"text": "С\u202eпонедельника.", "form_key": str(uuid.uuid4()), "seen": "0"}
    assert "Напишите ответ." in text_of(operator.post(f"{at}reply/", typed | {"text": " "}))
    for _ in range(2):  # the button was pressed twice
        assert operator.post(f"{at}reply/", typed).status_code == 302
    reply = FormReply.objects.get()
    letter = Message.objects.get(pk=reply.message)
    assert (letter.recipient, reply.author) == ("nina@mail.ru", "Вера")
    assert "Спонедельника." in letter.text and "Когда откроется касса?" in letter.text
    late = operator.post(f"{at}reply/", typed | {"form_key": str(uuid.uuid4())})
    assert late.status_code == 409 and "ответил коллега" in text_of(late)
    assert FormReply.objects.count() == 1
    entry.refresh_from_db()
    assert (entry.state, entry.answered_by) == ("answered", "Вера")
    actions = AuditEntry.objects.filter(action__startswith="form.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["form.read", "form.replied"]

    with schema_context("novgorod"):
        elsewhere = staff_create(username="ola", password=PASSWORD, groups=[roles.OPERATORS])
        client = staff_client(elsewhere, NOVGOROD_HOST)
    assert client.get(at).status_code == 404
    client = staff_client(editor)
    for address in (DESK, at, f"{DESK}list.csv"):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/admin/forms/submissions/{page.pk}/").status_code == 302
    assert "forms/submissions" not in text_of(client.get(f"/admin/pages/{page.pk}/edit/"))


def test_a_message_that_is_an_appeal_follows_it(guest, page, operator):
    page.opens_appeal = True
    page.save()
    entry = send(guest, page)
    assert entry.appeal_number
    assert waiting(operator) == ""  # it waits in one queue
    at = f"{DESK}{entry.pk}/"
    assert f"/admin/appeals/{entry.appeal_number}/" in text_of(operator.get(at))
    typed = {"text": "Да", "form_key": str(uuid.uuid4()), "seen": "0"}
    assert operator.post(f"{at}reply/", typed).status_code == 404
    operator.post(f"/admin/appeals/{entry.appeal_number}/take/")
    entry.refresh_from_db()
    assert (entry.state, entry.read_by) == ("read", "Вера")
    entries_follow_appeal(appeal_number=entry.appeal_number, is_answered=True, by="Вера")
    entry.refresh_from_db()
    assert entry.state == "answered"


def test_the_list_as_a_file_has_no_formulas_and_the_companys_time(guest, page, operator, clock):
    clock.at("2026-11-06T01:30")
    page.title = "=1+1"
    page.save()
    send(guest, page)
    send(guest, page, words="Другое")
    answer = operator.get(f"{DESK}list.csv", {"q": "касса"})
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    (row,) = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))[1:]
    assert row[1:4] == ["06.11.2026 01:30:00", "'=1+1", "nina@mail.ru"]
    assert "Ваше сообщение: Когда откроется касса?" in row[4] and row[5] == "новое"
    sheet = operator.get(f"{DESK}list.xlsx")
    assert sheet.headers["Content-Type"].endswith("sheet") and sheet.content.startswith(b"PK")


def test_an_editor_is_told_where_letters_go(editor_client, page):
    address = f"/admin/pages/{page.pk}/edit/"
    assert "никому не приходят" in text_of(editor_client.get(address))
    typed = form_sent(page, ["Тема"]) | {
        "form_fields-0-field_type": "dropdown",
        "form_fields-0-choices": "Счёт\r\nСчётчик",
        "routes-TOTAL_FORMS": "1",
        "routes-0-ORDER": "1",
        "routes-0-answer": "Ремонт",
        "routes-0-to_address": "a@gas.ru",
    }
    refused = text_of(editor_client.post(address, typed))
    assert "Такого варианта нет" in refused
    kept = typed | {"routes-0-answer": "счетчик", "to_address": "b@gas.ru"}
    assert editor_client.post(address, kept).status_code == 302
    shown = text_of(editor_client.get(address))
    assert re.search(r"приходят на\s+b@gas.ru", shown)
