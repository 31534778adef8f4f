"""The page of one company: facts, hosts, state, deletion."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, View, desk_action, desk_view
from portal.desk.pages import Button, desk_act, desk_page
from portal.formats.dates import long_day
from portal.http.addresses import client_address
from tenants.archives.services import archive_request
from tenants.central_admin.entry import intent_key
from tenants.central_admin.fleet import figure_cells
from tenants.central_admin.forms import ZONES, DeleteForm, DomainForm
from tenants.models import Domain, GasCompany
from tenants.services import (
    StatusRefused,
    company_archive,
    company_delete,
    company_resume,
    company_suspend,
    domain_add,
    domain_make_primary,
    domain_remove,
)

REFRESH_SECONDS = 5
INDEX = "tenants_gascompany_modeladmin_index"


def company_address(company_id: int) -> str:
    return reverse("tenants_gascompany_modeladmin_inspect", args=[company_id])


def _who(request: DeskRequest) -> dict[str, str]:
    return {"actor": request.user.get_username(), "address": client_address(request)}


@desk_view("tenants.view_gascompany", hidden=False)
def company_show(request: DeskRequest, company_id: int) -> HttpResponse:
    return _page(request, company_id, DomainForm())


def _page(request: DeskRequest, company_id: int, domain_form: DomainForm) -> HttpResponse:
    companies = GasCompany.objects.select_related("fleet_snapshot")
    company = get_object_or_404(
        companies.prefetch_related("domains", "regions", "runs", "archives"), pk=company_id
    )
    may_change = request.user.has_perm("tenants.change_gascompany")
    may_delete = request.user.has_perm("tenants.delete_gascompany")
    buttons = []
    if may_change:
        buttons += _state_buttons(company, request.session.session_key or "")
    if may_delete and company.status != GasCompany.Status.ACTIVE:
        delete_url = reverse("company_delete", args=[company.pk])
        buttons.append(Button(label=_("Удалить…"), url=delete_url, style="no"))
    context: dict[str, Any] = {
        "object": company,
        "domain_form": domain_form,
        "buttons": buttons,
        "facts": _facts(company),
        "cells": figure_cells(getattr(company, "fleet_snapshot", None)),
        "may_change": may_change,
        "may_delete": may_delete,
    }
    moving = any(one.is_moving for one in company.archives.all())
    return desk_page(
        request,
        "tenants/central_admin/company.html",
        context,
        title=company.name,
        icon="site",
        refresh=REFRESH_SECONDS if moving else None,
    )


def _state_buttons(company: GasCompany, session_key: str) -> list[Button]:
    def post(name: str, label: str, style: str = "") -> Button:
        return Button(label=label, url=reverse(name, args=[company.pk]), style=style, post=True)

    match company.status:
        case GasCompany.Status.ACTIVE:
            query = urlencode({"key": intent_key(session_key, company.pk)})
            enter_url = f"{reverse('company_enter', args=[company.pk])}?{query}"
            return [
                Button(label=_("Войти в\u00a0компанию"), url=enter_url),
                post("company_suspend", _("Приостановить"), "button-secondary"),
            ]
        case GasCompany.Status.SUSPENDED:
            return [
                post("company_resume", _("Возобновить")),
                post("company_archive", _("В\u00a0архив"), "button-secondary"),
            ]
        case GasCompany.Status.ARCHIVED:
            return [
                post("company_resume", _("Вернуть к\u00a0работе")),
                post("company_archive_again", _("Выгрузить ещё раз"), "button-secondary"),
            ]
    return []


def _facts(company: GasCompany) -> list[tuple[str, object]]:
    site = f"{company.url}/"
    return [
        (_("Сайт"), format_html('<a href="{}">{}</a>', site, site)),
        (_("Вид"), company.kind_label),
        (_("Регионы"), ", ".join(str(region) for region in company.regions.all())),
        (_("Часовой пояс"), dict(ZONES).get(company.time_zone, company.time_zone)),
        (_("Имя схемы"), company.schema_name),
        (_("Создана"), long_day(company.created_at)),
    ]


def _status_view(service: Callable[..., GasCompany], said: str) -> View:
    @desk_action("tenants.change_gascompany", hidden=False)
    def view(request: DeskRequest, company_id: int) -> HttpResponse:
        return desk_act(
            request,
            lambda: service(company_id=company_id, **_who(request)),
            done=said,
            refused=StatusRefused,
            back=company_address(company_id),
        )

    return view


suspend = _status_view(
    company_suspend,
    _("Компания приостановлена. Её сайт закрыт, платежи и обмен с биллингом продолжаются."),
)
archive = _status_view(
    company_archive, _("Компания уходит в архив. Файл готовится, это может занять несколько минут.")
)
resume = _status_view(company_resume, _("Компания снова работает."))


@desk_action("tenants.change_gascompany", hidden=False)
def archive_again(request: DeskRequest, company_id: int) -> HttpResponse:
    """Make another file of an archived company, for instance when the last one failed."""
    archived = GasCompany.objects.filter(status=GasCompany.Status.ARCHIVED)
    with transaction.atomic():
        company = get_object_or_404(archived.select_for_update(), pk=company_id)
        if not any(one.is_moving for one in company.archives.all()):
            archive_request(company=company, actor=request.user.get_username())
    return redirect(company_address(company_id))


@desk_view("tenants.delete_gascompany", hidden=False)
def delete(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data["typed_name"]
        try:
            company_delete(company_id=company.pk, typed_name=typed, **_who(request))
        except StatusRefused as refused:
            form.add_error("typed_name", str(refused))
        else:
            messages.success(request, _("Компания «%s» удалена.") % company.name)
            return redirect(INDEX)
    refusal = _("Работающую компанию не\u00a0удаляют: сначала приостановите её.")
    context = {
        "form": form,
        "object": company,
        "danger": _("Удалить навсегда"),
        "back": company_address(company.pk),
        "back_label": _("Назад к\u00a0компании"),
        "refusal": refusal if company.status == GasCompany.Status.ACTIVE else "",
    }
    template = "tenants/central_admin/delete.html"
    return desk_page(request, template, context, title=_("Удаление компании"), icon="bin")


@desk_action("tenants.change_gascompany", hidden=False)
def add_domain(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            host = domain_add(company=company, domain=form.cleaned_data["domain"], **_who(request))
        except ValidationError as error:
            form.add_error("domain", error.messages)
        else:
            messages.success(request, _("Адрес %s добавлен.") % host)
            return redirect(company_address(company_id))
    return _page(request, company_id, form)


@desk_action("tenants.change_gascompany", hidden=False)
def primary_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_act(
        request,
        lambda: domain_make_primary(host=host, **_who(request)),
        done=_("Основной адрес теперь %s.") % host,
        back=company_address(company_id),
    )


@desk_action("tenants.change_gascompany", hidden=False)
def remove_domain(request: DeskRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    return desk_act(
        request,
        lambda: domain_remove(host=host, **_who(request)),
        done=_("Адрес %s удалён.") % host,
        refused=ValidationError,
        back=company_address(company_id),
    )
