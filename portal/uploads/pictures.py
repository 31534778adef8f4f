"""Pictures from people, checked by content and drawn anew."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, UnidentifiedImageError

_FORMATS = ("JPEG", "PNG", "WEBP")
# By the orientation of EXIF, what turns a picture upright. ImageOps.exif_transpose also writes the EXIF
# anew, and fails where that is damaged.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What decoders raise on a damaged file.
_DAMAGED = (
    *(UnidentifiedImageError, struct.error, OSError, SyntaxError),
    *(ValueError, EOFError, IndexError, TypeError, OverflowError),
)
# By code of the ValidationError.
_MESSAGES: dict[str, Any] = {
    "too_large": _("Файл больше %(megabytes)s МБ. Сохраните снимок меньшего размера."),
    "too_many_pixels": _("В снимке слишком много точек: %(width)s × %(height)s. Уменьшите его."),
    "not_a_picture": _("Это не снимок. Подойдёт файл JPEG, PNG или WebP."),
}


@dataclass(frozen=True)
class PictureRules:
    """What is accepted as a picture, and as what it is stored."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 80_000_000
    longest_side: int = 1600  # of the stored picture
    save_as: Literal["JPEG", "PNG"] = "JPEG"
    # Replace the default messages, by code.
    messages: Mapping[str, Any] = field(default_factory=dict)

    @property
    def extension(self) -> str:
        return "png" if self.save_as == "PNG" else "jpg"

    def refusal(self, code: str, **params: object) -> ValidationError:
        message = self.messages.get(code) or _MESSAGES[code]
        params["megabytes"] = round(self.max_bytes / 1024**2)
        return ValidationError(message, code=code, params=params)


def picture_redraw(file: IO[bytes], size: int, rules: PictureRules) -> bytes:
    """Return the picture upright, at most as large as the rules say, without EXIF.

    Only pixels of the sender's file remain: no place, device, time or appended bytes. Raises
    ValidationError with the code `too_large`, `too_many_pixels` or `not_a_picture`.
    """
    if size > rules.max_bytes:
        raise rules.refusal("too_large")
    mode = "RGB" if rules.save_as == "JPEG" else "RGBA"
    side = (rules.longest_side, rules.longest_side)
    try:
        with Image.open(file, formats=_FORMATS) as picture:
            # The head of the file says the size: a bomb is refused before it is unpacked.
            if picture.width * picture.height > rules.max_pixels:
                raise rules.refusal("too_many_pixels", width=picture.width, height=picture.height)
            if mode == "RGB":
                picture.draft("RGB", side)  # decodes a JPEG no larger than needed
            turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
            upright = (picture if turn is None else picture.transpose(turn)).convert(mode)
            upright.thumbnail(side)
    except Image.DecompressionBombError as error:
        raise rules.refusal("too_many_pixels", width="?", height="?") from error
    except _DAMAGED as error:
        raise rules.refusal("not_a_picture") from error
    return _encoded(upright, rules)


def _encoded(upright: Image.Image, rules: PictureRules) -> bytes:
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    if rules.save_as == "PNG":
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=82)
    return out.getvalue()
