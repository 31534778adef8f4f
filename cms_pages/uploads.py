"""What editors may upload. A name promises something; here the content is asked whether it keeps it."""

import zipfile
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

MAX_DOCUMENT_BYTES = 25 * 1024 * 1024

# How a file of this kind begins.
SIGNATURES = {
    "pdf": b"%PDF-",
    "rtf": b"{\\rtf",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "ods": b"PK\x03\x04",
}
# What the archive of an office file of this kind holds.
MEMBERS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}


class SiteImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
            self.fields["file"].error_messages["file_too_many_pixels"] = (
                f"Снимок слишком большой: больше {millions} мегапикселей. Уменьшите его — для сайта "
                "хватает 2000 точек по длинной стороне."
            )


class SiteDocumentForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and "file" in self.changed_data:
            check_document(file.name, file)
        return file

    def _post_clean(self) -> None:
        """Without the model's word on the name of a file that is refused already."""
        super()._post_clean()
        if "file" in self.errors:
            self.errors.pop(NON_FIELD_ERRORS, None)


def check_document(name: str, file: Any) -> None:
    """Raises ValidationError, in Russian, for a file that is not what its name says."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in settings.WAGTAILDOCS_EXTENSIONS:
        allowed = ", ".join(settings.WAGTAILDOCS_EXTENSIONS)
        raise ValidationError(
            f"Файлы «.{extension}» на сайт не загружаются. Подойдут: {allowed}."
            if extension
            else f"У файла нет расширения. Подойдут: {allowed}."
        )
    if file.size > MAX_DOCUMENT_BYTES:
        raise ValidationError("Файл больше 25 МБ. Сожмите его или разделите на части.")
    file.seek(0)
    try:
        if not _keeps_promise(extension, file):
            raise ValidationError(
                f"Внутри файла не то, что обещает его имя: это не «.{extension}». "
                "Сохраните документ заново в нужном формате."
            )
    finally:
        file.seek(0)


def _keeps_promise(extension: str, file: BinaryIO) -> bool:
    signature = SIGNATURES.get(extension)
    if signature is None:
        return _is_text(file.read(4096))
    # The PDF standard lets other bytes come before the mark; many scanners write some.
    head = file.read(1024)
    if not (signature in head if extension == "pdf" else head.startswith(signature)):
        return False
    if head.startswith(b"MZ"):  # a Windows program with the mark inside it
        return False
    return extension not in MEMBERS or _has_member(file, MEMBERS[extension])


def _has_member(file: BinaryIO, member: str) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return member in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and not head.startswith((b"MZ", b"\x7fELF", b"%PDF-", b"PK"))
