"""The step of the papers: files with a progress script, or by the form's own button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cabinet.connection.access import connection_page, draft_or_404, secret_give
from cabinet.connection.answers import Step
from cabinet.connection.checklist import ChecklistLine, checklist_of
from cabinet.connection.form.drafts import DraftGone
from cabinet.connection.form.papers import (
    FORMATS,
    MOST_BYTES,
    MOST_OF_LINE,
    RULES,
    paper_remove,
    paper_take,
)
from cabinet.connection.form.steps import address_of, steps_context
from cabinet.connection.models import ConnectionApplication, PaperType
from cabinet.connection.pages import page_render
from cabinet.subscribers.http import CabinetRequest
from portal.uploads.services import upload_response


@connection_page
def papers(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Show the checklist with its files; take or remove some without scripts."""
    draft = draft_or_404(request, key)
    errors: dict[int, list[str]] = {}
    if request.method == "POST":
        try:
            errors = _changed(request, draft)
        except DraftGone as error:
            raise Http404 from error
        if not errors and "remove" not in request.POST:
            action = request.POST.get("action")
            if action == "later":
                return redirect("connection:start")
            if action != "attach":
                return redirect(address_of(draft, Step.REVIEW))
    context = {
        **steps_context(draft, Step.PAPERS),
        "lines": [_line(line, errors.get(line.paper.pk, [])) for line in checklist_of(draft)],
        "errors": [text for texts in errors.values() for text in texts],
        "formats": FORMATS,
        "accept": ",".join(f".{one}" for one in RULES.names),
        "most": MOST_OF_LINE,
        "most_bytes": MOST_BYTES,
        "megabytes": MOST_BYTES // 1024**2,
    }
    response = page_render(request, "cabinet/connection/form/papers.html", context)
    if draft.subscriber_id is None:
        secret_give(request, response)
    return response


@require_POST
@connection_page
def paper_file(request: CabinetRequest, key: UUID) -> JsonResponse:
    """Take one file by a script, or remove one; say in words what is wrong with it."""
    draft = draft_or_404(request, key)
    try:
        if removed := request.POST.get("remove"):
            paper_remove(application_pk=draft.pk, paper_id=_uuid_or_404(removed))
            return JsonResponse({})
        paper_type = _paper_type(request.POST.get("line", ""))
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            return JsonResponse({"error": _("Файл не дошёл. Выберите его ещё раз.")}, status=422)
        paper = paper_take(request, draft, paper_type, file)
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=422)
    except DraftGone as error:
        raise Http404 from error
    return JsonResponse({"id": str(paper.pk), "name": paper.name, "size": paper.size})


@connection_page
def paper(request: CabinetRequest, key: UUID, pk: UUID) -> FileResponse:
    """Serve a paper of a draft to whoever fills it in."""
    found = draft_or_404(request, key).papers.filter(pk=pk).first()
    return upload_response(found, name=found.name if found else "")


def _changed(request: CabinetRequest, draft: ConnectionApplication) -> dict[int, list[str]]:
    """Take and remove what a POST brings; return what was refused, by line."""
    if removed := request.POST.get("remove"):
        paper_remove(application_pk=draft.pk, paper_id=_uuid_or_404(removed))
    errors: dict[int, list[str]] = {}
    for name, files in request.FILES.lists():
        paper_type = _paper_type(name.removeprefix("files-"))
        for file in files:
            if not getattr(file, "name", ""):
                continue
            try:
                paper_take(request, draft, paper_type, file)
            except ValidationError as error:
                errors.setdefault(paper_type.pk, []).extend(error.messages)
    return errors


def _line(line: ChecklistLine, errors: list[str]) -> dict[str, Any]:
    return {"line": line, "errors": errors}


def _paper_type(text: str) -> PaperType:
    if not text.isdecimal() or len(text) > 9:
        raise Http404
    return get_object_or_404(PaperType, pk=int(text))


def _uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
