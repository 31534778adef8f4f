"""Pictures from people, checked by content and drawn anew."""

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageSequence, UnidentifiedImageError

_FORMATS = ("JPEG", "PNG", "WEBP")
# Modes that a format stores; what else a file may hold, such as CMYK, becomes RGB.
_MODES = {
    "JPEG": {"RGB", "L"},
    "PNG": {"RGB", "RGBA", "L", "LA", "P", "1", "I;16"},
    "WEBP": {"RGB", "RGBA"},
    "GIF": {"RGB", "RGBA", "L", "P"},
}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
PICTURE_TYPES = {"jpg": "image/jpeg", **{one: f"image/{one}" for one in ("png", "webp", "gif")}}
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
DAMAGED = (
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


@dataclass(frozen=True)
class CleanPicture:
    content: bytes
    extension: str


def picture_clean(file: IO[bytes], size: int, rules: PictureRules) -> CleanPicture:
    """Return the picture in its own format and size, upright, with its colours and movement.

    Nothing else of the file remains: no EXIF with a place, comments, thumbnails or appended bytes.
    Raises ValidationError with the code `too_large`, `too_many_pixels` or `not_a_picture`.
    """
    with _opened(file, size, rules, (*_FORMATS, "GIF")) as picture:
        # A telephone's JPEG may hold a second picture for the depth of the first.
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        frames = 1 if kind == "JPEG" else getattr(picture, "n_frames", 1)
        if picture.width * picture.height * frames > rules.max_pixels:
            raise _too_many(picture, rules)
        if frames == 1:
            content = _saved([_bare(picture, kind)], kind, picture)
        else:
            shown = [_bare(frame, kind) for frame in ImageSequence.Iterator(picture)]
            content = _saved(shown, kind, picture)
    return CleanPicture(content, EXTENSIONS[kind])


def picture_redraw(file: IO[bytes], size: int, rules: PictureRules) -> bytes:
    """Return the picture upright, at most as large as the rules say, without EXIF.

    Only pixels of the sender's file remain: no place, device, time or appended bytes. Raises
    ValidationError with the code `too_large`, `too_many_pixels` or `not_a_picture`.
    """
    mode = "RGB" if rules.save_as == "JPEG" else "RGBA"
    side = (rules.longest_side, rules.longest_side)
    with _opened(file, size, rules, _FORMATS) as picture:
        if mode == "RGB":
            picture.draft("RGB", side)  # decodes a JPEG no larger than needed
        upright = _upright(picture)
        upright = (_on_white(upright) if mode == "RGB" else upright).convert(mode)
        upright.thumbnail(side)
    return _encoded(upright, rules)


def picture_grey(file: IO[bytes], size: int, rules: PictureRules) -> Image.Image:
    """Return the points of the picture, upright and grey, at most as large as the rules say, to be read.

    What is transparent is white paper. Raises what `picture_redraw` does.
    """
    side = (rules.longest_side, rules.longest_side)
    with _opened(file, size, rules, _FORMATS) as picture:
        picture.draft("L", side)
        grey = _on_white(_upright(picture)).convert("L")
        grey.thumbnail(side)
    return grey


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency: what is seen through is white paper."""
    if not picture.has_transparency_data:
        return picture
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)


@contextmanager
def _opened(
    file: IO[bytes], size: int, rules: PictureRules, formats: tuple[str, ...]
) -> Iterator[Image.Image]:
    """Open a picture within the limits; what fails on a damaged one is refused."""
    if size > rules.max_bytes:
        raise rules.refusal("too_large")
    # WeasyPrint sets it for the whole process when it is loaded, and a damaged picture would be drawn.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(file, formats=formats) as picture:
            # The head of the file says the size: a bomb is refused before it is unpacked.
            if picture.width * picture.height > rules.max_pixels:
                raise _too_many(picture, rules)
            yield picture
    except Image.DecompressionBombError as error:
        raise rules.refusal("too_many_pixels", width="?", height="?") from error
    except DAMAGED as error:
        raise rules.refusal("not_a_picture") from error


def _too_many(picture: Image.Image, rules: PictureRules) -> ValidationError:
    return rules.refusal("too_many_pixels", width=picture.width, height=picture.height)


def _upright(picture: Image.Image) -> Image.Image:
    turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def _bare(picture: Image.Image, kind: str) -> Image.Image:
    """Return an upright copy with what its format needs, and without notes."""
    picture.load()
    if picture.mode == "CMYK" and (profile := picture.info.get("icc_profile")):
        picture = _printed_as_shown(picture, profile)
    copy = _upright(picture).copy()
    if copy.mode not in _MODES[kind]:
        has_alpha = kind != "JPEG" and (copy.has_transparency_data or "A" in copy.mode)
        copy = copy.convert("RGBA" if has_alpha else "RGB")
    needed = {"transparency", "duration"}
    copy.info = {name: value for name, value in copy.info.items() if name in needed}
    return copy


def _printed_as_shown(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture for print in the colours of a screen, or as it is by a damaged profile."""
    try:
        ink, screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(picture, ink, screen, outputMode="RGB")
    except ImageCms.PyCMSError:
        return picture
    return shown or picture


def _saved(frames: Sequence[Image.Image], kind: str, picture: Image.Image) -> bytes:
    out = io.BytesIO()
    options: dict[str, Any] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}}.get(kind, {})
    if picture.mode != "CMYK" and (profile := picture.info.get("icc_profile")):
        options["icc_profile"] = profile
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:]}
        options["duration"] = [frame.info.get("duration", 100) for frame in frames]
        if "loop" in picture.info:
            options["loop"] = picture.info["loop"]
        if kind == "GIF":
            options["disposal"] = 2
    frames[0].save(out, kind, **options)
    return out.getvalue()


def _encoded(upright: Image.Image, rules: PictureRules) -> bytes:
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    if rules.save_as == "PNG":
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=82)
    return out.getvalue()
