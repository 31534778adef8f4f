"""Appeals: as they lie in the table, and through the services that open and answer them."""

from typing import Any
from uuid import uuid4

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.lifecycle.by_staff import appeal_answer
from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.models import Appeal, AppealFile, AppealKind, AppealMessage
from cabinet.subscribers.models import Subscriber
from portal.staff import roles
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from portal.uploads.services import upload_store
from tests.support.factories import PASSWORD


def make_appeal(
    writer: Subscriber | None, account: PersonalAccount | None = None, **fields: Any
) -> Appeal:
    return Appeal.objects.create(
        **{
            "form_key": uuid4(),
            "source": Appeal.Source.CABINET,
            "subscriber_id": writer.pk if writer else None,
            "account": account,
            "kind_name": "Поверка ПУГ",
            "text": "Требуется пломбировка",
            **fields,
        }
    )


def make_message(appeal: Appeal, text: str, author: str = "staff", **fields: Any) -> AppealMessage:
    return AppealMessage.objects.create(
        form_key=uuid4(), appeal=appeal, text=text, author=author, **fields
    )


def make_file(
    appeal: Appeal | None,
    message: AppealMessage | None = None,
    *,
    name: str = "akt.txt",
    content: bytes = b"\xd0\x90\xd0\xba\xd1\x82",
    **fields: Any,
) -> AppealFile:
    extension = name.rpartition(".")[2]
    file = AppealFile(
        appeal=appeal,
        message=message,
        name=name,
        size=len(content),
        extension=extension,
        **{"form_key": uuid4(), **fields},
    )
    upload_store(file, content)
    return file


TEXT = "Добрый день! Когда будет поверка моего счётчика?"


def make_kind(name: str = "Поверка ПУГ", **fields: Any) -> AppealKind:
    """A kind of this name, which may be one of a new company's."""
    return AppealKind.objects.update_or_create(name=name, defaults=fields)[0]


def make_operator(username: str = "anna") -> StaffUser:
    return staff_create(username=username, password=PASSWORD, groups=[roles.OPERATORS])


def opened(owner: Any = None, account: Any = None, **fields: Any) -> Appeal:
    """An appeal as the cabinet opens it; without an owner, a guest's of the site."""
    by_login = {
        "source": Appeal.Source.CABINET,
        "subscriber_id": owner and owner.pk,
        "account": account,
        "contact_name": "О. Е. Г.",
        "email": owner and owner.email,
        "phone": "+79111234567",
    }
    by_guest = {"source": Appeal.Source.SITE, "email": "guest@mail.ru", "kind_name": "Вопрос"}
    return appeal_open(
        **{
            "kind": AppealKind.objects.get(name="Поверка ПУГ"),
            "text": TEXT,
            "form_key": uuid4(),
            **(by_login if owner else by_guest),
            **fields,
        }
    )


def answered(appeal: Appeal, actor: StaffUser, text: str = "Поверка — 5 декабря.", **fields: Any):
    """An answer by who has seen all that was written."""
    last = appeal.messages.order_by("-pk").first()
    return appeal_answer(
        **{
            "appeal_pk": appeal.pk,
            "actor": actor,
            "text": text,
            "form_key": uuid4(),
            "outcome": "answered",
            "seen": last.pk if last else 0,
            **fields,
        }
    )
