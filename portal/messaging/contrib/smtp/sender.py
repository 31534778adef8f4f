"""E-mail by SMTP."""

import smtplib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from email.message import EmailMessage as ModernEmailMessage
from email.policy import SMTPUTF8

import idna
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from portal.messaging.base import Sender
from portal.messaging.contrib.smtp.connection import connection_open, smtp_send
from portal.messaging.handing import handed
from portal.messaging.letterhead import letterhead, sender_address
from portal.messaging.models import Message


class SmtpSender(Sender):
    identifier = "smtp"

    def batch(self) -> AbstractContextManager[None]:
        return connection_open()

    def send(self, message: Message) -> None:
        if message.recipient.partition("@")[0].isascii():
            mail_send(message, _ordinary(message))
        else:
            _international(message)


def mail_send(message: Message, mail: EmailMessage) -> None:
    """Send the mail that Django has made of a message. Raises as a sender does."""
    if not isinstance(
        get_connection(), EmailBackend
    ):  # a development backend, which writes it down
        handed(message)
        mail.send()
        return
    sender = sanitize_address(mail.from_email, "utf-8")
    recipients = [sanitize_address(one, "utf-8") for one in mail.recipients()]
    content = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own
    smtp_send(message, lambda smtp: smtp.sendmail(sender, recipients, content))


def _ordinary(message: Message) -> EmailMessage:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=str(sender_address(letterhead().sender)),
        to=[message.recipient],  # Django writes an international domain in its ASCII form
        headers=_headers(message),
    )
    mail.attach_alternative(message.html, "text/html")
    for name, content, content_type in _files(message):
        mail.attach(name, content, content_type)
    return mail


def _international(message: Message) -> None:
    """Send to an address such as `почта@пример.рф` (RFC 6531).

    Django would put the name into an encoding that no server reads.
    """
    if not isinstance(get_connection(), EmailBackend):
        return mail_send(message, _ordinary(message))
    name, _at, domain = message.recipient.rpartition("@")
    mail = ModernEmailMessage(policy=SMTPUTF8)
    mail["Subject"] = message.subject
    mail["From"] = sender_address(letterhead().sender)
    mail["To"] = f"{name}@{idna.encode(domain, uts46=True).decode()}"
    for header, value in _headers(message).items():
        mail[header] = value
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for file, content, content_type in _files(message):
        maintype, _slash, subtype = content_type.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=file)

    def send(smtp: smtplib.SMTP) -> None:
        smtp.send_message(mail)

    smtp_send(message, send)


def _headers(message: Message) -> dict[str, str]:
    """Return the headers that say what the letter is, and how to cancel its kind by one click (RFC 8058)."""
    headers = {
        "Message-ID": f"<{message.pk}@{settings.BASE_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    if reply_to := message.reply_to or letterhead().reply_to:
        headers["Reply-To"] = reply_to
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _files(message: Message) -> Iterator[tuple[str, bytes, str]]:
    for file, content in message.files:
        yield file.name, content, file.content_type
