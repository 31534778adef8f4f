"""The page of one company: facts, hosts, and buttons to what changes it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import Button, desk_page
from portal.formats.dates import long_day
from portal.http.addresses import client_address
from tenants.central_admin.entry import intent_key
from tenants.central_admin.fleet import figure_cells
from tenants.central_admin.forms import ZONES, DomainForm
from tenants.models import GasCompany, Proposal

REFRESH_SECONDS = 5


def company_address(company_id: int) -> str:
    return reverse("tenants_gascompany_modeladmin_inspect", args=[company_id])


def who(request: DeskRequest) -> dict[str, str]:
    """Return who changes something, and from which address, as services ask it."""
    return {"actor": request.user.get_username(), "address": client_address(request)}


@desk_view("tenants.view_gascompany", hidden=False)
def company_show(request: DeskRequest, company_id: int) -> HttpResponse:
    return company_page(request, company_id, DomainForm())


def company_page(request: DeskRequest, company_id: int, domain_form: DomainForm) -> HttpResponse:
    """Render the page with a form for one more host, which may show its errors."""
    companies = GasCompany.objects.select_related("fleet_snapshot")
    company = get_object_or_404(
        companies.prefetch_related("domains", "regions", "runs", "archives__runs"), pk=company_id
    )
    may_change = request.user.has_perm("tenants.change_gascompany")
    may_delete = request.user.has_perm("tenants.delete_gascompany")
    buttons = []
    if may_change:
        buttons += _state_buttons(company, request.session.session_key or "")
    if may_delete and company.status == GasCompany.Status.ARCHIVED:
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
        "deletion": Proposal.objects.filter(
            kind=Proposal.Kind.DELETE, company_id=company.pk, state=Proposal.State.WAITING
        ).first(),
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

    def link(name: str, label: str) -> Button:
        return Button(label=label, url=reverse(name, args=[company.pk]), style="button-secondary")

    match company.status:
        case GasCompany.Status.ACTIVE:
            query = urlencode({"key": intent_key(session_key, company.pk)})
            enter_url = f"{reverse('company_enter', args=[company.pk])}?{query}"
            return [
                Button(label=_("Войти в\u00a0компанию"), url=enter_url),
                link("company_suspend", _("Приостановить…")),
            ]
        case GasCompany.Status.SUSPENDED:
            return [
                post("company_resume", _("Возобновить")),
                link("company_archive", _("В\u00a0архив…")),
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
