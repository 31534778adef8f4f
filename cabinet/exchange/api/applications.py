"""Addresses of one application for connection: what the applicant has answered, and the papers."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from ninja import Router

from cabinet.connection.answers import answers_read
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.exchange.api.errors import ApiError, Key, json_answer
from cabinet.exchange.api.packages import KeyRequest
from cabinet.exchange.api.schemas import ApplicationOut, ErrorOut
from cabinet.exchange.export_kinds import moment_text, number_text
from cabinet.exchange.models import Scope
from portal.uploads.services import upload_response

router = Router(tags=["Выгрузка"], auth=Key(Scope.APPLICATIONS_READ))
_ERRORS: dict[Any, Any] = {frozenset({401, 403, 404, 429}): ErrorOut}


@router.get(
    "/applications/{application_id}",
    response={200: ApplicationOut, **_ERRORS},
    summary="Заявка на техприсоединение",
    description="Что указал заявитель, и какие документы приложил. Номер — из строк выгрузки.",
    url_name="application",
)
def application_get(request: KeyRequest, application_id: str) -> HttpResponse:
    found = _submitted(application_id)
    papers = found.papers.filter(kind=ConnectionPaper.Kind.PAPER).order_by("created_at", "pk")
    answers = [
        {"section": heading, "label": label, "value": value}
        for heading, lines in answers_read(found.answers)
        for label, value in lines
    ]
    content = {
        "application_id": found.number,
        "state": found.state,
        "submitted_at": moment_text(found.submitted_at or timezone.now()),
        "applicant_name": found.applicant_name,
        "phone": found.phone,
        "email": found.email,
        "address": found.address,
        "cadastral_number": found.cadastral_number,
        "flow": number_text(found.flow),
        "answers": answers,
        "papers": [
            {"paper_id": str(one.pk), "title": one.title, "name": one.name, "size": one.size}
            for one in papers
        ],
    }
    return json_answer(content, 200)


@router.get(
    "/applications/{application_id}/papers/{paper_id}",
    response={200: None, **_ERRORS},
    summary="Документ заявки",
    description="Файл, который приложил заявитель.",
    url_name="application_paper",
)
def paper_get(request: KeyRequest, application_id: str, paper_id: UUID) -> FileResponse:
    papers = _submitted(application_id).papers.filter(kind=ConnectionPaper.Kind.PAPER)
    found = papers.filter(pk=paper_id).first()
    if found is None:
        raise ApiError(404, "not_found", "Такого документа у заявки нет.")
    return upload_response(found, name=found.name)


def _submitted(number: str) -> ConnectionApplication:
    over = [ConnectionApplication.State.DRAFT, ConnectionApplication.State.WITHDRAWN]
    found = ConnectionApplication.objects.exclude(state__in=over).filter(number=number).first()
    if found is None:
        raise ApiError(404, "not_found", "Заявки с таким номером нет, или заявитель её отозвал.")
    return found
