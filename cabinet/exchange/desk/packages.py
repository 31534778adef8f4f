"""Packages at the operators' desk: what came, what became of it, what to do next."""

import codecs
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.exchange.desk.access import SEE, SEND, page
from cabinet.exchange.desk.forms import UploadForm
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.models import Package
from cabinet.exchange.package.progress import progress_of
from cabinet.exchange.selectors import rejects_path, rejects_read
from cabinet.exchange.upload import (
    NotRetried,
    Sender,
    Wishes,
    package_receive,
    package_retry,
)
from portal.addresses import client_address
from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.formats.tables import CSV_TYPE

_REJECTS_SHOWN = 100
_REFRESH_SECONDS = 3


def _only_failed(packages: Rows, value: str) -> Rows:
    return packages.filter(state__in=Package.FAILED)


_COLUMNS = [
    Column(label=label)
    for label in (
        gettext_lazy("Пакет"),
        gettext_lazy("Состояние"),
        gettext_lazy("Получен"),
        gettext_lazy("Кто передал"),
        gettext_lazy("Данные на"),
    )
]
_FAILED = Filter(
    name="show", label="", choices=[("failed", gettext_lazy("с ошибками"))], narrow=_only_failed
)


@desk_view(SEE)
def package_list(request: DeskRequest) -> HttpResponse:
    """List the packages, newest first; the page refreshes itself while one is being loaded."""
    shown = DeskList(
        request, Package.objects.order_by("-pk"), columns=_COLUMNS, filters=[_FAILED], per_page=50
    )
    for one in shown.page:
        one.progress = _progress(one)
    context = {
        "list": shown,
        "may_send": request.user.has_perm(SEND),
        "tab": "packages",
        "list_label": _("Пакеты"),
    }
    moving = any(one.is_moving for one in shown.page)
    refresh = _REFRESH_SECONDS if moving else None
    return page(request, "packages", _("Обмен с биллингом"), context, refresh)


@desk_view(SEE)
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
    }
    refresh = _REFRESH_SECONDS if package.is_moving else None
    return page(request, "package", _("Пакет %s") % package, context, refresh)


@desk_view(SEE)
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


@desk_view(SEND)
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


@desk_action(SEND)
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
