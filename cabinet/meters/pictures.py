"""Pictures that people send: judged by content, drawn anew, so that nothing but the picture is kept."""

import io
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 80_000_000
LONGEST_SIDE = 1600  # enough to read a dial
_FORMATS = ("JPEG", "PNG", "WEBP")
# By EXIF's orientation, what makes a picture upright. Pillow's own way also writes the EXIF anew, and
# fails where that is damaged.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def dial_picture(file: BinaryIO, size: int) -> bytes:
    """A JPEG of at most 1600 px a side, upright, without EXIF (place, telephone, time).

    Raises ValidationError in Russian for what is too big or is no picture, whatever its name.
    """
    if size > MAX_BYTES:
        raise ValidationError(
            _("Фото больше 20 МБ. Сделайте снимок поменьше или передайте показание без фото.")
        )
    try:
        with Image.open(file, formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_many_points()
            picture.draft(
                "RGB", (LONGEST_SIDE, LONGEST_SIDE)
            )  # a JPEG is read no larger than needed
            turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
            upright = (picture if turn is None else picture.transpose(turn)).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except Image.DecompressionBombError as error:
        raise _too_many_points() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            _("Это не фотография. Подойдёт снимок в формате JPEG, PNG или WebP.")
        ) from error
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def _too_many_points() -> ValidationError:
    return ValidationError(
        _(
            "В снимке слишком много точек. Сделайте снимок поменьше или передайте показание без фото."
        )
    )
