"""One company: what it is, its hosts, closing and opening it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.addresses import client_address
from tenants.archives.services import archive_request
from tenants.central_admin.access import CentralRequest, may
from tenants.central_admin.figures import figure_cells
from tenants.central_admin.forms import DeleteForm, DomainForm
from tenants.central_admin.zones import ZONES
from tenants.entering import intent_key
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


def _who(request: CentralRequest) -> dict[str, str]:
    return {"actor": request.user.get_username(), "address": client_address(request)}


@may("view_gascompany")
def company_show(request: CentralRequest, company_id: int) -> HttpResponse:
    return _page(request, company_id, DomainForm())


def _page(request: CentralRequest, company_id: int, domain_form: DomainForm) -> HttpResponse:
    companies = GasCompany.objects.select_related("fleet_snapshot")
    company = get_object_or_404(
        companies.prefetch_related("domains", "regions", "runs", "archives"), pk=company_id
    )
    context: dict[str, Any] = {
        "page_title": company.name,
        "header_icon": "site",
        "object": company,
        "domain_form": domain_form,
        "zone": dict(ZONES).get(company.time_zone, company.time_zone),
        "cells": figure_cells(getattr(company, "fleet_snapshot", None)),
        "enter_key": intent_key(request.session.session_key or "", company.pk),
        "may_change": request.user.has_perm("tenants.change_gascompany"),
        "may_delete": request.user.has_perm("tenants.delete_gascompany"),
    }
    response = render(request, "tenants/central_admin/company.html", context)
    if any(one.is_moving for one in company.archives.all()):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _status_view(
    service: Callable[..., GasCompany], said: str
) -> Callable[[CentralRequest, int], HttpResponse]:
    @require_POST
    @may("change_gascompany")
    def view(request: CentralRequest, company_id: int) -> HttpResponse:
        try:
            service(company_id=company_id, **_who(request))
        except StatusRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said)
        return redirect(company_address(company_id))

    return view


suspend = _status_view(
    company_suspend,
    _("Компания приостановлена. Её сайт закрыт, платежи и обмен с биллингом продолжаются."),
)
archive = _status_view(
    company_archive, _("Компания уходит в архив. Файл готовится, это может занять несколько минут.")
)
resume = _status_view(company_resume, _("Компания снова работает."))


@require_POST
@may("change_gascompany")
def archive_again(request: CentralRequest, company_id: int) -> HttpResponse:
    """The last file could not be made: another one."""
    archived = GasCompany.objects.filter(status=GasCompany.Status.ARCHIVED)
    with transaction.atomic():
        company = get_object_or_404(archived.select_for_update(), pk=company_id)
        if not any(one.is_moving for one in company.archives.all()):
            archive_request(company=company, actor=request.user.get_username())
    return redirect(company_address(company_id))


@may("delete_gascompany")
def delete(request: CentralRequest, company_id: int) -> HttpResponse:
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
    context = {
        "page_title": _("Удаление компании"),
        "header_icon": "bin",
        "form": form,
        "object": company,
        "back": company_address(company.pk),
    }
    return render(request, "tenants/central_admin/delete.html", context)


@require_POST
@may("change_gascompany")
def add_domain(request: CentralRequest, company_id: int) -> HttpResponse:
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


@require_POST
@may("change_gascompany")
def primary_domain(request: CentralRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    domain_make_primary(host=host, **_who(request))
    messages.success(request, _("Основной адрес теперь %s.") % host)
    return redirect(company_address(company_id))


@require_POST
@may("change_gascompany")
def remove_domain(request: CentralRequest, company_id: int, domain_id: int) -> HttpResponse:
    host = get_object_or_404(Domain, pk=domain_id, tenant_id=company_id)
    try:
        domain_remove(host=host, **_who(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Адрес %s удалён.") % host)
    return redirect(company_address(company_id))
