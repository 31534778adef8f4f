"""The review of all answers, the consents, the code of a visitor, and the sending."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cabinet.connection.access import (
    application_begun,
    application_opened,
    connection_page,
    secret_give,
)
from cabinet.connection.answers import Step, answers_read
from cabinet.connection.checklist import checklist_of
from cabinet.connection.exceptions import ApplicationIncomplete, ConnectionOff
from cabinet.connection.form.review import (
    SendForm,
    consents_note,
    documents_wanted,
    draft_submit,
    lacks_of,
)
from cabinet.connection.form.steps import address_of, steps_context
from cabinet.connection.lifecycle.codes import TooSoon, code_send, code_spend, is_sms_sent
from cabinet.connection.limits import may_code_be_sent, may_code_be_tried
from cabinet.connection.models import ConnectionApplication
from cabinet.connection.pages import page_render
from cabinet.connection.set_up.selectors import connection_settings
from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import CabinetRequest
from portal.http.addresses import RequestOrigin
from portal.secrets import CodeSpent, CodeWrong


@connection_page
def review(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Show all answers and what is missing; send, or lead a visitor to the code."""
    draft = _begun_or_404(request, key)
    if _is_sent(draft):
        return _to_tracker(request, draft)
    person = request.subscriber
    settings = connection_settings()
    lacks = lacks_of(draft, is_guest=person is None)
    documents = documents_wanted(draft, person, request.tenant)
    form = SendForm(request.POST if request.method == "POST" else None, documents=documents)
    if request.method == "POST" and not settings.is_on:
        return _is_off(request)
    if request.method == "POST" and form.is_valid() and not lacks:
        consents_note(
            draft=draft,
            documents=form.accepted,
            person=person,
            company=request.tenant,
            origin=RequestOrigin.of(request),
        )
        if person:
            return _sent(request, draft)
        _send_code(request, draft)
        return redirect("connection:code", draft.key)
    context = {
        **steps_context(draft, Step.REVIEW),
        "form": form,
        "lacks": [(one, address_of(draft, one.step)) for one in lacks],
        "parts": _parts(draft),
        "papers": checklist_of(draft),
        "papers_url": address_of(draft, Step.PAPERS),
        "settings": settings,
        "is_guest": person is None,
        "is_tried": request.method == "POST" and bool(lacks),
    }
    response = page_render(request, "cabinet/connection/form/review.html", context)
    if draft.subscriber_id is None:
        secret_give(request, response)
    return response


@connection_page
def code(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Ask a visitor for the code of the SMS; the right one sends the application."""
    draft = _begun_or_404(request, key)
    if _is_sent(draft):
        return _to_tracker(request, draft)
    if request.subscriber or lacks_of(draft, is_guest=True):
        return redirect("connection:review", draft.key)
    if documents_wanted(draft, None, request.tenant):
        return redirect("connection:review", draft.key)
    data = request.POST if request.method == "POST" else None
    form = SmsCodeForm(data, by_email=not is_sms_sent())
    if request.POST.get("action") == "again":
        _send_code(request, draft)
        return redirect("connection:code", draft.key)
    if request.method == "POST" and form.is_valid():
        if not may_code_be_tried(request):
            form.add_error("code", _("Слишком много попыток. Попробуйте через час."))
            return _code_page(request, draft, form)
        try:
            code_spend(application_pk=draft.pk, code=form.cleaned_data["code"])
            return _sent(request, draft)
        except CodeWrong as error:
            form.refuse(error.tries_left)
        except CodeSpent:
            form.refuse(0)
    return _code_page(request, draft, form)


def _code_page(
    request: CabinetRequest, draft: ConnectionApplication, form: SmsCodeForm
) -> HttpResponse:
    by_sms = is_sms_sent()
    phone, email = draft.contact
    sent_to = Contact("phone", phone) if by_sms else Contact("email", email)
    context = {"draft": draft, "form": form, "sent_to": sent_to, "by_sms": by_sms}
    return page_render(request, "cabinet/connection/form/code.html", context)


def _sent(request: CabinetRequest, draft: ConnectionApplication) -> HttpResponse:
    try:
        application = draft_submit(draft=draft)
    except ApplicationIncomplete:
        return redirect("connection:review", draft.key)
    except ConnectionOff:
        return _is_off(request)
    return _to_tracker(request, application)


def _is_off(request: CabinetRequest) -> HttpResponse:
    messages.warning(request, _("Сейчас заявки здесь не принимаются. Черновик сохранён."))
    return redirect("connection:start")


def _to_tracker(request: CabinetRequest, application: ConnectionApplication) -> HttpResponse:
    response = redirect("connection:application", application.number)
    if request.subscriber is None:
        application_opened(request, response, application)
    return response


def _send_code(request: CabinetRequest, draft: ConnectionApplication) -> None:
    phone, email = draft.contact
    if not may_code_be_sent(request, phone if is_sms_sent() or not email else email):
        often = _("Сейчас мы не можем отправить код: их было слишком много. Попробуйте через час.")
        messages.warning(request, often)
        return
    try:
        code_send(application_pk=draft.pk)
    except TooSoon:
        messages.info(request, _("Код уже отправлен. Новый можно запросить через минуту."))


def _begun_or_404(request: CabinetRequest, key: UUID) -> ConnectionApplication:
    found = application_begun(request, key)
    if found is None:
        raise Http404
    return found


def _is_sent(draft: ConnectionApplication) -> bool:
    return draft.state != ConnectionApplication.State.DRAFT


def _parts(draft: ConnectionApplication) -> list[dict[str, object]]:
    """Return the answers by step, each with the address where they are changed."""
    steps = (Step.APPLICANT, Step.OBJECT, Step.EQUIPMENT)
    return [
        {"heading": heading, "lines": lines, "url": f"{address_of(draft, step)}?from=review"}
        for step, (heading, lines) in zip(steps, answers_read(draft.answers), strict=True)
    ]
