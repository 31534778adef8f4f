"""The life of a stored upload: stored without an owner, attached to one, read and served, deleted.

The row is the claim on the file. It is written before the file and deleted after it, so that a process
that is killed at any statement leaves no file without a row.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from uuid import UUID

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.http import content_disposition_header

from portal.uploads.documents import CONTENT_TYPES
from portal.uploads.models import StoredUpload

log = structlog.get_logger(__name__)

UNOWNED_FOR = datetime.timedelta(days=1)
FOUND_AT_ONCE, DELETED_AT_ONCE = 1000, 100


def private_storage() -> Storage:
    """Return the storage of files that no address serves, by STORAGES["private"] of the settings."""
    return storages["private"]


def upload_store(upload: StoredUpload, content: bytes | File[bytes]) -> None:
    """Insert a new upload without an owner, then write its file.

    Call it outside of a transaction: a rolled-back row would leave its file. The content has passed
    `picture_redraw` or `upload_check`. Raises OSError when the file cannot be written.
    """
    upload.save(force_insert=True)
    file = ContentFile(content) if isinstance(content, bytes) else content
    try:
        private_storage().save(upload.file_name, file)
    except OSError:
        upload.delete()
        raise


def uploads_attach(uploads: models.QuerySet[StoredUpload], owner: models.Model) -> int:
    """Give those of the uploads that have no owner to this one; return their number.

    The caller has filtered by what the sender may attach.
    """
    name = uploads.model.owner_field
    return uploads.filter(**{name: None}).update(**{name: owner})


def uploads_delete(uploads: models.QuerySet[StoredUpload]) -> None:
    """Take uploads from their owners now, and delete files and rows when the transaction commits.

    What a killed process leaves is without an owner: `uploads_forget` deletes it.
    """
    model, ids = uploads.model, list(uploads.values_list("pk", flat=True))
    model.objects.filter(pk__in=ids).update(**{model.owner_field: None})
    transaction.on_commit(lambda: unowned_delete(model, ids))


def uploads_forget(model: type[StoredUpload], *, after: datetime.timedelta = UNOWNED_FOR) -> int:
    """Delete all uploads that have had no owner for a day, oldest first; return their number.

    A query finds a thousand of them and three delete a hundred, so it keeps up with any number.
    """
    old = model.objects.filter(created_at__lt=timezone.now() - after, **{model.owner_field: None})
    oldest = old.order_by("created_at").values_list("pk", flat=True)[:FOUND_AT_ONCE]
    total = 0
    while ids := list(oldest.all()):
        deleted = unowned_delete(model, ids)
        total += deleted
        # One of them is being attached: the next run sees whether it was.
        if deleted < len(ids):
            break
    return total


def unowned_delete(model: type[StoredUpload], ids: Sequence[UUID]) -> int:
    """Delete files and rows of those of the uploads that have no owner; return their number."""
    deleted = 0
    for start in range(0, len(ids), DELETED_AT_ONCE):
        some = ids[start : start + DELETED_AT_ONCE]
        # The lock holds back an `uploads_attach` until the rows are gone.
        with transaction.atomic():
            unowned = model.objects.filter(pk__in=some, **{model.owner_field: None})
            found = list(unowned.select_for_update(skip_locked=True))
            for upload in found:
                private_storage().delete(upload.file_name)
            deleted += model.objects.filter(pk__in=[one.pk for one in found]).delete()[0]
    return deleted


def upload_read(upload: StoredUpload) -> bytes | None:
    """Return the content, or None when the file is gone."""
    try:
        with private_storage().open(upload.file_name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        log.warning("upload without a file", upload=str(upload.pk), folder=upload.folder)
        return None


def upload_response(upload: StoredUpload | None, *, name: str) -> FileResponse:
    """Answer with the file: pictures are shown, anything else is downloaded under this name.

    The view has checked that its visitor may see the upload. Raises Http404 for None or a missing file.
    """
    if upload is None:
        raise Http404
    try:
        file = private_storage().open(upload.file_name)
    except FileNotFoundError as error:
        log.warning("upload without a file", upload=str(upload.pk), folder=upload.folder)
        raise Http404 from error
    content_type = CONTENT_TYPES.get(upload.extension, "application/octet-stream")
    answer = FileResponse(file, content_type=content_type)
    is_shown = content_type.startswith("image/")
    answer.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
