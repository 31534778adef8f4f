"""E-mail by SMTP."""

import base64
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTPUTF8

import idna
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from portal.messaging.base import RecipientRefused, Sender, SendingFailed
from portal.messaging.models import Message

_REFUSED_FOR_GOOD = range(500, 600)


class SmtpSender(Sender):
    identifier = "smtp"

    def send(self, message: Message) -> None:
        try:
            if message.recipient.partition("@")[0].isascii():
                _ordinary(message)
            else:
                _international(message)
        except smtplib.SMTPNotSupportedError as error:  # our own server knows no such addresses
            raise RecipientRefused(type(error).__name__) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            good = all(code in _REFUSED_FOR_GOOD for code in codes)
            raise (RecipientRefused if good else SendingFailed)(type(error).__name__) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendingFailed(type(error).__name__) from error


def _ordinary(message: Message) -> None:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],  # Django writes an international domain in its ASCII form
        headers=_headers(message),
    )
    mail.attach_alternative(message.html, "text/html")
    for name, content, content_type in _files(message):
        mail.attach(name, content, content_type)
    mail.send()


def _international(message: Message) -> None:
    """Send to an address such as `почта@пример.рф` (RFC 6531).

    Django would put the name into an encoding that no server reads.
    """
    name, _at, domain = message.recipient.rpartition("@")
    mail = EmailMessage(policy=SMTPUTF8)
    mail["Subject"] = message.subject
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = f"{name}@{idna.encode(domain, uts46=True).decode()}"
    for header, value in _headers(message).items():
        mail[header] = value
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for file, content, content_type in _files(message):
        maintype, _slash, subtype = content_type.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=file)
    connection = get_connection()
    if not isinstance(connection, EmailBackend):  # a development backend, which writes it down
        return _ordinary(message)
    connection.open()
    try:
        assert connection.connection is not None  # noqa: S101 — opened a line above
        connection.connection.send_message(mail)
    finally:
        connection.close()


def _headers(message: Message) -> dict[str, str]:
    """Return the headers that say what the letter is, and how to cancel its kind by one click (RFC 8058)."""
    headers = {
        "Message-ID": f"<{message.pk}@{settings.BASE_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _files(message: Message) -> Iterator[tuple[str, bytes, str]]:
    for file in message.files:
        yield file.name, base64.b64decode(file.content), file.content_type
