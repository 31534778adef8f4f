"""The page of one company: facts, hosts, and buttons to what changes it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import Button, desk_page
from portal.formats.dates import long_day
from portal.http.addresses import client_address
from tenants.central_admin.entering import enter_address
from tenants.central_admin.fleet import figure_cells
from tenants.central_admin.forms import ZONES, DomainForm, OpenForm
from tenants.hosts.services import ENDS_SOON, is_being_checked
from tenants.models import GasCompany, Proposal
from tenants.opening.checks import checks_of

REFRESH_SECONDS = 5


def company_address(company_id: int) -> str:
    return reverse("tenants_gascompany_modeladmin_inspect", args=[company_id])


def who(request: DeskRequest) -> dict[str, Any]:
    """Return who changes something, and from which address, as services ask it."""
    return {"actor": request.user.get_username(), "address": client_address(request)}


@desk_view("tenants.view_gascompany", hidden=False)
def company_show(request: DeskRequest, company_id: int) -> HttpResponse:
    return company_page(request, company_id)


def company_page(
    request: DeskRequest,
    company_id: int,
    domain_form: DomainForm | None = None,
    open_form: OpenForm | None = None,
) -> HttpResponse:
    """Render the page; a form on it that was sent shows its errors."""
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
    is_new = company.status == GasCompany.Status.PREPARING
    checks = checks_of(company) if is_new else []
    if may_change:
        change_url = reverse("company_change", args=[company.pk])
        buttons.append(Button(label=_("Изменить"), url=change_url, style="button-secondary"))
    history = reverse("company_timeline", args=[company.pk])
    buttons.append(Button(label=_("История"), url=history, style="button-secondary"))
    context: dict[str, Any] = {
        "object": company,
        "checks": checks,
        "is_ready": all(one.done for one in checks),
        "open_form": open_form or OpenForm(),
        "domain_form": domain_form or DomainForm(),
        "buttons": buttons,
        "facts": _facts(company),
        "cells": figure_cells(getattr(company, "fleet_snapshot", None)),
        "may_change": may_change,
        "may_delete": may_delete,
        "deletion": Proposal.objects.filter(
            kind=Proposal.Kind.DELETE, company_id=company.pk, state=Proposal.State.WAITING
        ).first(),
    }
    hosts = company.domains.all()
    asked = [host for host in hosts if is_being_checked(host)]
    soon = timezone.now() + ENDS_SOON
    context |= {
        "asked_hosts": asked,
        "ending_hosts": [one for one in hosts if (one.certificate_until or soon) < soon],
    }
    moving = bool(asked) or any(one.is_moving for one in company.archives.all())
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

    enter = Button(label=_("Войти в\u00a0компанию"), url=enter_address(session_key, company.pk))
    match company.status:
        case GasCompany.Status.PREPARING:
            return [enter]
        case GasCompany.Status.ACTIVE:
            return [
                enter,
                link("company_suspend", _("Приостановить…")),
            ]
        case GasCompany.Status.SUSPENDED:
            return [
                enter,
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
        *_contacts(company),
    ]


def _contacts(company: GasCompany) -> list[tuple[str, object]]:
    phone, email = company.contact_phone, company.contact_email
    said = [
        company.contact_name,
        phone and format_html('<a href="tel:{}">{}</a>', phone, phone),
        email and format_html('<a href="mailto:{}">{}</a>', email, email),
    ]
    found = format_html_join(", ", "{}", ((one,) for one in said if one))
    return [(_("С\u00a0кем связаться"), found)] if found else []
