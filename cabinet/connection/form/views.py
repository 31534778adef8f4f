"""The start page, and the steps of the form: each saves the draft, in any order."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cabinet.connection.access import (
    application_begun,
    connection_page,
    draft_or_404,
    hash_of,
    own,
    secret_add,
    secret_give,
    secrets_here,
)
from cabinet.connection.answers import Step
from cabinet.connection.calculator import free_flow
from cabinet.connection.form.drafts import (
    DraftGone,
    draft_delete,
    draft_link_send,
    draft_save,
    draft_start,
    drafts_among,
)
from cabinet.connection.form.equipment import BaseEquipmentForm, equipment_form
from cabinet.connection.form.forms import ApplicantForm, NewForm, ObjectForm
from cabinet.connection.form.limits import may_begin, may_link_be_sent
from cabinet.connection.form.steps import address_of, steps_context
from cabinet.connection.lifecycle.words import terms_said
from cabinet.connection.models import ConnectionApplication
from cabinet.connection.pages import page_render
from cabinet.connection.set_up.selectors import connection_settings, equipment_offered
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import CabinetRequest
from portal.captcha.fields import CaptchaField
from portal.messaging.registry import channel_available

AnyForm = ApplicantForm | ObjectForm | BaseEquipmentForm
_FORMS = (Step.APPLICANT, Step.OBJECT, Step.EQUIPMENT)


@connection_page
def start(request: CabinetRequest) -> HttpResponse:
    """Show what connection is, who decides on it, and what the visitor has begun."""
    context = {
        "settings": connection_settings(),
        "drafts": drafts_among(ConnectionApplication.objects.filter(own(request))),
        "free_flow": free_flow(timezone.localdate()),
        "terms": terms_said(timezone.localdate()),
    }
    return page_render(request, "cabinet/connection/form/start.html", context)


@connection_page
def new(request: CabinetRequest) -> HttpResponse:
    """Take the first step of an application, which makes its draft."""
    if not connection_settings().is_on:
        return redirect("connection:start")
    form = _new_form(request)
    if request.method == "POST" and form.is_valid():
        draft = _begun(request, form)
        if draft:
            return redirect("connection:step", draft.key, Step.OBJECT)
    response = _show(request, None, Step.APPLICANT, form)
    if request.subscriber is None:
        secret_give(request, response)
    return response


@connection_page
def step(request: CabinetRequest, key: UUID, name: str) -> HttpResponse:
    """Show a step, or save it and lead on."""
    draft = draft_or_404(request, key)
    if name not in _FORMS:
        raise Http404
    stays = request.POST.get("action") in ("count", "more")
    form = _form(request, draft, Step(name))
    if request.method == "POST":
        is_valid, is_later = form.is_valid(), request.POST.get("action") == "later"
        try:
            draft = _saved(request, draft, name, form)
        except DraftGone as error:
            raise Http404 from error
        if is_later and (is_valid or form.is_only_unfinished):
            messages.success(request, _("Черновик сохранён. Продолжите, когда вам удобно."))
            return redirect("connection:start")
        if stays and is_valid:
            form = _form(request, draft, Step(name), is_fresh=True)
        elif is_valid:
            for note in getattr(form, "notes", []):
                messages.info(request, note)
            return redirect(_after(request, draft, Step(name)))
    response = _show(request, draft, Step(name), form)
    if draft.subscriber_id is None:
        secret_give(request, response)
    return response


@require_POST
@connection_page
def delete(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Delete a draft with its papers."""
    draft_delete(draft_pk=draft_or_404(request, key).pk)
    messages.success(request, _("Черновик удалён вместе с документами."))
    return redirect("connection:start")


