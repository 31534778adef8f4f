"""What a browser sends with the registration form, and what comes by mail and SMS."""

import re
from typing import Any

from django.test import Client

from cabinet.subscribers.consents.documents import documents_to_accept
from portal.connection import connection
from portal.messaging.models import Message
from tests.support.factories import PASSWORD, PSKOV_HOST

REGISTER = "/cabinet/register/"
PHONE = "+79111234567"


def browser(host: str = PSKOV_HOST) -> Client:
    return Client(headers={"host": host})


def boxes() -> dict[str, str]:
    """The ticked consents of the company whose schema is entered."""
    documents = documents_to_accept(connection.tenant)
    return {document.kind: document.text_hash[:16] for document in documents}


def by_email(email: str = "nina@mail.ru", **changed: Any) -> dict[str, Any]:
    form = {"by": "email", "email": email, "password": PASSWORD, "captcha": "human"}
    return {**form, **boxes(), **changed}


def by_phone(phone: str = "8 (911) 123-45-67", **changed: Any) -> dict[str, Any]:
    return by_email("", by="phone", phone=phone, **changed)


def link_of(message: Message) -> str:
    return re.search(r"/cabinet/confirm/\S+/", message.text)[0]


def code_of(message: Message) -> str:
    return re.search(r"\d{3} \d{3}", message.text)[0]


def last_message() -> Message:
    return Message.objects.latest("created_at")
