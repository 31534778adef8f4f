"""Files of the applicant for requests of papers, chosen and sent with one form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cabinet.connection.form.papers import MOST_OF_LINE, RULES, file_count, upload_keep
from cabinet.connection.lifecycle.by_applicant import papers_answer
from cabinet.connection.models import ConnectionApplication, PaperRequest
from portal.uploads.documents import CheckedUpload, refused_by_name, upload_check

File = UploadedFile[bytes]


@dataclass
class Answering:
    """A request as the page shows it: with what was wrong with the files that were just sent."""

    request: PaperRequest
    errors: list[str] = field(default_factory=list)
    is_answered: bool = False

    @property
    def name(self) -> str:
        return f"request-{self.request.pk}"


def answers_take(
    request: HttpRequest, application: ConnectionApplication, asked: Sequence[PaperRequest]
) -> list[Answering]:
    """Take the files that were sent for each request. Of one that has a wrong file nothing is taken.

    Raises ConnectionChanged.
    """
    answers = [Answering(one) for one in asked]
    stored: dict[int, list[UUID]] = {}
    for one in answers:
        files = request.FILES.getlist(one.name)
        try:
            checked = _checked(request, application, files)
        except ValidationError as error:
            one.errors = error.messages
            continue
        if checked:
            stored[one.request.pk] = [
                upload_keep(*file, title=one.request.name).pk for file in checked
            ]
            one.is_answered = True
    if stored:
        papers_answer(application_pk=application.pk, files=stored)
    elif not any(one.errors for one in answers):
        answers[0].errors = [_("Выберите файл.")]
    return answers


def _checked(
    request: HttpRequest, application: ConnectionApplication, files: Sequence[File]
) -> list[tuple[str, CheckedUpload]]:
    """Return the files of one request with their names. Raises ValidationError that names the wrong one."""
    if len(files) > MOST_OF_LINE:
        said = _("К одному документу можно приложить не больше %(most)d файлов.")
        raise ValidationError(said % {"most": MOST_OF_LINE})
    checked = []
    for file in files:
        try:
            file_count(request, application, file)
            checked.append((file.name or "", upload_check(file, RULES)))
        except ValidationError as error:
            raise refused_by_name(file, error) from error
    return checked
