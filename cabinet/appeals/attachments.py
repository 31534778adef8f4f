"""Files that are sent along with a form: chosen without scripts, or one by one by a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appeals.files import (
    FORMATS,
    MOST_BYTES,
    MOST_FILES,
    appeal_file_store,
    pending_file_delete,
    pending_files,
)
from cabinet.appeals.limits import may_file_be_stored
from cabinet.appeals.models import AppealFile
from portal.uploads.documents import refused_by_name

_TOO_OFTEN = gettext_lazy(
    "Сейчас мы не можем принять файл: их пришло слишком много. Отправьте обращение без него "
    "или приложите файл завтра."
)


@dataclass
class Attachments:
    """The stored files of a form and what was refused; `hint`: what the company wants to see."""

    form_key: UUID
    stored: Sequence[AppealFile]
    errors: list[str] = field(default_factory=list)
    hint: str = ""

    formats = FORMATS
    accept = ",".join(f".{one}" for one in FORMATS.split(", "))
    most = MOST_FILES
    most_bytes = MOST_BYTES
    megabytes = MOST_BYTES // 1024**2


def attachments_of(
    request: HttpRequest, form_key: UUID, person: UUID, *, hint: str = ""
) -> Attachments:
    """Return the files of a form, once the POST of it has brought or removed some.

    Its fields: `files`, several, and `remove` with the id of a stored one.
    """
    if request.method == "POST":
        if removed := _uuid(request.POST.get("remove")):
            pending_file_delete(pk=removed, form_key=form_key, subscriber_id=person)
        errors = _store(request, form_key, person)
    else:
        errors = []
    stored = list(pending_files(form_key=form_key, subscriber_id=person))
    return Attachments(form_key, stored, errors, hint)


def _store(request: HttpRequest, form_key: UUID, person: UUID) -> list[str]:
    """Store what was chosen, and return why what was not stored is refused."""
    chosen: list[UploadedFile[Any]] = [file for file in request.FILES.getlist("files") if file.name]
    there = pending_files(form_key=form_key, subscriber_id=person).count() if chosen else 0
    if there + len(chosen) > MOST_FILES:
        return [_too_many(len(chosen), there)]
    errors = []
    for file in chosen:
        try:
            file_take(request, form_key, person, file)
        except ValidationError as error:
            errors += error.messages
    return errors


def file_take(
    request: HttpRequest, form_key: UUID, person: UUID, file: "UploadedFile[Any]"
) -> AppealFile:
    """Store one file of a person's form. Raises ValidationError with the name of the file in it."""
    if not may_file_be_stored(request, person, file.size or 0):
        raise ValidationError(_TOO_OFTEN, code="too_often")
    try:
        return appeal_file_store(form_key=form_key, file=file, subscriber_id=person)
    except ValidationError as error:
        raise refused_by_name(file, error) from error


def _too_many(chosen: int, there: int) -> str:
    if there:
        return _(
            "Вы выбрали файлов: %(chosen)d, и %(there)d уже приложено, а можно не больше %(most)d. "
            "Новые файлы не приложены: выберите меньше."
        ) % {"chosen": chosen, "there": there, "most": MOST_FILES}
    return _(
        "Вы выбрали файлов: %(chosen)d, а приложить можно не больше %(most)d. "
        "Ни один не приложен: выберите меньше или соберите снимки в один документ."
    ) % {"chosen": chosen, "most": MOST_FILES}


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
