"""Documents from people: the content is checked to be what the extension of the name says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from portal.formats.text import clean_text
from portal.uploads.office import ZIPPED, word97_fault, zipped_fault
from portal.uploads.pictures import PictureRules, picture_redraw

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")  # JPEG, PNG, WebP
_NAME_SHOWN = 60  # of the file that is refused
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
PICTURE_NAMES = ("jpeg", "jpg", "png")
# By code of the ValidationError.
_MESSAGES: dict[str, Any] = {
    "extension": _("Файлы «.%(extension)s» не принимаются. Подойдут: %(allowed)s."),
    "no_extension": _("У файла нет расширения. Подойдут: %(allowed)s."),
    "empty": _("Файл пустой. Проверьте, тот ли он, и выберите другой."),
    "too_large": _("Файл больше %(megabytes)s МБ. Сожмите его или разделите на части."),
    "content": _(
        "Внутри файла не то, что обещает его имя: это не «.%(extension)s». "
        "Сохраните документ заново в нужном формате."
    ),
    "macros": _("В файле есть макросы. Сохраните документ без них."),
    "bomb": _("После распаковки этот файл слишком большой. Сохраните документ заново."),
}


@dataclass(frozen=True)
class UploadRules:
    """What is accepted as a document; with rules of pictures, what is accepted as an attachment."""

    extensions: Collection[str]  # keys of CONTENT_TYPES, without jpg and png
    max_bytes: int = 25 * 1024 * 1024
    pictures: PictureRules | None = None
    # Replace the default messages, by code.
    messages: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Return the extensions as they are named to people."""
        return [*(PICTURE_NAMES if self.pictures else ()), *self.extensions]

    def refusal(self, code: str, extension: str = "") -> ValidationError:
        params = {
            "allowed": ", ".join(self.names),
            "extension": extension,
            "megabytes": round(self.max_bytes / 1024**2),
        }
        return ValidationError(self.messages.get(code) or _MESSAGES[code], code=code, params=params)


@dataclass(frozen=True)
class CheckedUpload:
    """A file that has passed its checks, as it is to be stored."""

    content: File[bytes]
    extension: str  # a key of CONTENT_TYPES


def upload_check(file: File[bytes], rules: UploadRules) -> CheckedUpload:
    """Return a document as it is and a picture drawn anew, whatever the name of the picture.

    Raises ValidationError with a code of `picture_redraw` or `document_check`.
    """
    file.seek(0)
    is_picture = extension_of(file) in PICTURE_NAMES and file.size > 0
    if rules.pictures and (file.read(8).startswith(_PICTURES) or is_picture):
        file.seek(0)
        drawn = picture_redraw(file.file or file, file.size, rules.pictures)
        return CheckedUpload(ContentFile(drawn), rules.pictures.extension)
    return CheckedUpload(file, document_check(file, rules))


def refused_by_name(file: File[bytes], error: ValidationError) -> ValidationError:
    """Return a refusal that names its file, among several that were chosen."""
    name = clean_text(file.name or "")
    if len(name) > _NAME_SHOWN:
        name = f"{name[: _NAME_SHOWN - 10]}…{name[-9:]}"
    said = _("«%(name)s» не приложен. %(why)s") % {"name": name, "why": error.messages[0]}
    return ValidationError(said, code=error.code)


def extension_of(file: File[bytes]) -> str:
    return PurePath(file.name or "").suffix.lower().lstrip(".")


def document_check(file: File[bytes], rules: UploadRules) -> str:
    """Return the extension of a document whose content is what its name says.

    Raises ValidationError with the code `empty`, `extension`, `no_extension`, `too_large`, `content`,
    `macros` or `bomb`. The file is left at its beginning.
    """
    extension = extension_of(file)
    if not file.size:
        raise rules.refusal("empty", extension)
    if extension not in rules.extensions:
        raise rules.refusal("extension" if extension else "no_extension", extension)
    if file.size > rules.max_bytes:
        raise rules.refusal("too_large", extension)
    file.seek(0)
    try:
        if code := _fault(extension, file):
            raise rules.refusal(code, extension)
    finally:
        file.seek(0)
    return extension


def _fault(extension: str, file: File[bytes]) -> str:
    """Return the code of the refusal, or an empty string."""
    head = file.read(1024)
    if head.startswith(_PROGRAMS):
        return "content"
    if extension in ZIPPED:
        return zipped_fault(extension, file)
    if extension == "doc":
        file.seek(0)
        return word97_fault(file, file.size)
    if extension == "pdf":
        # The standard allows other bytes before the mark, and many scanners write some.
        return "" if b"%PDF-" in head else "content"
    if extension == "rtf":
        return "" if head.startswith(b"{\\rtf") else "content"
    return "" if _is_text(head + file.read()) else "content"


def _is_text(content: bytes) -> bool:
    """Return whether it decodes as UTF-8 or cp1251 without control characters."""
    if content.startswith((b"%PDF-", b"PK", b"{\\rtf")):
        return False
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(sign < " " and sign not in "\t\n\r\f" for sign in set(text))
    return False
