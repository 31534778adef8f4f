"""Photos of dials: kept when they arrive, tied to a submission when it is sent, else forgotten."""

import datetime
from collections.abc import Sequence
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.utils import timezone

from cabinet.meters.models import DialPhoto, Meter, Submission
from tenants.storage import TenantPrivateStorage

log = structlog.get_logger(__name__)

storage = TenantPrivateStorage()
FORGET_AFTER = datetime.timedelta(days=1)


def photo_keep(*, meter: Meter, picture: bytes, subscriber_id: UUID) -> DialPhoto:
    """Keep a picture that `dial_picture` has drawn. The row goes first: no file is without one."""
    photo = DialPhoto.objects.create(meter=meter, subscriber_id=subscriber_id)
    try:
        storage.save(photo.file_name, ContentFile(picture))
    except OSError:
        photo.delete()
        raise
    return photo


def photos_kept(*, wanted: dict[int, UUID], subscriber_id: UUID) -> dict[int, UUID]:
    """By meter, those of the wanted photos that this person keeps here and has not sent yet."""
    if not wanted:
        return {}
    found = DialPhoto.objects.filter(
        pk__in=wanted.values(), submission=None, subscriber_id=subscriber_id
    )
    mine = {(photo.meter_id, photo.pk) for photo in found}
    return {meter_pk: pk for meter_pk, pk in wanted.items() if (meter_pk, pk) in mine}


def photos_attach(*, submission: Submission, photo_ids: Sequence[UUID]) -> None:
    """Make them evidence of this submission; only its sender's own, of the account's meters."""
    if not photo_ids or submission.subscriber_id is None:
        return
    DialPhoto.objects.filter(
        pk__in=photo_ids,
        submission=None,
        subscriber_id=submission.subscriber_id,
        meter__account_id=submission.account_id,
    ).update(submission=submission)


def photo_read(photo: DialPhoto) -> bytes | None:
    """The JPEG; None when the file is gone."""
    try:
        with storage.open(photo.file_name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        log.warning("dial photo without a file", photo=str(photo.pk))
        return None


def photos_forget() -> int:
    """Delete what was sent with no submission a day ago. The file goes first: a kill is made good later."""
    old = DialPhoto.objects.filter(
        submission=None, created_at__lt=timezone.now() - FORGET_AFTER
    ).order_by("created_at")
    forgotten = 0
    for photo in old[:1000]:
        storage.delete(photo.file_name)
        forgotten += DialPhoto.objects.filter(pk=photo.pk, submission=None).delete()[0]
    return forgotten
