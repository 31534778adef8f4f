"""Pictures and documents of shared content, imported once a company by the hash of their content."""

from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

from cms_pages.shared.exceptions import SharedRefused

_MODELS: dict[str, type[Any]] = {"image": Image, "document": Document}
_COPIED = {
    "image": (
        "title",
        "description",
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    ),
    "document": ("title",),
}
_FOLDERS = {"image": "original_images", "document": "documents"}


def file_packed(kind: str, number: Any) -> tuple[str, dict[str, Any]]:
    """Return the key of public's file, and what a company needs to import it.

    The content is put aside, so that a version can still be delivered when the file is replaced.
    Raises SharedRefused when the file is gone.
    """
    row = _MODELS[kind].objects.filter(pk=number).first()
    try:
        if row is None:
            raise FileNotFoundError
        digest = row.get_file_hash()
        extension = PurePath(row.file.name).suffix.lower()
        aside = f"shared/{digest}{extension}"
        if not default_storage.exists(aside) or default_storage.size(aside) != row.file.size:
            default_storage.delete(aside)
            with row.file.open("rb") as content:
                default_storage.save(aside, content)
    except FileNotFoundError as error:
        raise SharedRefused(_("Снимка или файла из текста больше нет: выберите другой.")) from error
    about = {name: getattr(row, name) for name in _COPIED[kind]}
    return f"{kind}:{digest}", {"kind": kind, "aside": aside, "fields": about}


def file_imported(key: str, about: dict[str, Any]) -> int:
    """Return the number of the company's row with this content, imported if it is missing.

    The caller keeps other deliveries of this company out. A file that a killed worker left is written
    anew, under the same name. Raises SharedRefused.
    """
    model, digest = _MODELS[about["kind"]], key.partition(":")[2]
    path = f"{_FOLDERS[about['kind']]}/{PurePath(about['aside']).name}"
    # A file in a restricted collection is not shown to all visitors; an imported one may be anywhere.
    here = Q(collection=Collection.get_first_root_node()) | Q(file=path)
    found = model.objects.filter(here, file_hash=digest).order_by("pk").first()
    if found is None:
        content = _content(about["aside"])
        default_storage.delete(path)
        found = model.objects.create(
            **about["fields"],
            file=ContentFile(content, name=PurePath(path).name),
            file_size=len(content),
            file_hash=digest,
        )
    return int(found.pk)


def _content(aside: str) -> bytes:
    try:
        with schema_context("public"), default_storage.open(aside, "rb") as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise SharedRefused(_("Файл материала потерян: отправьте материал ещё раз.")) from error
