"""Companies' own texts: which version a message is made of, and who may write them."""

import re

import pytest
from django.utils.html import escape
from django_tenants.utils import schema_context

from portal.audit.models import AuditEntry
from portal.messaging.models import MessageTemplate
from portal.messaging.sending import messages_drain
from portal.messaging.services import Letter, messages_write
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.cabinet.notifications.wording import (
    CONTEXT,
    DESK,
    REMINDER,
    TEXT,
    TYPED,
    delivered,
    reminder,
)
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, staff_client, text_of

# --- which version -------------------------------------------------------------------------------------


def test_a_message_keeps_the_version_that_it_was_made_of(pskov, save, mailoutbox):
    first, before = save(subject="Первый"), reminder()
    assert delivered(mailoutbox, before).subject == "Первый" and before.template == first
    waiting = reminder()
    second = save(subject="Второй")
    assert delivered(mailoutbox, waiting).subject == "Второй" and waiting.template == second
    before.refresh_from_db()
    assert before.template == first


def test_the_portals_text_comes_back(pskov, save, desk, mailoutbox):
    save(subject="Свой")
    desk.post(f"{REMINDER}standard/", {"since": "1", "answer": "yes"})
    message = reminder()
    assert "Передайте показания" in delivered(mailoutbox, message).subject
    assert message.template is None
    assert "вернул editor" in text_of(desk.get(DESK))


def test_a_text_that_names_what_is_no_longer_there_is_passed_over(pskov, save, mailoutbox):
    save(text="{чего больше нет} {ссылка}")
    message = reminder()
    assert "Передайте показания" in delivered(mailoutbox, message).subject
    assert message.template is None


def test_many_messages_ask_for_the_text_once(
    pskov, save, django_assert_max_num_queries, mailoutbox
):
    save(subject="Свой")
    letters = [
        Letter(kind="readings_reminder", recipient=f"{n}@mail.ru", context=CONTEXT)
        for n in range(3)
    ]
    messages_write(letters)
    with django_assert_max_num_queries(100) as asked:
        assert messages_drain() == 3
    assert sum('FROM "messaging_messagetemplate"' in one["sql"] for one in asked) == 1
    assert {one.subject for one in mailoutbox} == {"Свой"}


def test_no_company_uses_another_ones_text(pskov, novgorod: GasCompany, save, mailoutbox):
    save(subject="Псковский")
    with schema_context(novgorod.schema_name):
        message = reminder()
        assert "Передайте показания" in delivered(mailoutbox, message).subject
        assert message.template is None


# --- the desk ------------------------------------------------------------------------------------------


def test_the_editor_saves_a_version_and_the_log_has_it(desk):
    assert desk.post(REMINDER, TYPED).url == DESK
    version = MessageTemplate.objects.get()
    assert (version.version, version.author, version.text) == (1, "editor", TEXT)
    entry = AuditEntry.objects.get(action="message.worded")
    changes = entry.details.pop("changes")
    assert ["Тема письма", "", TYPED["subject"]] in changes
    assert entry.details == {"version": 1}
    listed = text_of(desk.get(DESK))
    assert "Свой текст, версия 1, изменил editor" in " ".join(listed.split())
    assert desk.get(f"{REMINDER}1/").status_code == 200
    assert desk.get(f"{REMINDER}2/").status_code == 404


def test_a_preview_saves_nothing(desk):
    page = desk.post(REMINDER, TYPED | {"preview": "1"})
    shown = page.context["preview"]
    assert "805107000123" in shown.mail and shown.words.subject == "Показания за ноябрь 2026 г."
    assert (shown.signs, shown.parts) == (len(shown.words.short), 2)
    (frame,) = re.findall("<iframe ([^>]*)>", page.content.decode())
    assert 'sandbox=""' in frame and frame.endswith(f'srcdoc="{escape(str(shown.mail))}"')
    assert not MessageTemplate.objects.exists() and not AuditEntry.objects.filter(
        action="message.worded"
    )


def test_the_second_of_two_editors_hears_of_the_first_and_loses_nothing(desk, save):
    save(subject="Первого")
    page = desk.post(REMINDER, TYPED | {"subject": "Второго"})
    assert page.status_code == 200 and MessageTemplate.objects.count() == 1
    assert "сохранил" in text_of(page) and 'value="Второго"' in page.content.decode()
    since = page.context["form"]["since"].value()
    desk.post(REMINDER, TYPED | {"subject": "Второго", "since": since})
    assert MessageTemplate.objects.get(version=2).subject == "Второго"


@pytest.mark.parametrize("path", [DESK, REMINDER, f"{REMINDER}standard/", f"{REMINDER}1/"])
def test_get_and_head_change_nothing(desk, save, path):
    save()
    for method in (desk.get, desk.head):
        assert method(path).status_code in (200, 405)
    assert MessageTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.EDITORS, True),
        (roles.COMPANY_ADMINISTRATORS, True),
        (roles.MODERATORS, False),
        (roles.OPERATORS, False),
        (roles.CASHIERS, False),
    ],
)
def test_editors_and_administrators_word_messages(pskov, role, may):
    client = staff_client(staff_create(username="some", password=PASSWORD, groups=[role]))
    for path in (DESK, REMINDER):
        assert client.get(path).status_code == (200 if may else 404)
    answer = client.post(REMINDER, TYPED)
    assert answer.status_code == (302 if may else 404)
    assert MessageTemplate.objects.exists() == may
    answer = client.post(f"{REMINDER}standard/", {"since": "1", "answer": "yes"})
    assert answer.status_code == (302 if may else 404)
    assert ("/messages/wordings/" in client.get("/admin/").content.decode()) == may


def test_the_central_office_has_no_such_desk(central_admin):
    client = staff_client(central_admin, BASE_HOST)
    assert client.get(DESK).status_code == 404
    assert "/messages/wordings/" not in client.get("/admin/").content.decode()


def test_an_editor_words_the_messages_of_his_own_company(pskov, save):
    save(subject="Псковский")
    with schema_context("novgorod"):
        other = staff_create(username="other", password=PASSWORD, groups=[roles.EDITORS])
        client = staff_client(other, NOVGOROD_HOST)
    assert "Псковский" not in client.get(REMINDER).content.decode()
    assert client.get(f"{REMINDER}1/").status_code == 404
    assert client.post(REMINDER, TYPED | {"subject": "Новгородский"}).url == DESK
    assert MessageTemplate.objects.get().subject == "Псковский"


@pytest.mark.parametrize("kind", ["temporary_password", "phone_code", "parts", "no-such"])
def test_other_kinds_take_no_text(desk, kind):
    for answer in (desk.get(f"{DESK}{kind}/"), desk.post(f"{DESK}{kind}/", TYPED)):
        assert answer.status_code == (200 if kind == "temporary_password" else 404)
    assert desk.post(f"{DESK}{kind}/standard/", {"since": "0"}).status_code == 404
