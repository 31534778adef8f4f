"""The form of an application, as a browser sends it, and what comes by mail."""

import re
from typing import Any

from django.test import Client
from wagtail.models import Site

from cabinet.accounts.models import Application, RegistrationSettings
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import boxes

FORM = "/cabinet/register/application/"


def by_application(on: bool = True) -> None:
    """Let people register by an application at the company whose schema is entered, or not."""
    RegistrationSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"by_application": on}
    )


def filled(**changed: Any) -> dict[str, Any]:
    """The form about account 805107, all as billing has it."""
    form = {
        "address": "Псков, Рижский пр., 20, кв. 1",
        "account_number": "805107",
        "email": "nina@mail.ru",
        "last_name": "Осипова",
        "first_name": "Елена",
        "patronymic": "Григорьевна",
        "phone": "8 (911) 123-45-67",
        "document_kind": "register_extract",
        "document_number": "60:27:0140203:211-60/001/2019-1",
        "document_date": "12.03.2015",
        "captcha": "human",
    }
    return {**form, **boxes(), **changed}


def letter_path(kind: str = "confirm_application") -> str:
    """The address that the last letter of a kind leads to."""
    message = Message.objects.filter(kind=kind).latest("created_at")
    return re.search(r"https?://[^/\s]+(/cabinet/\S+/)", message.text)[1]


def applied(client: Client, **changed: Any) -> Application:
    """Apply and confirm; return the application, which waits for an operator."""
    assert client.post(FORM, filled(**changed)).status_code == 302
    assert client.post(letter_path()).status_code == 302
    return Application.objects.latest("created_at")
