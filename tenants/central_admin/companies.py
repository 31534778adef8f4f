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
from portal.formats.phones import phone_href, phone_shown
from portal.http.addresses import client_address
from tenants.central_admin.entering import enter_address
from tenants.central_admin.fleet import figure_cells
from tenants.central_admin.forms import DomainForm, OpenForm
from tenants.hosts.services import ENDS_SOON, is_being_checked
from tenants.models import GasCompany, Proposal
from tenants.models.company import ZONES, site_url
from tenants.opening.checks import checks_of

REFRESH_SECONDS = 5
CHANGE, DELETE = "tenants.change_gascompany", "tenants.delete_gascompany"


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
    is_new = company.status == GasCompany.Status.PREPARING
    checks = checks_of(company) if is_new else []
    deletion = Proposal.objects.filter(
        kind=Proposal.Kind.DELETE, company_id=company.pk, state=Proposal.State.WAITING
    ).first()
    hosts = sorted(company.domains.all(), key=lambda one: not one.is_primary)
    asked = [host for host in hosts if is_being_checked(host)]
    soon = timezone.now() + ENDS_SOON
    context: dict[str, Any] = {
        "object": company,
        "checks": checks,
        "is_ready": all(one.done for one in checks),
        "open_form": open_form or OpenForm(),
        "domain_form": domain_form or DomainForm(),
        "buttons": _buttons(request, company, deletion),
        "facts": _facts(company),
        "cells": figure_cells(getattr(company, "fleet_snapshot", None)),
        "may_change": request.user.has_perm(CHANGE),
        "may_delete": request.user.has_perm(DELETE),
        "deletion": deletion,
        "hosts": hosts,
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


def _buttons(request: DeskRequest, company: GasCompany, deletion: Proposal | None) -> list[Button]:
    """Return the buttons for who may press them; of a deletion that waits, the way to its page."""
    buttons = []
    may_change = request.user.has_perm(CHANGE)
    if may_change:
        buttons += _state_buttons(company, request.session.session_key or "")
    if deletion:
        waiting = reverse("proposal", args=[deletion.pk])
        label = _("Предложение удалить")
        buttons.append(Button(label=label, url=waiting, style="button-secondary"))
    elif request.user.has_perm(DELETE) and company.status == GasCompany.Status.ARCHIVED:
        buttons.append(_link(company, "company_delete", _("Удалить…"), "no"))
    if may_change and company.status in GasCompany.AT_WORK:
        buttons.append(_link(company, "company_change", _("Изменить")))
    return [*buttons, _link(company, "company_timeline", _("История"))]


def _link(company: GasCompany, name: str, label: str, style: str = "button-secondary") -> Button:
    return Button(label=label, url=reverse(name, args=[company.pk]), style=style)


def _state_buttons(company: GasCompany, session_key: str) -> list[Button]:
    def post(name: str, label: str, style: str = "") -> Button:
        return Button(label=label, url=reverse(name, args=[company.pk]), style=style, post=True)

    enter = Button(label=_("Войти в\u00a0компанию"), url=enter_address(session_key, company.pk))
    match company.status:
        case GasCompany.Status.PREPARING | GasCompany.Status.ACTIVE:
            return [enter, _link(company, "company_suspend", _("Приостановить…"))]
        case GasCompany.Status.SUSPENDED:
            return [
                enter,
                post("company_resume", _("Возобновить")),
                _link(company, "company_archive", _("В\u00a0архив…")),
            ]
        case GasCompany.Status.ARCHIVED:
            return [
                post("company_resume", _("Вернуть к\u00a0работе")),
                post("company_archive_again", _("Выгрузить ещё раз"), "button-secondary"),
            ]
    return []


def _facts(company: GasCompany) -> list[tuple[str, object]]:
    primary = next((one for one in company.domains.all() if one.is_primary), None)
    site = f"{company.url}/"
    shown = f"{site_url(str(primary))}/" if primary else site
    return [
        (_("Сайт"), format_html('<a href="{}">{}</a>', site, shown)),
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
        phone and format_html('<a href="tel:{}">{}</a>', phone_href(phone), phone_shown(phone)),
        email and format_html('<a href="mailto:{}">{}</a>', email, email),
    ]
    found = format_html_join(", ", "{}", ((one,) for one in said if one))
    return [(_("С\u00a0кем связаться"), found)] if found else []
