"""The company's logo: an SVG of shapes alone, or a picture that is drawn anew."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.desk.versions import VersionedForm
from portal.uploads.pictures import PictureRules, picture_redraw
from portal.uploads.svg import UnsafeSvg, check_svg

RULES = PictureRules(
    max_bytes=1_000_000,
    max_pixels=4_000_000,
    longest_side=800,  # sharp on any screen at the size of a header
    save_as="PNG",
    messages={
        "too_large": _("Файл больше 1 МБ. Сохраните логотип меньшего размера."),
        "too_many_pixels": _("Картинка слишком большая: %(width)s × %(height)s. Хватит 800 × 800."),
        "not_a_picture": _("Это не картинка. Подойдёт SVG, PNG, JPEG или WebP."),
    },
)


class BrandSettingsForm(VersionedForm):
    def clean_logo(self) -> Any:
        """Prepare a new logo; an old one, and «очистить», pass through."""
        logo = self.cleaned_data["logo"]
        return logo_prepare(logo.read()) if isinstance(logo, UploadedFile) else logo

    def save(self, commit: bool = True) -> Any:
        """Save, and store the file of a draft too: a revision holds its name alone."""
        brand = super().save(commit=commit)
        if brand.logo and not brand.logo._committed:  # noqa: SLF001 — as FileField.pre_save asks
            brand.logo.save(brand.logo.name, brand.logo.file, save=False)
        return brand


def logo_prepare(content: bytes) -> File[bytes]:
    """Return the file to store, named by its content.

    Raises ValidationError with what to do instead.
    """
    if len(content) > RULES.max_bytes:
        raise RULES.refusal("too_large")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return _named(picture_redraw(io.BytesIO(content), len(content), RULES), "png")
    try:
        check_svg(content)
    except UnsafeSvg as error:
        raise ValidationError(
            _("Этот SVG не подходит. В файле %(what)s"), params={"what": error}
        ) from error
    return _named(content, "svg")


def _named(content: bytes, extension: str) -> File[bytes]:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return ContentFile(content, name=f"logo-{digest}.{extension}")
