"""Addresses of packages."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router

from cabinet.exchange.api.errors import ApiError, Key, json_answer
from cabinet.exchange.api.schemas import ErrorOut, PackageOut, PackageQuery, ProgressOut
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.models import Package, Scope
from cabinet.exchange.package.progress import progress_of
from cabinet.exchange.queue import package_wait
from cabinet.exchange.selectors import rejects_path
from cabinet.exchange.upload import (
    BodyCutShort,
    LengthRequired,
    Sender,
    Wishes,
    body_parts,
    package_receive,
)
from cabinet.exchange.uploaded_files import DiskFull, UploadTooLarge
from portal.http.addresses import client_address

router = Router(tags=["Пакеты"], auth=Key(Scope.PACKAGES_WRITE))

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
    """A request with a valid key."""

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
    package = Package.objects.filter(pk=number, is_check=False).first()
    if package is None:
        raise ApiError(404, "not_found", "Такого пакета нет.")
    return package


def _preferred_wait(request: HttpRequest) -> int:
    """Return the seconds to wait by RFC 7240, no more than the portal allows."""
    found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})", request.headers.get("Prefer", ""))
    return min(int(found[1]), settings.EXCHANGE_WAIT_SECONDS) if found else 0


_STATUS_OF_STATE = {
    Package.State.QUEUED: 202,
    Package.State.RUNNING: 202,
    Package.State.APPLIED: 200,
    Package.State.REPEATED: 200,
}
_STATUS_OF_REFUSAL = {Package.Refusal.CONFLICT: 409, Package.Refusal.TOO_LARGE: 413}


def package_content(package: Package) -> dict[str, Any]:
    """Return the package as its sender sees it, with times in the company's zone."""
    content = PackageOut(
        id=package.pk,
        package_id=package.package_id,
        state=package.state,
        state_title=package.get_state_display(),
        refusal=package.refusal,
        failure=package.failure,
        as_of=package.as_of and timezone.localtime(package.as_of),
        mode=package.mode,
        received_at=timezone.localtime(package.received_at),
        applied_at=package.applied_at and timezone.localtime(package.applied_at),
        progress=_progress(package),
        counts=package.counts,
        notes=package.details.get("notes", []),
        problem_count=package.problem_count,
        problems=package.problems,
        rejected_rows=package.rejected_rows,
        rejects=_rejects_address(package),
    )
    return content.model_dump(mode="json")


def package_answer(package: Package, headers: Mapping[str, str]) -> HttpResponse:
    """Answer a POST: 200 applied, 202 not yet, 409, 413 or 422 refused, 500 interrupted."""
    address = reverse("exchange_api:package", args=[package.pk])
    return json_answer(package_content(package), _status(package), {"Location": address, **headers})


def _status(package: Package) -> int:
    """Return 500 for one that was interrupted too often: no fault of the package."""
    if package.state == Package.State.REFUSED:
        return _STATUS_OF_REFUSAL.get(Package.Refusal(package.refusal), 422)
    return _STATUS_OF_STATE.get(Package.State(package.state), 500)


def _progress(package: Package) -> ProgressOut | None:
    known = progress_of(package.pk) if package.is_moving else None
    return ProgressOut(**known) if known else None


def _rejects_address(package: Package) -> str | None:
    if rejects_path(package) is None:
        return None
    return reverse("exchange_api:package_rejects", args=[package.pk])
