"""E-mail by SMTP."""

import smtplib
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
        headers={"Message-ID": _message_id(message)},
    )
    mail.attach_alternative(message.html, "text/html")
    mail.send()


def _international(message: Message) -> None:
    """To `почта@пример.рф`: Django would put the name into an encoding that no server reads (RFC 6531)."""
    name, _at, domain = message.recipient.rpartition("@")
    mail = EmailMessage(policy=SMTPUTF8)
    mail["Subject"] = message.subject
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = f"{name}@{idna.encode(domain, uts46=True).decode()}"
    mail["Message-ID"] = _message_id(message)
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    connection = get_connection()
    if not isinstance(connection, EmailBackend):  # a development backend, which writes it down
        return _ordinary(message)
    connection.open()
    try:
        assert connection.connection is not None  # noqa: S101 — opened a line above
        connection.connection.send_message(mail)
    finally:
        connection.close()


def _message_id(message: Message) -> str:
    return f"<{message.pk}@{settings.BASE_HOST}>"
