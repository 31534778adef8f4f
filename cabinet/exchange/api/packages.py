"""Packages over HTTP."""

import re
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router

from cabinet.exchange.api.answers import package_answer, package_content
from cabinet.exchange.api.auth import Key
from cabinet.exchange.api.errors import ApiError, json_answer
from cabinet.exchange.api.schemas import ErrorOut, PackageOut, PackageQuery
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.keys.scopes import PACKAGES_WRITE
from cabinet.exchange.models import Package
from cabinet.exchange.receiving.body import BodyCutShort, LengthRequired, body_parts
from cabinet.exchange.receiving.files import DiskFull, UploadTooLarge
from cabinet.exchange.receiving.services import Sender, Wishes, package_receive
from cabinet.exchange.receiving.waiting import package_wait
from cabinet.exchange.selectors import rejects_path
from portal.addresses import client_address

router = Router(tags=["Пакеты"], auth=Key(PACKAGES_WRITE))

_ERRORS: dict[Any, Any] = {frozenset({401, 403, 429}): ErrorOut}
_FAULTS: dict[type[ExchangeError], tuple[int, str]] = {
    UploadTooLarge: (413, "too_large"),
    LengthRequired: (411, "length_required"),
    BodyCutShort: (400, "cut_short"),
    DiskFull: (507, "no_room"),
}
_ZIP_BODY = {
    "requestBody": {
        "required": True,
        "description": "Zip-архив пакета",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {
            "in": "header",
            "name": "Prefer",
            "schema": {"type": "string", "examples": ["wait=60"]},
            "description": "Ждать до стольких секунд, пока пакет загрузится",
        }
    ],
}


class KeyRequest(HttpRequest):
    """A request with a good key."""

    auth: Any


@router.post(
    "/packages",
    response={
        200: PackageOut,
        202: PackageOut,
        frozenset({409, 413, 422}): PackageOut,
        frozenset({400, 411, 507}): ErrorOut,
        **_ERRORS,
    },
    summary="Передать пакет",
    description=(
        "Тело запроса — zip. Портал пишет его на диск по мере поступления, проверяет манифест и "
        "SHA-256 файлов и отвечает 202; сам пакет загружает отдельная задача. Повтор уже загруженного "
        "пакета — 200, ничего не меняется."
    ),
    openapi_extra=_ZIP_BODY,
)
def package_post(request: KeyRequest, query: Query[PackageQuery]) -> HttpResponse:
    try:
        package = package_receive(
            parts=body_parts(request),
            sender=Sender(request.auth.name, client_address(request), Package.Source.API),
            wishes=Wishes(query.rejects, query.allow_mass_close),
        )
    except (UploadTooLarge, LengthRequired, BodyCutShort, DiskFull) as fault:
        status, code = _FAULTS[type(fault)]
        raise ApiError(status, code, str(fault)) from fault
    seconds = _preferred_wait(request)
    waited = seconds > 0 and package_wait(package, seconds)
    headers = {"Preference-Applied": f"wait={seconds}"} if waited else {}
    return package_answer(package, headers=headers)


@router.get(
    "/packages/{int:package_number}",
    response={200: PackageOut, 404: ErrorOut, **_ERRORS},
    url_name="package",
    summary="Состояние пакета",
)
def package_get(request: KeyRequest, package_number: int) -> HttpResponse:
    return json_answer(package_content(_package(package_number)), 200)


@router.get(
    "/packages/{int:package_number}/rejects",
    response={200: None, 404: ErrorOut, **_ERRORS},
    url_name="package_rejects",
    summary="Отклонённые строки",
    description="CSV: file;line;column;reason;row.",
)
def package_rejects(request: KeyRequest, package_number: int) -> FileResponse | HttpResponse:
    path = rejects_path(_package(package_number))
    if path is None:
        raise ApiError(404, "no_rejects", "У этого пакета нет файла отклонённых строк.")
    return FileResponse(path.open("rb"), content_type="text/csv; charset=utf-8")


def _package(number: int) -> Package:
    package = Package.objects.filter(pk=number).first()
    if package is None:
        raise ApiError(404, "not_found", "Такого пакета нет.")
    return package


def _preferred_wait(request: HttpRequest) -> int:
    """Seconds, by RFC 7240; no more than the portal allows."""
    found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})", request.headers.get("Prefer", ""))
    return min(int(found[1]), settings.EXCHANGE_WAIT_SECONDS) if found else 0
