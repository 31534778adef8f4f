"""Packages at the operators' desk: what came, what became of it, what to do next."""

import codecs
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cabinet.exchange.desk.access import SEE, SEND, DeskRequest, may, page
from cabinet.exchange.desk.forms import UploadForm
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.models import Package
from cabinet.exchange.receiving.progress import progress_of
from cabinet.exchange.receiving.services import (
    NotRetried,
    Sender,
    Wishes,
    package_receive,
    package_retry,
)
from cabinet.exchange.selectors import rejects_path, rejects_read
from portal.addresses import client_address
from portal.formats.tables import CSV_TYPE

_PER_PAGE = 50
_REJECTS_SHOWN = 100
_REFRESH_SECONDS = 3


@may(SEE)
def package_list(request: DeskRequest) -> HttpResponse:
    """Comes again by itself while a package is on its way: a header, so that no script is needed."""
    packages = Package.objects.order_by("-pk")
    only_failed = request.GET.get("show") == "failed"
    if only_failed:
        packages = packages.filter(state__in=Package.FAILED)
    shown = Paginator(packages, _PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "packages": [(one, _progress(one)) for one in shown],
        "shown": shown,
        "only_failed": only_failed,
        "may_send": request.user.has_perm(SEND),
        "tab": "packages",
    }
    response = page(request, "packages", _("Обмен с биллингом"), context)
    return _refreshed(response, any(one.is_moving for one in shown))


@may(SEE)
def package_show(request: DeskRequest, pk: int) -> HttpResponse:
    package = get_object_or_404(Package, pk=pk)
    rejects = rejects_path(package)
    context = {
        "package": package,
        "progress": _progress(package),
        "rejected": list(itertools.islice(rejects_read(rejects), _REJECTS_SHOWN))
        if rejects
        else [],
        "has_rejects": rejects is not None,
        "may_retry": bool(package.file and package.package_id) and request.user.has_perm(SEND),
        "refresh_seconds": _REFRESH_SECONDS,
    }
    response = page(request, "package", _("Пакет %s") % package, context)
    return _refreshed(response, package.is_moving)


@may(SEE)
def package_rejects(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    package = get_object_or_404(Package, pk=pk)
    path = rejects_path(package)
    if path is None:
        raise Http404
    name = f"{package.package_id}-rejects.csv"
    return StreamingHttpResponse(
        _for_excel(path),
        content_type=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _for_excel(path: Path) -> Iterator[bytes]:
    """With a mark of UTF-8: people open it in Excel. The file itself is as the format has it."""
    yield codecs.BOM_UTF8
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(1 << 16), b"")


@may(SEND)
def package_upload(request: DeskRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        sender = Sender(request.user.get_username(), client_address(request), Package.Source.OFFICE)
        try:
            package = package_receive(
                parts=form.cleaned_data["package"].chunks(),
                sender=sender,
                wishes=Wishes(form.cleaned_data["rejects"]),
            )
        except ExchangeError as error:
            form.add_error("package", str(error))
        else:
            return redirect("exchange_package", package.pk)
    return page(request, "upload", _("Загрузить пакет"), {"form": form})


@require_POST
@may(SEND)
def package_again(request: DeskRequest, pk: int) -> HttpResponse:
    """A failed one once more; with `allow_mass_close` it may close what it names no longer."""
    package = get_object_or_404(Package, pk=pk)
    allowed = request.POST.get("allow_mass_close") == "yes"
    try:
        again = package_retry(
            package=package,
            actor=request.user,
            address=client_address(request),
            allow_mass_close=allowed,
        )
    except (NotRetried, ExchangeError) as error:
        messages.error(request, str(error))
        return redirect("exchange_package", pk)
    messages.success(request, _("Пакет поставлен в очередь ещё раз."))
    return redirect("exchange_package", again.pk)


def _progress(package: Package) -> dict[str, Any] | None:
    known = progress_of(package.pk) if package.is_moving else None
    if known and known["seconds_left"] is not None:
        known["minutes_left"] = math.ceil(known["seconds_left"] / 60)
    return known


def _refreshed(response: HttpResponse, is_moving: bool) -> HttpResponse:
    if is_moving:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response
