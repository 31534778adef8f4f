"""The row is the outbox: a letter survives a lost broker, a killed worker, a server that is down."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.jobs import job_claim
from portal.messaging.models import Attachment, Message
from portal.messaging.sending import message_deliver
from portal.messaging.services import File, message_send, messages_forget
from portal.messaging.tasks import messages_sweep
from tests.support.inbox import CONTEXT, Inbox, smtp_server
from tests.support.jobs import swept


@pytest.fixture
def smtp(settings) -> Iterator[Inbox]:
    with smtp_server(settings) as inbox:
        yield inbox


@pytest.fixture
def message(pskov) -> Message:
    return message_send(kind="confirm_registration", recipient="nina@mail.ru", context=CONTEXT)


def later(message: Message, by: datetime.timedelta) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - by)


def test_a_letter_goes_out_and_its_text_is_wiped(message, smtp):
    assert message_deliver(message.pk)
    (letter,) = smtp.letters
    assert letter["To"] == "nina@mail.ru"
    assert str(message.pk) in letter["Message-ID"]
    assert "секрет-123" in letter.get_body(("plain",)).get_content()
    message.refresh_from_db()
    assert message.state == "sent" and message.text is None and message.html is None


def test_it_goes_out_once(message, smtp):
    message_deliver(message.pk)
    assert not message_deliver(message.pk)
    swept(messages_sweep)
    assert len(smtp.letters) == 1


def test_a_claimed_one_is_left_alone_until_its_lease_ends(message, smtp):
    """A worker was killed between claiming and sending."""
    assert job_claim(Message.objects.all(), message.pk)
    swept(messages_sweep)
    assert smtp.letters == []
    later(message, -Message.LEASE + datetime.timedelta(seconds=1))
    swept(messages_sweep)
    assert smtp.letters == []
    later(message, datetime.timedelta(0))
    swept(messages_sweep)
    assert len(smtp.letters) == 1


def test_a_server_that_is_down_is_tried_again(message, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "pending" and message.text and message.due_at > timezone.now()
    assert message.error == "ConnectionRefusedError"


def test_a_refusal_is_tried_again_and_given_up_in_the_end(message, smtp):
    smtp.answer = "451 later"
    for _ in range(len(Message.RETRY_AFTER) + 1):
        later(message, datetime.timedelta(0))
        message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "failed" and message.text is None


def test_secrets_are_not_in_the_table(message):
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, subject, text, html FROM messaging_message")
        stored = " ".join(cursor.fetchone())
    for secret in ("nina@mail.ru", "секрет-123", "Подтвердите"):
        assert secret not in stored


def test_no_row_without_the_change_that_it_tells_of(pskov):
    with transaction.atomic():
        message_send(kind="confirm_registration", recipient="a@b.ru", context=CONTEXT)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_lost_broker_fails_nothing(pskov, monkeypatch, django_capture_on_commit_callbacks):
    from kombu.exceptions import OperationalError

    from portal import jobs

    def lost(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(jobs.current_app, "send_task", lost)
    with django_capture_on_commit_callbacks(execute=True):
        message_send(kind="confirm_registration", recipient="a@b.ru", context=CONTEXT)
    assert Message.objects.get().state == "pending"


@pytest.mark.parametrize(
    "kind", ["confirm_registration", "already_registered", "account_linked_by_other"]
)
def test_every_letter_has_its_three_parts(pskov, kind):
    context = CONTEXT | {"account_number": "805107"}
    message = message_send(kind=kind, recipient="a@b.ru", context=context)
    assert "\n" not in message.subject and "Газ" in message.subject
    for part in (message.text, message.html):
        assert "http://x/" in part and "Здравствуйте" in part


def test_what_was_written_long_ago_is_forgotten(db):
    now = timezone.now()
    old = ["sent", "delivered", "unknown", "failed", "pending"]
    for state, days in [*((state, 91) for state in old), ("sent", 89)]:
        message = Message.objects.create(kind="x", recipient="a@mail.ru", state=state, due_at=now)
        Message.objects.filter(pk=message.pk).update(created_at=now - datetime.timedelta(days=days))
    assert messages_forget() == 4
    assert sorted(Message.objects.values_list("state", flat=True)) == ["pending", "sent"]


REMINDER = {
    "company_name": "Газ",
    "account_number": "805107",
    "label": "",
    "month": "май 2026 г.",
    "until": "25 мая",
    "url": "http://x/readings/",
    "off_url": "http://x/off/секрет-123/",
}


class TestWhatGoesToMany:
    @pytest.fixture
    def reminder(self, pskov) -> Message:
        return message_send(
            kind="readings_reminder",
            recipient="nina@mail.ru",
            context=REMINDER,
            unsubscribe_url="http://x/off/секрет-123/",
        )

    def test_it_is_rendered_when_it_is_sent(self, reminder, smtp):
        reminder.refresh_from_db()
        assert reminder.text is None and reminder.html is None and reminder.subject is None
        assert message_deliver(reminder.pk)
        (letter,) = smtp.letters
        assert (
            " ".join(letter["Subject"].split())
            == "Передайте показания за май 2026 г. до 25 мая — Газ"
        )
        assert "805107" in letter.get_body(("plain",)).get_content()
        assert "Не&nbsp;напоминать больше" in letter.get_body(("html",)).get_content()
        reminder.refresh_from_db()
        assert reminder.context is None and reminder.unsubscribe_url is None
        assert reminder.subject and reminder.text is None

    def test_its_context_is_frozen_and_encrypted(self, reminder):
        with connection.cursor() as cursor:
            cursor.execute("SELECT context, unsubscribe_url FROM messaging_message")
            stored = " ".join(cursor.fetchone())
        assert "секрет-123" not in stored and "805107" not in stored

    def test_a_context_that_is_not_json_is_refused(self, pskov):
        context = REMINDER | {"until": datetime.date(2026, 5, 25)}
        with pytest.raises(TypeError):
            message_send(kind="readings_reminder", recipient="a@b.ru", context=context)

    def test_it_can_be_left_by_one_click(self, reminder, smtp):
        message_deliver(reminder.pk)
        (letter,) = smtp.letters
        assert letter["List-Unsubscribe"] == "<http://x/off/секрет-123/>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_every_letter_says_that_no_person_wrote_it(message, smtp):
    message_deliver(message.pk)
    (letter,) = smtp.letters
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None  # nobody asked for it to come again


@pytest.mark.parametrize("recipient", ["nina@mail.ru", "нина@пример.рф"])
def test_files_go_with_a_letter_and_are_deleted_after_it(pskov, smtp, recipient):
    pdf = File("Квитанция 05.2026.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")
    message = message_send(
        kind="confirm_registration", recipient=recipient, context=CONTEXT, attachments=[pdf]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM messaging_attachment")
        assert "PDF" not in cursor.fetchone()[0]
    assert message_deliver(message.pk)
    (letter,) = smtp.letters
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (pdf.name, pdf.content)
    assert attached.get_content_type() == "application/pdf"
    assert letter.get_body(("plain",)) and letter.get_body(("html",))
    assert not Attachment.objects.exists()


def test_files_of_a_letter_that_was_given_up_go_too(pskov, smtp):
    smtp.answer = "550 no such user"
    pdf = File("a.pdf", b"%PDF", "application/pdf")
    message = message_send(
        kind="confirm_registration", recipient="a@b.ru", context=CONTEXT, attachments=[pdf]
    )
    message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state in ("failed", "pending")
    Message.objects.filter(pk=message.pk).update(state="failed")
    messages_forget()
    assert not Attachment.objects.exists()
