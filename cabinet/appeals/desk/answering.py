"""The form of an answer: sent, or filled by a canned answer; its files are stored as they come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appeals.desk.appeal import appeal_or_404, appeal_page
from cabinet.appeals.desk.forms import AnswerForm, canned_of
from cabinet.appeals.desk.rights import SERVE
from cabinet.appeals.exceptions import AppealChanged
from cabinet.appeals.files import appeal_file_store, pending_file_delete
from cabinet.appeals.lifecycle.by_staff import appeal_answer
from cabinet.appeals.lifecycle.holding import appeal_lock, appeal_take
from cabinet.appeals.lifecycle.states import said_by
from cabinet.appeals.models import Appeal
from portal.desk.access import DeskRequest, company_only, desk_view

_DONE = {
    Appeal.State.ANSWERED: gettext_lazy("Обращение № %(number)s: ответ отправлен."),
    Appeal.State.DONE: gettext_lazy(
        "Обращение № %(number)s: ответ отправлен, обращение выполнено."
    ),
    Appeal.State.WAITING: gettext_lazy(
        "Обращение № %(number)s: вопрос отправлен. Срок стоит, пока абонент не ответит."
    ),
}


@company_only
@desk_view(SERVE)
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Send an answer. Other buttons of the form insert a ready answer or take a file off."""
    appeal = appeal_or_404(pk)
    if request.method != "POST":
        return redirect("appeals_one", pk)
    form = AnswerForm(request.POST)
    form.is_valid()
    key = form.cleaned_data.get("form_key")
    refused = _files_take(request, key) if key else []
    if "send" not in request.POST:
        shown = {"answer": _unfinished(request, appeal, key), "file_errors": refused}
        return appeal_page(request, appeal, shown)
    if form.errors or refused:
        return appeal_page(request, appeal, {"answer": form, "file_errors": refused})
    return _send(request, appeal, form)


def _send(request: DeskRequest, appeal: Appeal, form: AnswerForm) -> HttpResponse:
    """Answer, unless somebody else is answering, or something has come that the operator has not seen."""
    pk, force, data = appeal.pk, request.POST["send"] == "force", form.cleaned_data
    if said_by(appeal, data["form_key"], data["text"])[0]:
        # The button was pressed twice.
        return redirect("appeals_desk")
    held = appeal_lock(appeal_pk=pk, actor=request.user, force=force)
    if held.locked_by_id != request.user.pk:
        return appeal_page(request, appeal_or_404(pk), {"answer": form}, status=409)
    if force:
        appeal_take(appeal_pk=pk, actor=request.user)
    try:
        appeal_answer(
            appeal_pk=pk,
            actor=request.user,
            text=data["text"],
            form_key=data["form_key"],
            outcome=data["outcome"],
            seen=data["seen"],
        )
    except AppealChanged as changed:
        news = [one.pk for one in changed.news]
        again = AnswerForm({**request.POST.dict(), "seen": max([data["seen"], *news])})
        shown = {"answer": again, "news": news}
        return appeal_page(request, appeal_or_404(pk), shown, status=409)
    messages.success(request, str(_DONE[data["outcome"]]) % {"number": pk})
    return redirect("appeals_desk")


def _files_take(request: DeskRequest, key: UUID) -> list[str]:
    """Store what came with the form, and delete what was taken off; return what is wrong with files."""
    by_staff = request.user.shown_name
    if taken_off := request.POST.get("remove", ""):
        try:
            pending_file_delete(pk=UUID(taken_off), form_key=key, by_staff=by_staff)
        except ValueError:
            return [_("Этого файла уже нет.")]
    refused: list[str] = []
    for file in request.FILES.getlist("attached"):
        try:
            appeal_file_store(form_key=key, file=file, by_staff=by_staff)
        except ValidationError as error:
            if getattr(error, "code", "") == "too_many":
                return [*refused, *error.messages]
            refused += [f"{file.name}: {said}" for said in error.messages]
    return refused


def _unfinished(request: DeskRequest, appeal: Appeal, key: UUID | None) -> AnswerForm:
    """Return the form as it was typed, with the chosen ready answer below; nothing in it is wrong yet."""
    typed: Any = request.POST
    text = typed.get("text", "")
    if "insert" in typed:
        chosen = [one.text for one in canned_of(appeal) if str(one.pk) == typed.get("canned")]
        text = "\n\n".join(filter(None, [text.rstrip(), *chosen]))
    seen = typed.get("seen", "")
    form = AnswerForm(seen=int(seen) if seen.isdecimal() and len(seen) < 18 else 0)
    form.initial.update(text=text, outcome=typed.get("outcome", ""))
    if key:
        form.initial["form_key"] = key
    return form
