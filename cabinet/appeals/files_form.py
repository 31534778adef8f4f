"""Files of a form that is not sent yet: several at once, and those that came before stay."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cabinet.appeals.files import (
    FORMATS,
    MOST_BYTES,
    MOST_FILES,
    appeal_file_store,
    pending_file_delete,
)
from portal.formats.numbers import NO_BREAK

# The names of the boxes that take a stored file away again.
LEFT_OUT = "leave_out"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Files that `files_store` looks into, each by itself: the good ones stay though another is refused."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        said = _("Доступны форматы: %(formats)s. До %(most)s файлов, каждый до %(size)s МБ.")
        hint = said % {
            "formats": FORMATS,
            "most": MOST_FILES,
            "size": f"{MOST_BYTES // 1024**2}",
        }
        super().__init__(
            **{
                "label": _("Прикрепить файл"),
                "help_text": hint.replace(" МБ", f"{NO_BREAK}МБ"),
                "required": False,
                **kwargs,
            }
        )

    def clean(self, value: Any) -> "list[UploadedFile[Any]]":
        return [one for one in value or [] if isinstance(one, UploadedFile)]


def files_store(
    form: forms.Form, data: QueryDict, *, subscriber_id: UUID | None = None, by_staff: str = ""
) -> None:
    """Store the files that came with a bound form, whatever else is wrong with it.

    What is refused becomes an error of the field `attached`; what the sender has ticked is deleted. Call it
    outside of a transaction.
    """
    form.is_valid()
    form_key = form.cleaned_data.get("form_key")
    if form_key is None:
        return
    sender: dict[str, Any] = {"subscriber_id": subscriber_id, "by_staff": by_staff}
    for pk in data.getlist(LEFT_OUT):
        try:
            pending_file_delete(pk=UUID(pk), form_key=form_key, **sender)
        except ValueError:
            continue
    for file in form.cleaned_data.get("attached") or []:
        try:
            appeal_file_store(form_key=form_key, file=file, **sender)
        except ValidationError as error:
            if error.code == "too_many":
                form.add_error("attached", error)
                return
            said = [f"{file.name}: {one}" for one in error.messages]
            form.add_error("attached", ValidationError(said))
