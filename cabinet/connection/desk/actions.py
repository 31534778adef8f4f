"""What operators do with an application: each action is a POST of its form on the application's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cabinet.connection.desk import forms
from cabinet.connection.desk.application import application_page
from cabinet.connection.desk.papers import staff_files_store
from cabinet.connection.desk.rights import may_serve
from cabinet.connection.desk.selectors import application_or_404
from cabinet.connection.desk.services import company_files_add, note_add
from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.lifecycle.by_applicant import application_withdraw
from cabinet.connection.lifecycle.by_staff import (
    application_advance,
    application_correct,
    application_forwarded,
    application_refuse,
    application_register,
    application_send_again,
    papers_ask,
)
from cabinet.connection.lifecycle.states import State
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from portal.desk.access import DeskRequest, company_only, desk_action

_Change = Callable[[dict[str, Any], int], object]


def _act(
    request: DeskRequest, pk: int, kind: type[forms.ActionForm], change: _Change, done: str
) -> HttpResponse:
    """Check the form and make the change; what was typed stays where it cannot be made."""
    form = kind(request.POST, request.FILES, application=application_or_404(pk))
    if not form.is_valid():
        return application_page(request, form.application, {form.action: form})
    try:
        change(form.cleaned_data, pk)
    except ConnectionChanged as changed:
        form.add_error(None, _changed_said(changed.application))
        return application_page(request, application_or_404(pk), {form.action: form}, status=409)
    messages.success(request, done)
    return redirect("connection_one", pk)


def _changed_said(application: ConnectionApplication) -> str:
    return _("Пока вы заполняли форму, заявка изменилась: теперь «%(state)s».") % {
        "state": State(application.state).label
    }


def _press(
    request: DeskRequest, pk: int, change: Callable[[int], object], done: str
) -> HttpResponse:
    """Make a change that needs no form."""
    application = application_or_404(pk)
    try:
        change(application.pk)
    except ConnectionChanged as changed:
        messages.error(request, _changed_said(changed.application))
    else:
        messages.success(request, done)
    return redirect("connection_one", pk)


@company_only
@desk_action(may_serve)
def forward(request: DeskRequest, pk: int) -> HttpResponse:
    """Note that the application was handed over by hand."""
    return _press(
        request,
        pk,
        lambda pk: application_forwarded(application_pk=pk, actor=request.user),
        _("Отметили: заявка передана получателю."),
    )


@company_only
@desk_action(may_serve)
def send_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Let the portal try again, after the recipient's address was mended."""
    return _press(
        request,
        pk,
        lambda pk: application_send_again(application_pk=pk, actor=request.user),
        _("Портал передаёт заявку. Обновите страницу через минуту."),
    )


@company_only
@desk_action(may_serve)
def register(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        application_register(
            application_pk=pk,
            actor=request.user,
            recipient_number=data["recipient_number"],
            registered_on=data["day"],
            category=data["category"],
            text=data["text"],
        )

    done = _("Регистрация записана. Сроки идут, заявитель получит сообщение.")
    return _act(request, pk, forms.RegisterForm, change, done)


@company_only
@desk_action(may_serve)
def ask(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        papers_ask(application_pk=pk, actor=request.user, asked=data["asked"])

    done = _("Документы запрошены. Заявитель получит сообщение.")
    return _act(request, pk, forms.AskForm, change, done)


@company_only
@desk_action(may_serve)
def advance(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        is_contract = data["state"] in (State.OFFERED, State.SIGNED)
        kind = ConnectionPaper.Kind.CONTRACT if is_contract else ConnectionPaper.Kind.OTHER
        files = staff_files_store(
            files=data["attached"],
            kind=kind,
            title=_("Договор о подключении") if is_contract else str(State(data["state"]).label),
            by_staff=request.user.shown_name,
        )
        application_advance(
            application_pk=pk,
            actor=request.user,
            state=data["state"],
            day=data["day"],
            due_on=data["due_on"],
            text=data["text"],
            files=files,
        )

    done = _("Шаг отмечен. Заявитель получит сообщение.")
    return _act(request, pk, forms.AdvanceForm, change, done)


@company_only
@desk_action(may_serve)
def refuse(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        application_refuse(
            application_pk=pk, actor=request.user, reason=data["reason"], day=data["day"]
        )

    done = _("Отказ записан. Заявитель получит сообщение с причиной.")
    return _act(request, pk, forms.RefuseForm, change, done)


@company_only
@desk_action(may_serve)
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        application_withdraw(application_pk=pk, actor=request.user, reason=data["reason"])

    return _act(request, pk, forms.WithdrawForm, change, _("Заявка отозвана."))


@company_only
@desk_action(may_serve)
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        application_correct(application_pk=pk, actor=request.user, **data)

    done = _("Исправлено. Прежние записи остались в журнале действий.")
    return _act(request, pk, forms.CorrectForm, change, done)


@company_only
@desk_action(may_serve)
def files(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        stored = staff_files_store(
            files=data["attached"],
            kind=data["kind"],
            title=data["title"],
            by_staff=request.user.shown_name,
        )
        company_files_add(application_pk=pk, actor=request.user, files=stored)

    done = _("Приложено. Заявитель скачает это на странице заявки.")
    return _act(request, pk, forms.FilesForm, change, done)


@company_only
@desk_action(may_serve)
def note(request: DeskRequest, pk: int) -> HttpResponse:
    def change(data: dict[str, Any], pk: int) -> None:
        note_add(application_pk=pk, actor=request.user, **data)

    return _act(request, pk, forms.NoteForm, change, _("Заметка сохранена."))
