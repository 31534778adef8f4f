"""What companies add to letters, and every kind of letter as the staff see it."""

import re

import pytest
from django.template import engines

from cabinet.notifications.wordings.letters import NOTED, letter_titles
from cabinet.notifications.wordings.samples import letter_preview
from portal.audit.models import AuditEntry
from portal.messaging.letterhead import Letterhead, takes_note, takes_signature
from portal.messaging.models import Message, MessageTemplate
from portal.messaging.sending import message_deliver
from portal.messaging.services import message_send
from tests.support.factories import staff_client, text_of
from tests.support.inbox import CONTEXT, smtp_server

LETTERS = "/admin/messages/letters/"
TYPED = {
    "sender_name": "Псковгаз",
    "reply_to": "office@gas.ru",
    "signature": "С уважением,\n<b>Псковгаз</b>",
}


@pytest.fixture
def boss(company_administrator):
    company_administrator.email = "boss@gas.ru"
    company_administrator.save()
    return staff_client(company_administrator)


def test_sender_answers_and_signature(boss, settings, pskov):
    assert "Укажите адрес для ответов" in text_of(boss.get("/admin/"))
    assert pskov.name in text_of(boss.get(LETTERS))
    for field, wrong, said in (
        ("sender_name", "support@bank.ru", "не должно быть адреса"),
        ("reply_to", "office", "адрес"),
        ("reply_to", settings.DEFAULT_FROM_EMAIL, "его никто не читает"),
        ("signature", "я" * 501, "500"),
    ):
        page = boss.post(LETTERS, TYPED | {field: wrong})
        assert said in text_of(page) and list(page.context["form"].errors) == [field], field
    preview = text_of(boss.post(LETTERS, TYPED | {"preview": "1"}))
    assert "Псковгаз" in preview and "&amp;lt;b&amp;gt;Псковгаз" in preview
    assert not AuditEntry.objects.filter(action="message.letters").exists()
    assert boss.post(LETTERS, TYPED).status_code == 302
    changes = AuditEntry.objects.get(action="message.letters").details["changes"]
    assert ["Куда приходят ответы на письма", "", "office@gas.ru"] in changes
    assert ["Подпись в письмах", "", TYPED["signature"]] in changes
    assert "Укажите адрес для ответов" not in text_of(boss.get("/admin/"))

    with smtp_server(settings) as inbox:
        boss.post(f"{LETTERS}test/")
        code = {"kind": "confirm_registration", "context": CONTEXT | {"code": "1"}}
        message_send(recipient="почта@пример.рф", **code)
        for message in Message.objects.order_by("created_at"):
            assert message_deliver(message.pk)
    for letter in inbox.letters:
        sender = letter["From"].addresses[0]
        name = sender.display_name.encode("utf-8", "surrogateescape").decode()
        assert (name, sender.addr_spec) == ("Псковгаз", settings.DEFAULT_FROM_EMAIL)
        assert letter["Reply-To"] == "office@gas.ru"
        assert "ответ придёт в компанию" in letter.get_body(("plain",)).get_content()
    test, secret = (one.get_body(("html",)).get_content() for one in inbox.letters)
    assert "С уважением,<br>" in test and "&lt;b&gt;Псковгаз" in test
    assert "С уважением" not in secret  # no words but the portal's beside a code


def test_a_note_stands_in_the_letters_of_its_kind(boss):
    desk = "/admin/messages/wordings/appeal_received/"
    typed = {"since": "0", "text": "Касса {закрыта} <i>в понедельник</i>."}
    assert "Как увидит получатель" in text_of(boss.get(desk))
    boss.post(desk, typed | {"preview": "1"})
    for address in ("https://gas.ru/x", "WWW.gas.by", "на сайте псков-газ.рф.", "gas.ru/сроки"):
        refused = text_of(boss.post(desk, typed | {"text": f"Сроки: {address}"}))
        assert "Уберите адрес страницы" in refused and address in refused
    typed["text"] += " Пишите на a@gas.ru, и.о.директора: 5.5."
    assert not MessageTemplate.objects.exists()
    assert boss.post(desk, typed).status_code == 302
    late = text_of(boss.post(desk, typed | {"text": "Другое"}))
    assert "ещё не сохранён" in late and MessageTemplate.objects.count() == 1
    sent = message_send(
        kind="appeal_received", recipient="a@b.ru", context={"company_name": "Газ", "number": 7}
    )
    assert "Касса {закрыта} &lt;i&gt;в понедельник" in sent.html
    assert "Касса {закрыта} <i>в понедельник</i>." in sent.text
    assert "Убрать приписку" in text_of(boss.post(f"{desk}standard/", {"since": "1"}))
    assert MessageTemplate.objects.count() == 1
    boss.post(f"{desk}standard/", {"since": "1", "answer": "yes"})
    again = message_send(
        kind="appeal_received", recipient="a@b.ru", context={"company_name": "Газ", "number": 7}
    )
    assert "Касса" not in again.html
    page = boss.get("/admin/messages/wordings/password_changed/")
    assert "только портал" in text_of(page) and "form" in page.context
    closed = boss.post("/admin/messages/wordings/password_changed/", typed)
    assert closed.status_code == 200 and MessageTemplate.objects.count() == 2
    assert boss.get("/admin/messages/wordings/nothing/").status_code == 404


def test_every_kind_is_shown_whole_and_secrets_take_no_words(pskov, monkeypatch, settings):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "¿%s¿")
    for kind in letter_titles():
        shown = letter_preview(kind, "Газ", None, Letterhead())
        holes = re.findall("¿[^¿]*¿", shown["subject"] + shown["html"])
        assert not holes and shown["subject"], (kind, holes)
        if settings.MESSAGE_QUEUES.get(kind) == "urgent":
            assert not takes_signature(kind), kind
    assert all(takes_note(kind) for kind in NOTED)
