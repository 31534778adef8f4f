"""A package as its sender sees it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from cabinet.exchange.api.errors import json_answer
from cabinet.exchange.api.schemas import PackageOut, ProgressOut
from cabinet.exchange.models import Package
from cabinet.exchange.receiving.progress import progress_of
from cabinet.exchange.selectors import rejects_path

_STATUS_OF_STATE = {
    Package.State.QUEUED: 202,
    Package.State.RUNNING: 202,
    Package.State.APPLIED: 200,
    Package.State.REPEATED: 200,
}
_STATUS_OF_REFUSAL = {Package.Refusal.CONFLICT: 409, Package.Refusal.TOO_LARGE: 413}


def package_content(package: Package) -> dict[str, Any]:
    """Times in the company's zone."""
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
    """To a POST: 200 when it is applied, 202 as long as it is not, 409, 413 or 422 when it is refused."""
    address = reverse("exchange_api:package", args=[package.pk])
    return json_answer(package_content(package), _status(package), {"Location": address, **headers})


def _status(package: Package) -> int:
    """500 for one that was interrupted too often: no fault of the package."""
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
