"""A logo as it is kept: checked by content, never by name; a picture is drawn anew."""

from __future__ import annotations

import hashlib
import io
import struct

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cms_pages.brand.svg import UnsafeSvg, check_svg

MAX_BYTES = 1_000_000
MAX_PIXELS = 4_000_000
KEPT_SIDE = 800  # pixels: sharp on any screen at the size of a header
FORMATS = ("PNG", "JPEG", "WEBP")
# What the decoders raise on a file that is not what its head says.
BROKEN = (
    *(UnidentifiedImageError, Image.DecompressionBombError, struct.error),
    *(OSError, SyntaxError, ValueError, EOFError, IndexError),
)


def logo_prepare(content: bytes) -> File[bytes]:
    """The file to keep, named by its content. Raises ValidationError with what to do instead.

    A picture is re-encoded, so that nothing of the sender's file but its pixels remains.
    """
    if len(content) > MAX_BYTES:
        raise ValidationError(_("Файл больше 1 МБ. Сохраните логотип меньшего размера."))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        try:
            check_svg(content)
        except UnsafeSvg as error:
            raise ValidationError(
                _("Этот SVG не подходит. В файле %(what)s"), params={"what": error}
            ) from error
        return _named(content, "svg")
    return _named(_redrawn(content), "png")


def _redrawn(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            # The size stands in the head of the file: a bomb is refused before it is unpacked.
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(
                    _("Картинка слишком большая: %(width)s × %(height)s. Хватит 800 × 800."),
                    params={"width": picture.width, "height": picture.height},
                )
            drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    except BROKEN as error:
        raise ValidationError(_("Это не картинка. Подойдёт SVG, PNG, JPEG или WebP.")) from error
    drawn.thumbnail((KEPT_SIDE, KEPT_SIDE))
    result = io.BytesIO()
    drawn.save(result, "PNG", optimize=True)
    return result.getvalue()


def _named(content: bytes, extension: str) -> File[bytes]:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return ContentFile(content, name=f"logo-{digest}.{extension}")
