"""What a mail server answers, and what becomes of the message."""

import datetime
import ssl
from collections.abc import Iterator

import pytest
from django.utils import timezone

from portal.messaging.contrib.smtp import connection
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver, messages_drain
from portal.messaging.services import Letter, message_send, messages_write
from tests.portal.test_messaging import REMINDER
from tests.support.certificates import certificate_written
from tests.support.inbox import CONTEXT, Inbox, smtp_server


@pytest.fixture
def smtp(settings) -> Iterator[Inbox]:
    with smtp_server(settings) as inbox:
        yield inbox


@pytest.fixture
def message(pskov) -> Message:
    return message_send(kind="contact_taken", recipient="nina@mail.ru", context=CONTEXT)


@pytest.fixture
def refused() -> Iterator[list[str]]:
    """Failures that were told of."""
    told: list[str] = []

    def receive(message: Message, **_: object) -> None:
        told.append(message.failure)

    message_refused.connect(receive)
    yield told
    message_refused.disconnect(receive)


def attempted(message: Message) -> Message:
    Message.objects.filter(pk=message.pk, due_at__isnull=False).update(due_at=timezone.now())
    message_deliver(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("at", ["answer", "answer_to_recipient"])
@pytest.mark.parametrize(
    ("answer", "state", "failure", "tells"),
    [
        ("550 5.1.1 no such user", "failed", "no_such", True),
        ("552 5.2.2 over quota", "failed", "full", True),
        ("552 over quota", "failed", "full", True),
        ("550 5.2.1 disabled", "failed", "refused", True),
        ("550 we do not want it", "failed", "refused", True),
        ("554 5.7.1 relay denied", "pending", "", False),
        ("550 5.1.8 bad sender", "pending", "", False),
        ("452 4.2.2 over quota", "pending", "full", False),
        ("451 later", "pending", "", False),
        ("421 good-bye", "pending", "", False),
    ],
)
def test_a_refusal(message, smtp, refused, at, answer, state, failure, tells):
    setattr(smtp, at, answer)
    attempted(message)
    assert (message.state, message.failure) == (state, failure)
    assert message.handed_at is None and smtp.letters == []
    assert refused == ([failure] if tells else [])
    assert "nina" not in message.error
    if state == "pending":
        setattr(smtp, at, "250 OK")
        assert attempted(message).state == "sent" and message.failure == ""
        assert len(smtp.letters) == 1


def test_a_server_that_accepts_and_drops_the_connection(message, smtp):
    smtp.answer = ""
    attempted(message)
    assert message.state == "unknown" and message.handed_at and message.due_at is None
    assert message.text is None and message.failure == ""
    smtp.answer = "250 OK"
    attempted(message)
    assert len(smtp.letters) == 1 and message.state == "unknown"


def test_a_connection_lost_before_the_letter(message, smtp):
    smtp.answer_to_recipient = ""
    attempted(message)
    assert message.state == "pending" and message.handed_at is None
    smtp.answer_to_recipient = "250 OK"
    assert attempted(message).state == "sent" and len(smtp.letters) == 1


def test_a_server_that_is_down_for_a_day(message, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    waited = datetime.timedelta(0)
    while waited < datetime.timedelta(days=1):
        now = timezone.now()
        attempted(message)
        assert message.state == "pending" and message.text
        waited += message.due_at - now
    with smtp_server(settings) as smtp:
        assert attempted(message).state == "sent" and len(smtp.letters) == 1


def test_a_server_that_never_comes_back(message, settings, refused):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for _ in range(len(Message.RETRY_AFTER) + 1):
        attempted(message)
    assert (message.state, message.failure) == ("failed", "unreachable")
    assert refused == [] and message.text is None


def test_a_code_is_not_sent_an_hour_late(pskov, smtp):
    code = message_send(kind="confirm_registration", recipient="nina@mail.ru", context=CONTEXT)
    assert code.expires_at
    smtp.answer = "451 later"
    attempted(code)
    Message.objects.filter(pk=code.pk).update(expires_at=timezone.now())
    smtp.answer = "250 OK"
    attempted(code)
    assert (code.state, code.failure, code.text) == ("failed", "late", None)
    assert smtp.letters == []


def test_a_code_is_looked_at_again_when_it_expires(pskov, smtp):
    code = message_send(kind="confirm_registration", recipient="nina@mail.ru", context=CONTEXT)
    Message.objects.filter(pk=code.pk).update(attempts=4)  # the next pause is two hours
    smtp.answer = "451 later"
    attempted(code)
    assert code.state == "pending" and code.due_at <= code.expires_at + datetime.timedelta(
        seconds=1
    )


def test_dots_and_long_letters_arrive_as_they_were_written(pskov, smtp):
    text = ".точка\r\n..две\r\n.\r\nконец " + "д" * 5000
    message = message_send(kind="contact_taken", recipient="nina@mail.ru", context=CONTEXT)
    message.text, message.html = text, "<p>.</p>"
    message.save()
    attempted(message)
    (letter,) = smtp.letters
    assert letter.get_body(("plain",)).get_content().split() == text.split()


def test_a_worker_that_has_lost_its_lease_ends_no_letter(message, smtp, monkeypatch):
    """It was so slow that another one has taken the message: all but the dot has been sent."""
    whole = connection.with_double_dots

    def slow(content: bytes) -> bytes:
        Message.objects.update(due_at=timezone.now() + Message.LEASE * 2)
        return whole(content)

    monkeypatch.setattr(connection, "with_double_dots", slow)
    assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "pending" and message.handed_at is None
    monkeypatch.undo()
    assert attempted(message).state == "sent" and len(smtp.letters) == 1


def test_an_encrypted_connection_carries_many_letters(pskov, settings, monkeypatch, tmp_path):
    certificate = certificate_written(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_USE_TLS = True
    with smtp_server(settings, tls_context=context, require_starttls=True) as smtp:
        messages_write(Letter("readings_reminder", f"a{n}@mail.ru", REMINDER) for n in range(3))
        assert messages_drain() == 3
    assert len(smtp.letters) == 3 and len(set(smtp.peers)) == 1


def test_a_server_without_encryption_is_given_no_letter(message, settings):
    settings.EMAIL_USE_TLS = True
    with smtp_server(settings) as smtp:
        assert attempted(message).state == "pending" and smtp.letters == []


def test_a_message_whose_last_worker_died_is_unknown_if_it_was_handed_over(message, smtp):
    for handed_at, state in ((timezone.now(), "unknown"), (None, "failed")):
        Message.objects.filter(pk=message.pk).update(
            state="pending",
            due_at=timezone.now(),
            attempts=len(Message.RETRY_AFTER) + 1,
            handed_at=handed_at,
        )
        assert attempted(message).state == state and message.error == "interrupted"
    assert smtp.letters == []
