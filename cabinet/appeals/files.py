"""Files of appeals: stored as they arrive under the key of their form, attached when it is sent."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cabinet.appeals.models import AppealFile
from portal.formats.names import shown_file_name
from portal.uploads.documents import UploadRules, upload_check
from portal.uploads.pictures import PictureRules
from portal.uploads.services import unowned_delete, upload_store

MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
# As long as a draft: what was not sent in this time is deleted.
UNSENT_FOR = datetime.timedelta(days=14)
RULES = UploadRules(
    extensions=["pdf", "doc", "docx", "txt"],
    max_bytes=MOST_BYTES,
    # A photographed document has to be legible.
    pictures=PictureRules(
        max_bytes=MOST_BYTES,
        longest_side=2400,
        messages={
            "not_a_picture": _(
                "Файл не открывается как снимок: он повреждён или это не jpeg и не png. "
                "Сохраните его заново или выберите другой."
            )
        },
    ),
)
# As manual 1, figure 34 says it.
FORMATS = ", ".join(RULES.names)
TOO_MANY = _("К одному письму можно приложить не больше %(most)s файлов.")


def too_many() -> ValidationError:
    return ValidationError(TOO_MANY, code="too_many", params={"most": MOST_FILES})


def appeal_file_store(
    *, form_key: UUID, file: File[bytes], subscriber_id: UUID | None = None, by_staff: str = ""
) -> AppealFile:
    """Check a file and store it for a form that is not sent yet.

    Call it outside of a transaction. Raises ValidationError in Russian for what is refused, an eleventh
    file among it.
    """
    pending = pending_files(form_key=form_key, subscriber_id=subscriber_id, by_staff=by_staff)
    if pending.count() >= MOST_FILES:
        raise too_many()
    checked = upload_check(file, RULES)
    upload = AppealFile(
        form_key=form_key,
        subscriber_id=subscriber_id,
        by_staff=by_staff,
        extension=checked.extension,
        name=shown_file_name(file.name or "", checked.extension),
        size=checked.content.size,
    )
    upload_store(upload, checked.content)
    # Several may have come at once: of those past the limit each takes itself back.
    first = pending.values_list("pk", flat=True)[:MOST_FILES]
    if upload.pk not in list(first):
        unowned_delete(AppealFile, [upload.pk])
        raise too_many()
    return upload


def pending_files(
    *, form_key: UUID, subscriber_id: UUID | None = None, by_staff: str = ""
) -> QuerySet[AppealFile]:
    """Return what this sender has stored for a form that is not sent yet, in order."""
    return AppealFile.objects.filter(
        form_key=form_key, subscriber_id=subscriber_id, by_staff=by_staff, appeal=None
    ).order_by("created_at", "pk")


def pending_file_delete(
    *, pk: UUID, form_key: UUID, subscriber_id: UUID | None = None, by_staff: str = ""
) -> None:
    """Delete a file that its sender does not want to send after all."""
    pending = pending_files(form_key=form_key, subscriber_id=subscriber_id, by_staff=by_staff)
    unowned_delete(AppealFile, list(pending.filter(pk=pk).values_list("pk", flat=True)))
