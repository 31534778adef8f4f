"""One appeal on the operators' desk: all that was said, the account beside it, who has it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.conversation import conversation_of
from cabinet.appeals.desk.facts import account_facts, other_appeals
from cabinet.appeals.desk.forms import (
    AnswerForm,
    AssignForm,
    NoteForm,
    TransferForm,
    canned_of,
    staff_name,
)
from cabinet.appeals.desk.queue import due_said, locked_by_other, state_said
from cabinet.appeals.desk.rights import ICON, SERVE
from cabinet.appeals.files import pending_files
from cabinet.appeals.lifecycle.by_staff import appeal_note, appeal_transfer
from cabinet.appeals.lifecycle.clock import soon_border, urgency_of
from cabinet.appeals.lifecycle.holding import (
    appeal_assign,
    appeal_lock,
    appeal_release,
    appeal_take,
)
from cabinet.appeals.models import OPEN, Appeal, AppealFile
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_page
from portal.staff.models import StaffUser
from portal.uploads.services import upload_response


def appeal_or_404(pk: int) -> Appeal:
    rows = Appeal.objects.select_related("account", "centre", "kind", "assigned_to", "locked_by")
    return get_object_or_404(rows, pk=pk)


@company_only
@desk_view(SERVE)
def appeal_show(request: DeskRequest, pk: int) -> HttpResponse:
    return appeal_page(request, appeal_or_404(pk))


def appeal_page(
    request: DeskRequest,
    appeal: Appeal,
    shown: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render an appeal.

    `shown`: forms that were not accepted, `file_errors`, and as `news` the messages that the sender of an
    answer had not seen.
    """
    given, entries = shown or {}, conversation_of(appeal, with_notes=True)
    now = timezone.now()
    context = {
        "appeal": appeal,
        "entries": entries,
        "is_typed": "answer" in given,
        "is_open": appeal.state in OPEN,
        "is_over": appeal.state == Appeal.State.WITHDRAWN,
        "said": state_said(appeal.state),
        "due": due_said(appeal),
        "urgency": urgency_of(appeal, now, soon_border(now)),
        "others": [(one, state_said(one.state)) for one in other_appeals(appeal)],
        **_holders(appeal, request.user),
        **_forms(request, appeal, given.get("answer") or AnswerForm(seen=entries[-1].pk)),
        **given,
    }
    return desk_page(
        request,
        "appeals/desk/appeal.html",
        context,
        title=_("Обращение № %(number)s") % {"number": appeal.pk},
        icon=ICON,
        status=status,
    )


def _holders(appeal: Appeal, user: StaffUser) -> dict[str, Any]:
    """Return who has the appeal, and what its holder alone sees."""
    is_mine = appeal.assigned_to_id == user.pk
    return {
        "is_mine": is_mine,
        "held_by": staff_name(appeal.locked_by) if locked_by_other(appeal, user.pk) else "",
        "assigned_name": staff_name(appeal.assigned_to),
        # Whoever has taken it is in the log as the one who sees the account.
        "facts": account_facts(appeal.account) if is_mine and appeal.account else None,
    }


def _forms(request: DeskRequest, appeal: Appeal, answer: AnswerForm) -> dict[str, Any]:
    return {
        "answer": answer,
        "pending": pending_files(form_key=_key(answer), by_staff=request.user.shown_name),
        "canned": canned_of(appeal),
        "note": NoteForm(),
        "transfer": TransferForm(appeal=appeal),
        "assign": AssignForm(appeal=appeal, own=request.user),
    }


@company_only
@desk_action(SERVE)
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """Take an appeal to answer it; from whoever is answering it now only when that is said."""
    force = request.POST.get("force") == "yes"
    appeal = appeal_lock(appeal_pk=appeal_or_404(pk).pk, actor=request.user, force=force)
    if appeal.locked_by_id == request.user.pk:
        appeal_take(appeal_pk=pk, actor=request.user)
    return redirect("appeals_one", pk)


@company_only
@desk_action(SERVE)
def hold(request: DeskRequest, pk: int) -> HttpResponse:
    """Hold the lock of a page that is open; 409 when somebody else is answering."""
    appeal = appeal_or_404(pk)
    if appeal.assigned_to_id == request.user.pk:
        appeal = appeal_lock(appeal_pk=pk, actor=request.user)
    mine = appeal.assigned_to_id == appeal.locked_by_id == request.user.pk
    return HttpResponse(status=204 if mine else 409)


@company_only
@desk_action(SERVE)
def release(request: DeskRequest, pk: int) -> HttpResponse:
    """Give one's own appeal back to the queue."""
    if appeal_or_404(pk).assigned_to_id == request.user.pk:
        appeal_release(appeal_pk=pk, actor=request.user)
        messages.success(request, _("Обращение № %(number)s снова свободно.") % {"number": pk})
    return redirect("appeals_desk")


@company_only
@desk_action(SERVE)
def note(request: DeskRequest, pk: int) -> HttpResponse:
    appeal, form = appeal_or_404(pk), NoteForm(request.POST)
    if not form.is_valid():
        return appeal_page(request, appeal, {"note": form})
    appeal_note(appeal_pk=pk, actor=request.user, **form.cleaned_data)
    return redirect("appeals_one", pk)


@company_only
@desk_action(SERVE)
def transfer(request: DeskRequest, pk: int) -> HttpResponse:
    appeal = appeal_or_404(pk)
    form = TransferForm(request.POST, appeal=appeal)
    if not form.is_valid():
        return appeal_page(request, appeal, {"transfer": form})
    centre = form.cleaned_data["centre"]
    appeal_transfer(appeal_pk=pk, actor=request.user, **form.cleaned_data)
    done = _("Обращение № %(number)s передано: %(centre)s.")
    messages.success(request, done % {"number": pk, "centre": centre})
    return redirect("appeals_desk")


@company_only
@desk_action(SERVE)
def assign(request: DeskRequest, pk: int) -> HttpResponse:
    appeal = appeal_or_404(pk)
    form = AssignForm(request.POST, appeal=appeal, own=request.user)
    if not form.is_valid():
        return appeal_page(request, appeal, {"assign": form})
    to = form.cleaned_data["operator"]
    appeal_assign(appeal_pk=pk, actor=request.user, to=to)
    done = _("Обращение № %(number)s теперь у оператора %(name)s.")
    messages.success(request, done % {"number": pk, "name": to.shown_name})
    return redirect("appeals_one", pk)


@company_only
@desk_view(SERVE)
def file(request: DeskRequest, pk: int, file_id: UUID) -> FileResponse:
    """Serve a file of the appeal."""
    found = AppealFile.objects.filter(pk=file_id, appeal=pk).first()
    return upload_response(found, name=found.name if found else "")


def _key(form: AnswerForm) -> UUID:
    """Return the key of the form, also of one that was sent with a broken key."""
    key: UUID = form.initial["form_key"]
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data.get("form_key") or key
    return key
