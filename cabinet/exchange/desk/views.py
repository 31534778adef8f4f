"""The desk of the exchange in the admin: packages, exports and keys of a company."""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from cabinet.exchange.desk.advice import advice_of
from cabinet.exchange.desk.forms import KeyForm, UploadForm
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.exports import exports_overview
from cabinet.exchange.keys import key_create, key_revoke
from cabinet.exchange.models import ExchangeKey, Package
from cabinet.exchange.package.progress import progress_of
from cabinet.exchange.rejected import problem_rows, rejected_rows
from cabinet.exchange.selectors import rejects_path
from cabinet.exchange.upload import NotRetried, Sender, Wishes, package_receive, package_retry
from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.lists import DeskList, Filter, Rows, columns
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.formats.tables import CSV_TYPE, spreadsheet_csv_lines
from portal.formats.words import duration_of
from portal.http.addresses import client_address

SEE, SEND, KEYS = "exchange.view_package", "exchange.add_package", "exchange.manage_keys"
_REFRESH_SECONDS = 3


def _only_failed(packages: Rows, value: str) -> Rows:
    return packages.filter(state__in=Package.FAILED)


_COLUMNS = columns(
    gettext_lazy("Пакет"),
    gettext_lazy("Состояние"),
    gettext_lazy("Получен"),
    gettext_lazy("Кто передал"),
    gettext_lazy("Данные на"),
)
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
    return _page(request, "packages", _("Обмен с биллингом"), context, refresh)


@desk_view(SEE)
def package_show(request: DeskRequest, pk: int) -> HttpResponse:
    package = get_object_or_404(Package, pk=pk)
    context = {
        "package": package,
        "progress": _progress(package),
        "rejected": rejected_rows(package),
        "problems": problem_rows(package) if package.has_failed else [],
        "has_rejects": rejects_path(package) is not None,
        "advice": advice_of(package) if package.has_failed else None,
        "may_retry": bool(package.file and package.package_id) and request.user.has_perm(SEND),
    }
    refresh = _REFRESH_SECONDS if package.is_moving else None
    return _page(request, "package", _("Пакет %s") % package, context, refresh)


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
    """Yield the rows harmless for a spreadsheet; the file itself is as the contract has it."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from spreadsheet_csv_lines(csv.reader(stream, delimiter=";"))


@desk_view(SEND)
def package_upload(request: DeskRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        sender = Sender(
            request.user.get_username(),
            client_address(request),
            Package.Source.DESK,
            request.user,
            form.cleaned_data["package"].name,
        )
        try:
            package = package_receive(
                parts=form.cleaned_data["package"].chunks(),
                sender=sender,
                wishes=Wishes(
                    rejects=form.cleaned_data["rejects"], check=request.POST.get("check") == "yes"
                ),
            )
        except ExchangeError as error:
            form.add_error("package", str(error))
        else:
            return redirect("exchange_package", package.pk)
    return _page(request, "upload", _("Загрузить пакет"), {"form": form})


@desk_action(SEND)
def package_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Try a failed package again, or load one that was checked.

    With `allow_mass_close` it may close accounts that it does not name, with `rejects` rows are set aside.
    """
    package = get_object_or_404(Package, pk=pk)
    allowed = request.POST.get("allow_mass_close") == "yes"
    try:
        again = package_retry(
            package=package,
            actor=request.user,
            address=client_address(request),
            allow_mass_close=allowed,
            rejects=request.POST.get("rejects") == "yes",
        )
    except (NotRetried, ExchangeError) as error:
        messages.error(request, str(error))
        return redirect("exchange_package", pk)
    messages.success(request, _("Пакет поставлен в очередь ещё раз."))
    return redirect("exchange_package", again.pk)


@desk_view(SEE)
def export_list(request: DeskRequest) -> HttpResponse:
    context = {"exports": exports_overview(), "tab": "exports"}
    return _page(request, "exports", _("Обмен с биллингом"), context)


@desk_view(KEYS)
def key_list(request: DeskRequest) -> HttpResponse:
    keys = ExchangeKey.objects.order_by("revoked_at", "-pk")
    context = {"keys": sorted(keys, key=lambda key: not key.is_good), "tab": "keys"}
    return _page(request, "keys", _("Обмен с биллингом"), context)


@never_cache
@desk_view(KEYS)
def key_add(request: DeskRequest) -> HttpResponse:
    """Show the form, then the key itself, on a page that is never stored."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = key_create(
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            actor=request.user,
            expires_at=form.expires_at,
        )
        api = request.build_absolute_uri(reverse("exchange_api_page"))
        return _page(request, "key_made", _("Новый ключ"), {"made": made, "api": api})
    return _page(request, "key_add", _("Новый ключ"), {"form": form})


@desk_view(KEYS)
def key_end(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and revoke the key for good."""
    key = get_object_or_404(ExchangeKey, pk=pk)
    return desk_ask(
        request,
        lambda _data: key_revoke(key_id=key.pk, actor=request.user),
        title=_("Отозвать ключ обмена"),
        about=key,
        says=[
            _(
                "Программа с\u00a0этим ключом сразу перестанет обмениваться данными с\u00a0порталом."
            ),
            _("Вернуть ключ нельзя: сначала сделайте новый и\u00a0замените его в\u00a0программе."),
        ],
        danger=_("Отозвать ключ"),
        done=_("Ключ «%s» отозван: с ним портал больше не отвечает.") % key,
        back=reverse("exchange_keys"),
    )


def _page(
    request: DeskRequest, name: str, title: str, context: dict[str, Any], refresh: int | None = None
) -> HttpResponse:
    """Render a page of the desk, below its own three headings."""
    template = f"exchange/desk/{name}.html"
    return desk_page(request, template, context, title=title, icon="upload", refresh=refresh)


def _progress(package: Package) -> dict[str, Any] | None:
    known = progress_of(package.pk) if package.is_moving else None
    if known and known["seconds_left"] is not None:
        known["time_left"] = duration_of(datetime.timedelta(seconds=known["seconds_left"]))
    return known
