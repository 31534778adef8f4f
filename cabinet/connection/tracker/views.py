"""The applicant's pages of an application: how far it is, what is asked for, the contract, withdrawal."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.form.answers import answers_read
from cabinet.connection.forwarding.letters import paper_by_link
from cabinet.connection.lifecycle.by_applicant import application_read, application_withdraw
from cabinet.connection.lifecycle.states import CAN_BE_WITHDRAWN
from cabinet.connection.lifecycle.words import responsible_said, state_said, until_said
from cabinet.connection.models import ConnectionApplication
from cabinet.connection.set_up.selectors import connection_settings
from cabinet.connection.tracker.access import application_seen
from cabinet.connection.tracker.selectors import (
    applications_page,
    papers_of_applicant,
    papers_of_company,
    papers_shown,
    requests_open,
)
from cabinet.connection.tracker.steps import steps_of
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    is_looked_at,
    subscriber_required,
)
from cms_pages.selectors import company_phone
from cms_pages.stored.frame import render_framed
from portal.uploads.services import upload_response


@subscriber_required
def mine(request: SubscriberRequest) -> HttpResponse:
    """Show all that this person has submitted to the company."""
    context = {"page": applications_page(request.subscriber.pk, request.GET.get("page"))}
    return render(request, "cabinet/connection/tracker/mine.html", context)


@never_cache
def application(request: CabinetRequest, number: str) -> HttpResponse:
    """Show an application to its applicant; a visitor without a login proves the telephone first."""
    try:
        found = application_seen(request, number)
    except Http404:
        if request.subscriber is None and request.method == "GET":
            return redirect(f"{reverse('connection:status')}?{urlencode({'number': number})}")
        raise
    if is_looked_at(request):
        application_read(application_pk=found.pk)
    return _show(request, found)


@never_cache
def withdraw(request: CabinetRequest, number: str) -> HttpResponse:
    """Withdraw an application that is not signed yet."""
    found = application_seen(request, number)
    if request.method == "POST":
        try:
            application_withdraw(application_pk=found.pk)
        except ConnectionChanged:
            messages.warning(request, _("Эту заявку отозвать уже нельзя. Позвоните получателю."))
        else:
            messages.success(request, _("Вы отозвали заявку. Рассматривать её не будут."))
    return redirect("connection:application", number)


@never_cache
def paper(request: CabinetRequest, number: str, pk: UUID) -> FileResponse:
    """Serve a file of an application to its applicant."""
    found = papers_shown(application_seen(request, number)).filter(pk=pk).first()
    return upload_response(found, name=found.name if found else "")


@never_cache
def forwarded(request: CabinetRequest, token: str) -> FileResponse:
    """Serve a paper that was too large for a letter to the recipient who has its link."""
    found = paper_by_link(token)
    return upload_response(found, name=found.name if found else "")


def _show(
    request: CabinetRequest, found: ConnectionApplication, *, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "application": found,
        "steps": steps_of(found),
        "said": state_said(found),
        "until": until_said(found),
        "responsible": responsible_said(found),
        "requests": requests_open(found),
        "papers": papers_of_company(found),
        "own_papers": papers_of_applicant(found),
        "answers": answers_read(found.answers),
        "may_withdraw": found.state in CAN_BE_WITHDRAWN,
        "recipient": connection_settings(),
        "call": company_phone(),
        **more,
    }
    return tracker_page(
        request, "cabinet/connection/tracker/application.html", context, status=status
    )


def tracker_page(
    request: CabinetRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page in the cabinet's frame, or in the site's for a visitor without a login."""
    if request.subscriber is None:
        return render_framed(request, template, context, status=status)
    context = {**context, "layout": "cabinet/base.html"}
    return render(request, template, context, status=status)
