"""Applications for connection as they lie in the table, in any state."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from cabinet.connection.lifecycle.by_staff import AskedPaper, application_refuse, papers_ask
from cabinet.connection.lifecycle.codes import code_send
from cabinet.connection.lifecycle.forwarding import application_forward
from cabinet.connection.lifecycle.notices import notify_submitted
from cabinet.connection.models import (
    ConnectionApplication,
    ConnectionPaper,
    ConnectionSettings,
)
from cabinet.subscribers.models import Subscriber
from portal.secrets import random_number
from portal.staff.models import StaffUser
from portal.uploads.services import upload_store

ANSWERS: dict[str, Any] = {
    "applicant": {
        "role": "owner",
        "is_shared": "",
        "owner": "",
        "name": "Ёлкина Алёна Семёновна",
        "phone": "+79115550142",
        "email": "elkina@example.ru",
        "post_address": "180004, г. Псков, ул. Гагарина, д. 5, кв. 12",
        "ground": "registered",
        "ground_text": "Выписка из ЕГРН от 12.10.2026",
    },
    "object": {
        "kind": "house",
        "kind_text": "",
        "address": "Псковский район, д. Тямша, ул. Полевая, д. 7",
        "gasified": "yes",
        "land_number": "60:18:0060201:145",
        "house_number": "",
        "works": ["inside", "meter"],
    },
    "equipment": {
        "units": [
            {
                "type": 1,
                "name": "Плита с духовкой, 4 горелки",
                "count": 1,
                "power": "",
                "flow": "1.2",
            },
            {"type": "7", "name": "Котёл отопления", "count": "1", "power": "24", "flow": "2.81"},
        ],
        "flow": "4.01",
    },
}


def make_application(state: str = "submitted", **fields: Any) -> ConnectionApplication:
    """An application that was sent a day ago, by a guest."""
    now = timezone.now()
    applicant, place = ANSWERS["applicant"], ANSWERS["object"]
    return ConnectionApplication.objects.create(
        **{
            "state": state,
            "number": random_number() if state != "draft" else None,
            "answers": ANSWERS,
            "applicant_name": applicant["name"],
            "phone": applicant["phone"],
            "email": applicant["email"],
            "address": place["address"],
            "cadastral_number": place["land_number"],
            "flow": "4.01",
            "recipient": "АО «Газораспределение»",
            "submitted_at": now - datetime.timedelta(days=1),
            "due_at": None,
            **fields,
        }
    )


def make_paper(
    application: ConnectionApplication | None,
    *,
    title: str = "Ситуационный план",
    name: str = "план.pdf",
    content: bytes = b"%PDF-1.4 plan",
    **fields: Any,
) -> ConnectionPaper:
    extension = name.rpartition(".")[2]
    paper = ConnectionPaper(
        title=title, name=name, size=len(content), extension=extension, **fields
    )
    upload_store(paper, content)
    ConnectionPaper.objects.filter(pk=paper.pk).update(application=application)
    paper.refresh_from_db()
    return paper


def messages_of_connection(owner: Subscriber, boss: StaffUser) -> None:
    """Have each kind of message written once: to a person, to a guest, to the recipient."""
    for fields in ({"subscriber_id": owner.pk}, {}):
        application = make_application(**fields)
        notify_submitted(application)
        code_send(application_pk=application.pk)
        papers_ask(application_pk=application.pk, actor=boss, asked=[AskedPaper("План")])
        application_refuse(application_pk=application.pk, actor=boss, reason="Нет сети.")
    ConnectionSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={"way": "mail", "recipient_email": "gro@example.ru"},
    )
    application_forward(application_pk=make_application(due_at=timezone.now()).pk)
