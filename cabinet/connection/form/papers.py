"""The papers of a draft: checked, stored and attached one by one, removed while it is not sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cabinet.connection.form.drafts import DraftGone, draft_locked
from cabinet.connection.form.limits import may_file_be_stored
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperType
from portal.formats.names import shown_file_name
from portal.uploads.documents import CheckedUpload, UploadRules, refused_by_name, upload_check
from portal.uploads.pictures import PictureRules
from portal.uploads.services import unowned_delete, upload_store, uploads_attach, uploads_delete

MOST_OF_LINE, MOST = 10, 40
MOST_BYTES = 20 * 1024 * 1024
RULES = UploadRules(
    extensions=["pdf", "doc", "docx"],
    max_bytes=MOST_BYTES,
    # A photographed document has to be legible.
    pictures=PictureRules(max_bytes=MOST_BYTES, longest_side=2800),
)
FORMATS = ", ".join(RULES.names)


def paper_take(
    request: HttpRequest,
    draft: ConnectionApplication,
    paper_type: PaperType,
    file: UploadedFile[Any],
) -> ConnectionPaper:
    """Store one file for a line of the checklist.

    Raises ValidationError with the name of the file in it, and DraftGone.
    """
    try:
        file_count(request, draft, file)
        return paper_store(application_pk=draft.pk, paper_type=paper_type, file=file)
    except ValidationError as error:
        raise refused_by_name(file, error) from error


def file_count(
    request: HttpRequest, application: ConnectionApplication, file: UploadedFile[Any]
) -> None:
    """Count a file of a visitor before it is looked at. Raises ValidationError over the limits."""
    size = min(file.size or 0, MOST_BYTES)
    if not may_file_be_stored(request, str(application.key), size):
        raise ValidationError(_("Файлов пришло слишком много. Приложите его завтра."))


def upload_keep(name: str, checked: CheckedUpload, **columns: Any) -> ConnectionPaper:
    """Store a checked file that has no application yet. Call it outside of a transaction."""
    paper = ConnectionPaper(
        extension=checked.extension,
        name=shown_file_name(name, checked.extension),
        size=checked.content.size,
        **columns,
    )
    upload_store(paper, checked.content)
    return paper


def paper_store(
    *, application_pk: int, paper_type: PaperType, file: UploadedFile[Any]
) -> ConnectionPaper:
    """Check a file, store it and give it to a draft. Call it outside of a transaction.

    Raises ValidationError in Russian for what is refused, and DraftGone.
    """
    _room_or_refusal(application_pk, paper_type)
    checked = upload_check(file, RULES)
    paper = upload_keep(file.name or "", checked, paper_type=paper_type, title=paper_type.name)
    try:
        with transaction.atomic():
            draft = draft_locked(application_pk)
            _room_or_refusal(application_pk, paper_type)
            uploads_attach(ConnectionPaper.objects.filter(pk=paper.pk), draft)
            draft.save(update_fields=["changed_at"])
    except (DraftGone, ValidationError):
        unowned_delete(ConnectionPaper, [paper.pk])
        raise
    return paper


@transaction.atomic
def paper_remove(*, application_pk: int, paper_id: UUID) -> None:
    """Delete a paper of a draft. Raises DraftGone."""
    draft = draft_locked(application_pk)
    uploads_delete(ConnectionPaper.objects.filter(application=draft, pk=paper_id))


def _room_or_refusal(application_pk: int, paper_type: PaperType) -> None:
    there = ConnectionPaper.objects.filter(application_id=application_pk)
    if there.count() >= MOST:
        raise ValidationError(
            _("К заявке приложено уже %(most)d файлов, больше нельзя.") % {"most": MOST}
        )
    if there.filter(paper_type=paper_type).count() >= MOST_OF_LINE:
        raise ValidationError(
            _("К одному документу можно приложить не больше %(most)d файлов.")
            % {"most": MOST_OF_LINE}
        )
