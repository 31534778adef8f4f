"""Each channel has its sender: SMS of the demo, letters to addresses of any script."""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from devtools.demo.mailbox import letters
from portal.messaging.models import Message
from portal.messaging.registry import channel_available, sender_for
from portal.messaging.sending import message_deliver
from portal.messaging.services import message_render, message_send
from tests.support.inbox import CONTEXT, smtp_server

PHONE = "+79111234567"
TEMPLATES = Path(django_settings.BASE_DIR) / "templates" / "messages"
BY_SMS = sorted(path.stem for path in TEMPLATES.glob("*.html") if "block sms" in path.read_text())
# All that any of them asks for, at its longest.
LONG = {
    "company_name": "ООО «Газпром межрегионгаз Псков»",
    "account_number": "805107000123",
    "amount": "123 456,78 ₽",
    "number": 1234567,
    "code": "482 913",
    "hours": 24,
    "minutes": 60,
    "until": "25 сентября",
    "month": "сентябрь 2026 г.",
    "said": "к оплате 123 456,78 ₽ до 25 сентября",
    "title": "Плановый ремонт газопровода на улице Коммунальной и переулке Никитском " * 2,
    "when_short": "25 сентября в 10:20",
    "centre_name": "Центр обслуживания абонентов «Великолукский»",
    "centre_phone": {"number": "8 (8112) 59-50-50"},
    "by_company": True,
    "url": "https://pskov.gaz-kabinet.ru/cabinet/login/pass/" + "x" * 43 + "/",
}
SEGMENTS = 3  # of 67 letters: a long link; each is paid for


@pytest.fixture
def catcher(tmp_path, settings) -> Iterator[Path]:
    """The demo's mail catcher, a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.demo.mail", str(number), str(tmp_path)],
            pass_fds=(number,),
        )
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        yield tmp_path
        process.kill()
        process.wait()


def sms(**context) -> Message:
    return message_send(
        kind="confirm_registration", recipient=PHONE, channel="sms", context=LONG | context
    )


def test_an_sms_is_shown_on_the_demos_page(pskov, catcher, guest, settings):
    settings.DEMO_MAIL_DIR = catcher
    assert message_deliver(sms().pk)
    (letter,) = letters(catcher)
    assert letter.channel == "СМС" and letter.recipient == PHONE and "482 913" in letter.text
    page = guest.get("/demo/mail/").content.decode()
    assert "СМС: Код 482 913" in page and PHONE in page


def test_its_code_is_neither_kept_nor_logged(pskov, catcher, caplog):
    caplog.set_level(logging.DEBUG)
    message = sms()
    message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "sent" and message.text is None
    assert "482 913" not in caplog.text and PHONE not in caplog.text


def test_a_catcher_that_is_down_loses_nothing(pskov, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = sms()
    assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "pending" and "482 913" in message.text
    assert PHONE not in caplog.text


def test_the_demos_sender_refuses_to_work_elsewhere(pskov, catcher, settings):
    settings.DEMO = False
    message = sms()
    assert not message_deliver(message.pk) and letters(catcher) == []
    message.refresh_from_db()
    assert message.state == "pending" and message.error == "no sender"


def test_a_channel_without_a_sender(settings):
    settings.MESSAGE_SENDERS = {"email": "smtp", "sms": ""}
    assert channel_available("email") and not channel_available("sms")
    with pytest.raises(ImproperlyConfigured, match="sms"):
        sender_for("sms")


@pytest.mark.parametrize("kind", [kind for kind in BY_SMS if kind != "base"])
def test_an_sms_is_short(pskov, kind):
    message = message_send(kind=kind, recipient=PHONE, channel="sms", context=LONG)
    message_render(message, LONG)
    assert message.subject is None and message.html is None
    assert len(message.text) <= SEGMENTS * 67, message.text
    if kind == "confirm_registration":
        assert len(message.text) <= 70, message.text


@pytest.mark.parametrize(
    ("recipient", "envelope"),
    [
        ("иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai"),
        ("ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_address_of_any_script(pskov, catcher, recipient, envelope):
    message = message_send(kind="confirm_registration", recipient=recipient, context=CONTEXT)
    assert message_deliver(message.pk)
    (letter,) = letters(catcher)
    assert letter.recipient == envelope
    assert "секрет-123" in letter.text


def test_a_server_without_such_addresses_is_not_asked_for_ever(pskov, settings):
    message = message_send(kind="confirm_registration", recipient="иван@пример.рф", context=CONTEXT)
    with smtp_server(settings, enable_SMTPUTF8=False):
        assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "failed" and message.error == "SMTPNotSupportedError"
