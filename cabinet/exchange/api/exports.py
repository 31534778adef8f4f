"""Addresses of exports and acknowledgements."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Body, Query, Router

from cabinet.exchange.api.errors import ApiError, Key, json_answer
from cabinet.exchange.api.packages import KeyRequest
from cabinet.exchange.api.schemas import AcknowledgementsIn, ErrorOut, ExportQuery
from cabinet.exchange.export_kinds import KINDS, ExportKind
from cabinet.exchange.exports import (
    CSV,
    NDJSON,
    RENDERERS,
    NotGiven,
    export_acknowledge,
    export_page,
)
from cabinet.exchange.models import Scope

router = Router(tags=["Выгрузка"])

_ERRORS: dict[Any, Any] = {frozenset({401, 403, 429}): ErrorOut}


def _export_add(kind: ExportKind) -> None:
    """Add the address of one kind."""
    row = {
        "type": "object",
        "properties": {"cursor": {"type": "integer"}}
        | {name: {"type": ["string", "null"]} for name in kind.columns},
    }
    documented = {
        200: {
            "description": "Строки; пусто, когда больше ничего нет",
            "content": {NDJSON: {"schema": row}, CSV: {"schema": {"type": "string"}}},
        }
    }

    @router.get(
        f"/{kind.code}",
        auth=Key(kind.scope),
        response={200: None, frozenset({406, 422}): ErrorOut, **_ERRORS},
        summary=str(kind.title),
        description=(
            "NDJSON или CSV, по заголовку Accept. Без after — с первой неподтверждённой строки. "
            "Исправление приходит под новым курсором с тем же номером строки."
        ),
        operation_id=f"export_{kind.code}",
        url_name=f"export_{kind.code}",
        openapi_extra={"responses": documented},
    )
    def export(request: KeyRequest, query: Query[ExportQuery]) -> StreamingHttpResponse:
        accepted = request.get_preferred_type([NDJSON, CSV])
        if accepted is None:
            raise ApiError(406, "accept", f"Портал отдаёт {NDJSON} и {CSV}: поправьте Accept.")
        page = export_page(kind=kind, after=query.after, limit=query.limit)
        return StreamingHttpResponse(
            (text.encode() for text in RENDERERS[accepted](page)),
            content_type=f"{accepted}; charset=utf-8",
            headers={"Cache-Control": "no-store", "Vary": "Accept"},
        )


for _kind in KINDS.values():
    _export_add(_kind)


@router.post(
    "/acknowledgements",
    auth=Key(Scope.ACKNOWLEDGEMENTS_WRITE),
    response={200: dict[str, int], frozenset({400, 422}): ErrorOut, **_ERRORS},
    summary="Подтвердить получение",
    description="По каждому виду — курсор, по который всё получено. Меньший прежнего ничего не меняет.",
)
def acknowledgements(request: KeyRequest, cursors: Body[AcknowledgementsIn]) -> HttpResponse:
    named = cursors.model_dump(exclude_none=True)
    try:
        return json_answer(export_acknowledge(cursors=named, actor=request.auth.name), 200)
    except NotGiven as error:
        detail = (
            f"{error.kind.code}: курсор {error.cursor} ещё не выдавался, последний выданный — "
            f"{error.given}. Ничего не подтверждено."
        )
        raise ApiError(422, "not_given", detail) from error