@require_POST
@connection_page
def link_send(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Send a visitor the link of the draft, to the address that is written in it."""
    draft = draft_or_404(request, key)
    email = str((draft.answers.get(Step.APPLICANT) or {}).get("email", ""))
    secret = next((one for one in secrets_here(request) if hash_of(one) == draft.secret_hash), "")
    if not email or not secret:
        messages.warning(request, _("Чтобы получить ссылку, укажите в заявке электронную почту."))
    elif not may_link_be_sent(request, email):
        messages.warning(request, _("Ссылку уже отправляли несколько раз. Попробуйте завтра."))
    else:
        draft_link_send(email=email, secret=secret)
        sent = _("Отправили ссылку на %(email)s. По ней заявка откроется на другом устройстве.")
        messages.success(request, sent % {"email": email})
    return redirect("connection:start")


@connection_page
def go_on(request: CabinetRequest, secret: str) -> HttpResponse:
    """Open the drafts of a link on this device, by the button: mail scanners open links too."""
    if request.method == "POST":
        response = redirect("connection:start")
        secret_add(request, response, secret)
        return response
    drafts = ConnectionApplication.objects.filter(secret_hash=hash_of(secret), subscriber_id=None)
    context = {"is_good": bool(drafts_among(drafts))}
    status = 200 if context["is_good"] else 410
    return page_render(request, "cabinet/connection/form/continue.html", context, status=status)


def _begun(request: CabinetRequest, form: NewForm) -> ConnectionApplication | None:
    """Return the draft of a valid first step; None, with an error in the form, where there is none."""
    key = form.cleaned_data["form_key"]
    if existing := application_begun(request, key):
        return existing
    secrets = secrets_here(request)
    if request.subscriber is None and not secrets:
        form.add_error(None, _("Браузер не сохраняет cookie, без них черновик не открыть снова."))
        return None
    if not may_begin(request):
        form.add_error(None, _("Сейчас начато слишком много заявок. Попробуйте через час."))
        return None
    person = request.subscriber
    draft = draft_start(
        key=key,
        answers=form.given,
        subscriber_id=person.pk if person else None,
        secret_hash="" if person else hash_of(secrets[0]),
    )
    if draft is None:
        form.add_error(None, _("Страница устарела. Откройте её ещё раз."))
    return draft


def _new_form(request: CabinetRequest) -> NewForm:
    person = request.subscriber
    initial: dict[str, Any] = {"form_key": uuid4()}
    if person:
        initial |= {"phone": person.phone or "", "email": person.email or ""}
    form = NewForm(
        request.POST if request.method == "POST" else None,
        initial=initial | recovered_initial(request),
        is_guest=person is None,
        is_sms=channel_available("sms"),
    )
    if person is None:
        form.fields["captcha"] = CaptchaField()
    return form


def _form(
    request: CabinetRequest, draft: ConnectionApplication, name: Step, *, is_fresh: bool = False
) -> AnyForm:
    """Return the step's form, with what is sent or else with what is saved."""
    data = request.POST if request.method == "POST" and not is_fresh else None
    recovered = recovered_initial(request)
    stored = {**(draft.answers.get(name) or {}), **recovered}
    if name == Step.EQUIPMENT and recovered:
        return equipment_form(recovered, {}, equipment_offered())
    if name == Step.EQUIPMENT:
        more = 1 if request.POST.get("action") == "more" else 0
        return equipment_form(data, stored, equipment_offered(), more=more)
    if name == Step.OBJECT:
        return ObjectForm(data, initial=stored)
    return ApplicantForm(
        data,
        initial=stored,
        is_guest=request.subscriber is None,
        is_sms=channel_available("sms"),
    )


def _saved(
    request: CabinetRequest, draft: ConnectionApplication, name: str, form: AnyForm
) -> ConnectionApplication:
    """Save what is valid; what is not stays as it was saved before."""
    stored = draft.answers.get(name) or {}
    is_equipment = name == Step.EQUIPMENT
    if not form.is_valid() and is_equipment and not form.is_only_unfinished:
        return draft
    answers = form.given if is_equipment else {**stored, **form.given}
    return draft_save(
        draft_pk=draft.pk,
        step=name,
        answers=answers,
        subscriber_id=request.subscriber.pk if request.subscriber else None,
    )


def _after(request: CabinetRequest, draft: ConnectionApplication, name: Step) -> str:
    """Return the address of the next step; of the review, for whoever came from there."""
    if request.GET.get("from") == Step.REVIEW:
        return address_of(draft, Step.REVIEW)
    steps = list(Step)
    return address_of(draft, steps[steps.index(name) + 1])


def _show(
    request: CabinetRequest, draft: ConnectionApplication | None, name: Step, form: AnyForm
) -> HttpResponse:
    context: dict[str, Any] = {
        **steps_context(draft, name),
        "form": form,
        "is_guest": request.subscriber is None,
    }
    if name == Step.EQUIPMENT and draft:
        flow = (draft.answers.get(Step.EQUIPMENT) or {}).get("flow")
        context |= {"flow": flow, "free_flow": free_flow(timezone.localdate())}
    template = f"cabinet/connection/form/{'equipment' if name == Step.EQUIPMENT else 'step'}.html"
    return page_render(request, template, context)
