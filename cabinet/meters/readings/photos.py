"""Photos of dials: judged, stored when they arrive, attached to a submission, else deleted."""

import datetime
import io
from collections.abc import Sequence
from typing import BinaryIO
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, UnidentifiedImageError

from cabinet.meters.models import DialPhoto, Meter, Submission
from tenants.storage import TenantPrivateStorage

log = structlog.get_logger(__name__)

storage = TenantPrivateStorage()
FORGET_AFTER = datetime.timedelta(days=1)

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
    """Return a JPEG of at most 1600 px a side, upright, without EXIF (place, device, time).

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


def photo_store(*, meter: Meter, picture: bytes, subscriber_id: UUID) -> DialPhoto:
    """Store a picture that `dial_picture` has drawn, as a pending photo.

    The row goes first, so that no file is without one.
    """
    photo = DialPhoto.objects.create(meter=meter, subscriber_id=subscriber_id)
    try:
        storage.save(photo.file_name, ContentFile(picture))
    except OSError:
        photo.delete()
        raise
    return photo


def pending_photos(*, wanted: dict[int, UUID], subscriber_id: UUID) -> dict[int, UUID]:
    """Return, by meter, those of the wanted photos that are this person's and not sent yet."""
    if not wanted:
        return {}
    found = DialPhoto.objects.filter(
        pk__in=wanted.values(), submission=None, subscriber_id=subscriber_id
    )
    mine = {(photo.meter_id, photo.pk) for photo in found}
    return {meter_pk: pk for meter_pk, pk in wanted.items() if (meter_pk, pk) in mine}


def photos_attach(*, submission: Submission, photo_ids: Sequence[UUID]) -> None:
    """Attach pending photos to the submission; only its sender's own, of the account's meters."""
    if not photo_ids or submission.subscriber_id is None:
        return
    DialPhoto.objects.filter(
        pk__in=photo_ids,
        submission=None,
        subscriber_id=submission.subscriber_id,
        meter__account_id=submission.account_id,
    ).update(submission=submission)


def photo_read(photo: DialPhoto) -> bytes | None:
    """Return the JPEG; None when the file is gone."""
    try:
        with storage.open(photo.file_name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        log.warning("dial photo without a file", photo=str(photo.pk))
        return None


def photo_answer(photo: DialPhoto | None) -> HttpResponse:
    """Return the picture as a private answer. Raises Http404 for none."""
    picture = photo_read(photo) if photo else None
    if picture is None:
        raise Http404
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer.headers["Content-Disposition"] = 'inline; filename="dial.jpg"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def photos_forget() -> int:
    """Delete photos that no submission took within a day, and return how many.

    The file goes first: after a crash the next run finds the row and repeats.
    """
    old = DialPhoto.objects.filter(
        submission=None, created_at__lt=timezone.now() - FORGET_AFTER
    ).order_by("created_at")
    forgotten = 0
    for photo in old[:1000]:
        storage.delete(photo.file_name)
        forgotten += DialPhoto.objects.filter(pk=photo.pk, submission=None).delete()[0]
    return forgotten


def _too_many_points() -> ValidationError:
    return ValidationError(
        _(
            "В снимке слишком много точек. Сделайте снимок поменьше или передайте показание без фото."
        )
    )
