"""The applicant's pages of an application: how far it is, what is asked for, the contract, withdrawal."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.connection.access import application_seen
from cabinet.connection.answers import answers_read
from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.form.papers import FORMATS, MOST_BYTES, RULES
from cabinet.connection.forwarding.letters import paper_by_link
from cabinet.connection.lifecycle.by_applicant import application_read, application_withdraw
from cabinet.connection.lifecycle.states import CAN_BE_WITHDRAWN
from cabinet.connection.lifecycle.words import responsible_said, state_said, until_said
from cabinet.connection.models import ConnectionApplication
from cabinet.connection.pages import page_render
from cabinet.connection.set_up.selectors import connection_settings
from cabinet.connection.tracker.answering import Answering, answers_take
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
from portal.uploads.services import upload_response


@subscriber_required
def mine(request: SubscriberRequest) -> HttpResponse:
    """Show all that this person has submitted to the company."""
    context = {"page": applications_page(request.subscriber.pk, request.GET.get("page"))}
    return render(request, "cabinet/connection/tracker/mine.html", context)


def application(request: CabinetRequest, number: str) -> HttpResponse:
    """Show an application to its applicant; a visitor without a login proves the telephone first."""
    try:
        found = application_seen(request, number)
    except Http404:
        if request.subscriber is None and request.method == "GET":
            return redirect(f"{reverse('connection:status')}?{urlencode({'number': number})}")
        raise
    if request.method == "POST":
        return _answer(request, found)
    if is_looked_at(request):
        application_read(application=found)
    return _show(request, found)


def _answer(request: CabinetRequest, found: ConnectionApplication) -> HttpResponse:
    """Take files for the papers that are asked for; what was wrong is said beside its request."""
    asked = requests_open(found)
    if not asked:
        messages.info(request, _("Все документы уже у нас, присылать больше ничего не нужно."))
        return redirect("connection:application", found.number)
    try:
        answers = answers_take(request, found, asked)
    except ConnectionChanged:
        messages.warning(request, _("Заявка изменилась, документы к ней больше не принимаются."))
        return redirect("connection:application", found.number)
    if any(one.errors for one in answers):
        found.refresh_from_db()
        left = [one for one in answers if not one.is_answered]
        return _show(request, found, answering=left, is_taken=len(left) < len(answers))
    messages.success(request, _("Мы получили документы."))
    return redirect("connection:application", found.number)


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


def paper(request: CabinetRequest, number: str, pk: UUID) -> FileResponse:
    """Serve a file of an application to its applicant."""
    found = papers_shown(application_seen(request, number)).filter(pk=pk).first()
    return upload_response(found, name=found.name if found else "")


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
        "answering": [Answering(one) for one in requests_open(found)],
        "rules": {"formats": FORMATS, "megabytes": MOST_BYTES // 1024**2},
        "accept": ",".join(f".{one}" for one in RULES.names),
        "papers": papers_of_company(found),
        "own_papers": papers_of_applicant(found),
        "answers": answers_read(found.answers),
        "may_withdraw": found.state in CAN_BE_WITHDRAWN,
        "recipient": connection_settings(),
        "call": company_phone(),
        **more,
    }
    return page_render(
        request, "cabinet/connection/tracker/application.html", context, status=status
    )
