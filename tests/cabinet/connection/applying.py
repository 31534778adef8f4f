"""Steps of an application for connection, as people send them."""

import re
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Site

from cabinet.connection.models import (
    ConnectionApplication,
    ConnectionSettings,
    EquipmentType,
    PaperType,
)
from portal.messaging.models import Message
from tests.support.files import PDF

START = "/connection/"
NEW = "/connection/new/"
PHONE = "+79112223344"


def connection_on(**fields: Any) -> ConnectionSettings:
    """Let the company whose schema is entered take applications."""
    settings, _ = ConnectionSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={"is_on": True, "recipient": "АО «Газораспределение»", **fields},
    )
    return settings


def applicant(**more: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()),
        "role": "owner",
        "name": "Петров Пётр Петрович",
        "phone": "8 911 222-33-44",
        "email": "petrov@mail.ru",
        "post_address": "180000, Псков, ул. Ленина, д. 1",
        "ground": "registered",
        "captcha": "human",
        **more,
    }


def place(**more: Any) -> dict[str, Any]:
    return {
        "kind": "house",
        "address": "Псковский район, д. Писковичи, ул. Новая, д. 5",
        "gasified": "yes",
        "land_number": "60 27 0140102 45",
        **more,
    }


def units(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return the form of the equipment with these rows."""
    form: dict[str, Any] = {"unit-TOTAL_FORMS": len(rows), "unit-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        form |= {f"unit-{number}-{name}": value for name, value in row.items()}
    return form


def boiler(**more: Any) -> dict[str, Any]:
    kind = EquipmentType.objects.get(name="Котёл отопления")
    return {"type": str(kind.pk), "count": "1", "power": "24", **more}


def begun(client: Client, **more: Any) -> ConnectionApplication:
    """Send the first step, and return the draft that it makes."""
    client.get(NEW)
    answer = client.post(NEW, applicant(**more))
    assert answer.status_code == 302, answer.content.decode()
    key = re.fullmatch(r"/connection/([0-9a-f-]{36})/object/", answer.headers["Location"])
    assert key, answer.headers["Location"]
    return ConnectionApplication.objects.get(key=key[1])


def filled(client: Client, **more: Any) -> str:
    """Fill in every step, and return the address of the draft."""
    address = f"/connection/{begun(client, **more).key}/"
    assert client.post(f"{address}object/", place()).status_code == 302
    assert client.post(f"{address}equipment/", units(boiler())).status_code == 302
    needed = PaperType.objects.filter(when="always", is_required=True)
    files = {f"files-{one.pk}": SimpleUploadedFile("план.pdf", PDF) for one in needed}
    assert client.post(f"{address}papers/", files).status_code == 302
    return address


def code_sent() -> str:
    """Return the code of the last SMS about an application."""
    text = Message.objects.filter(kind="connection_code").latest("created_at").text
    found = re.search(r"\d{3}\s?\d{3}", text)
    assert found, text
    return found[0]
