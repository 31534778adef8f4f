"""Appeals as they lie in the table, for tests of what is shown of them."""

from typing import Any
from uuid import uuid4

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models import Appeal, AppealFile, AppealMessage
from cabinet.subscribers.models import Subscriber
from portal.uploads.services import upload_store


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
