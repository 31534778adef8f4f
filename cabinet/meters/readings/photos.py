"""Photos of dials: pending when they arrive, evidence of a submission when it takes them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models import DialPhoto, Meter, Submission
from portal.uploads.pictures import PictureRules, picture_redraw
from portal.uploads.services import unowned_delete, upload_store, uploads_attach

PENDING = 3
RULES = PictureRules(
    messages={
        "too_large": _(
            "Фото больше 20 МБ. Сделайте снимок поменьше или передайте показание без фото."
        ),
        "too_many_pixels": _(
            "В снимке слишком много точек. Сделайте снимок поменьше или передайте показание без фото."
        ),
        "not_a_picture": _("Это не фотография. Подойдёт снимок в формате JPEG, PNG или WebP."),
    }
)


def dial_picture(file: File[bytes]) -> bytes:
    """Return the picture drawn anew. Raises ValidationError in Russian for what is none."""
    return picture_redraw(file.file or file, file.size, RULES)


def photo_store(*, meter: Meter, picture: bytes, subscriber_id: UUID) -> DialPhoto:
    """Store a picture that `dial_picture` has drawn, as a pending photo.

    Of a person and meter only the newest stay pending: one for each page that may be open.
    """
    photo = DialPhoto(meter=meter, subscriber_id=subscriber_id, extension=RULES.extension)
    upload_store(photo, picture)
    pending = DialPhoto.objects.filter(meter=meter, subscriber_id=subscriber_id, submission=None)
    older = pending.order_by("-created_at").values_list("pk", flat=True)[PENDING:]
    unowned_delete(DialPhoto, list(older))
    return photo


def pending_photos(*, wanted: dict[int, UUID], subscriber_id: UUID) -> dict[int, UUID]:
    """Return, by meter, those of the wanted photos that are this person's and not sent yet."""
    if not wanted:
        return {}
    found = DialPhoto.objects.filter(
        pk__in=wanted.values(), submission=None, subscriber_id=subscriber_id
    )
    own = {(photo.meter_id, photo.pk) for photo in found}
    return {meter_pk: pk for meter_pk, pk in wanted.items() if (meter_pk, pk) in own}


def photos_attach(*, submission: Submission, photo_ids: Sequence[UUID]) -> None:
    """Attach pending photos to the submission; only its sender's own, of the account's meters."""
    if not photo_ids or submission.subscriber_id is None:
        return
    photos = DialPhoto.objects.filter(
        pk__in=photo_ids,
        subscriber_id=submission.subscriber_id,
        meter__account_id=submission.account_id,
    )
    uploads_attach(photos, submission)
