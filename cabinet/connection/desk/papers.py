"""Files of an application on the desk: each, all of them as an archive, and those that the company adds."""

import tempfile
import zipfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.desk.rights import may_serve
from cabinet.connection.desk.selectors import application_or_404
from cabinet.connection.form.papers import FORMATS, MOST_BYTES, RULES, upload_keep
from cabinet.connection.forwarding.document import (
    application_pdf,
    document_name,
    papers_by_title,
)
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.formats.names import shown_file_name
from portal.uploads.documents import CheckedUpload, refused_by_name, upload_check
from portal.uploads.services import upload_read, upload_response
from tenants.selectors import company_entered

ARCHIVE = "connection.archive"
MOST_FILES = 10


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files of the company, checked; its value is a list of (name, CheckedUpload)."""

    widget = ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Файлы"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy("До %(most)s файлов, каждый до %(megabytes)s МБ: %(formats)s.")
            % {"most": MOST_FILES, "megabytes": MOST_BYTES // 1024**2, "formats": FORMATS},
        )
        super().__init__(**kwargs)
        self.widget.attrs["multiple"] = True

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, CheckedUpload]]:
        """Return the files. Raises ValidationError that names the one that is refused."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(_("Выберите файл."), code="required")
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                _("Можно приложить не больше %(most)d файлов."), params={"most": MOST_FILES}
            )
        checked = []
        for file in given:
            try:
                checked.append((str(file.name), upload_check(file, RULES)))
            except forms.ValidationError as error:
                raise refused_by_name(file, error) from error
        return checked


def staff_files_store(
    *, files: Sequence[tuple[str, CheckedUpload]], kind: str, title: str, by_staff: str
) -> list[UUID]:
    """Store checked files without an application; return their keys. Call it outside of a transaction."""
    about = {"kind": kind, "title": title, "by_staff": by_staff}
    return [upload_keep(name, checked, **about).pk for name, checked in files]


@company_only
@desk_view(may_serve)
def paper(request: DeskRequest, pk: int, paper_id: UUID) -> FileResponse:
    """Serve a file of the application."""
    found = ConnectionPaper.objects.filter(pk=paper_id, application=application_or_404(pk)).first()
    return upload_response(found, name=found.name if found else "")


@company_only
@desk_view(may_serve)
def printed(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the application as a document, to be printed."""
    application = application_or_404(pk)
    content = application_pdf(application, company_entered())
    headers = {"Cache-Control": "no-store, private"}
    answer = HttpResponse(content, content_type="application/pdf", headers=headers)
    answer.headers["Content-Disposition"] = f'inline; filename="zayavka-{application.number}.pdf"'
    return answer


@company_only
@desk_view(may_serve)
def archive(request: DeskRequest, pk: int) -> FileResponse:
    """Serve the application and all its papers as one archive; who took it is in the log."""
    application = application_or_404(pk)
    # Closed, and with that deleted, when the answer has been sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(document_name(application), application_pdf(application, company_entered()))
        for name, upload in _names(application):
            content = upload_read(upload)
            if content is not None:
                packed.writestr(name, content)
    file.seek(0)
    audit_write(actor=request.user, action=ARCHIVE, subject=application)
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=f"{application.number}.zip",
        content_type="application/zip",
    )
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _names(application: ConnectionApplication) -> list[tuple[str, ConnectionPaper]]:
    """Return each paper of the applicant with its name in the archive: number, title and own name."""
    named = []
    for number, (title, files) in enumerate(papers_by_title(application), start=1):
        for place, one in enumerate(files, start=1):
            label = f"{number:02}-{place} {title[:60]} — {one.name}"
            named.append((shown_file_name(label.replace("/", "_"), one.extension), one))
    return named
