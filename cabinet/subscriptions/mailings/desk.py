"""The staff's page «Рассылки»: what is told to many, how far it has come, and how to stop it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.subscriptions.mailings.batches import (
    NotPossible,
    mailing_continue,
    mailing_stop,
    mailing_withdraw,
)
from cabinet.subscriptions.models import Mailing, Subscription
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import Button, desk_act, desk_page
from portal.formats.dates import long_moment
from portal.formats.numbers import grouped
from portal.messaging.models import Message

# See mailings and stop them; begin bills by hand, and go on with what was stopped.
STOP, RUN = "subscriptions.stop_mailing", "subscriptions.run_mailing"
ICON = "mail"
_REFRESH_SECONDS = 5

_State, _Sent = Mailing.State, Message.State

KIND_TITLES = {
    Subscription.Kind.BILL: gettext_lazy("Квитанции"),
    Subscription.Kind.NEWS: gettext_lazy("Новости"),
}
_COLUMNS = [
    Column(label=gettext_lazy("Рассылка")),
    Column(label=gettext_lazy("Состояние")),
    Column(label=gettext_lazy("Уведомлений"), is_number=True),
    Column(label=gettext_lazy("Сообщения")),
]
_FILTERS = [
    Filter(
        name="kind",
        label=gettext_lazy("что"),
        choices=list(KIND_TITLES.items()),
    ),
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=_State.choices,
    ),
]


@dataclass(frozen=True)
class Progress:
    """How many messages of a mailing are in which state."""

    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0

    def said(self) -> list[tuple[str, int]]:
        """Return the numbers that are not nothing, under their words."""
        words = (
            (_("отправлено"), self.sent),
            (_("ждут отправки"), self.waiting),
            (_("неизвестно, дошли ли"), self.unknown),
            (_("не отправлено"), self.failed),
        )
        return [(label, number) for label, number in words if number]


def progress_of(mailings: Collection[UUID]) -> dict[UUID, Progress]:
    """Return the progress of each mailing that has messages. One query."""
    counts: dict[UUID, dict[str, int]] = {}
    rows = Message.objects.filter(mailing__in=mailings).values_list("mailing", "state")
    for mailing, state, number in rows.annotate(number=Count("pk")).order_by():
        counts.setdefault(mailing, {})[state] = number
    return {
        mailing: Progress(
            sent=found.get(_Sent.SENT, 0) + found.get(_Sent.DELIVERED, 0),
            waiting=found.get(_Sent.PENDING, 0),
            unknown=found.get(_Sent.UNKNOWN, 0),
            failed=found.get(_Sent.FAILED, 0),
        )
        for mailing, found in counts.items()
    }


def state_said(mailing: Mailing) -> str:
    """Return the state as a person has it, with the moment at which a waiting one begins."""
    if mailing.state == _State.WAITING:
        if mailing.due_at is None:
            return mailing.get_waits_for_display()
        return _("начнётся %(moment)s") % {"moment": long_moment(mailing.due_at)}
    return str(mailing.get_state_display())


@company_only
@desk_view(STOP)
def mailing_list(request: DeskRequest) -> HttpResponse:
    rows = Mailing.objects.order_by("-created_at", "pk")
    shown = DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS, per_page=50)
    page = shown.page
    page.object_list = _with_progress(page.object_list)
    context = {"list": shown, "can_run": request.user.has_perm(RUN), "settings": _settings(request)}
    template = "cabinet/subscriptions/desk/mailings.html"
    return desk_page(request, template, context, title=_("Рассылки"), icon=ICON)


def _with_progress(rows: Any) -> list[Mailing]:
    mailings = list(rows)
    progress = progress_of([one.pk for one in mailings])
    for one in mailings:
        one.progress = progress.get(one.pk, Progress()).said()
        one.state_said = state_said(one)
        one.kind_said = KIND_TITLES[Subscription.Kind(one.kind)]
    return mailings


def _settings(request: DeskRequest) -> list[tuple[Any, str]]:
    """Return the pages of settings that this member of staff may change."""
    pages = {
        "mailingsettings": _("Когда рассылать квитанции"),
        "remindersettings": _("Когда напоминать о показаниях"),
    }
    return [
        (label, reverse("wagtailsettings:edit", args=["subscriptions", name]))
        for name, label in pages.items()
        if request.user.has_perm(f"subscriptions.change_{name}")
    ]


@company_only
@desk_view(STOP)
def mailing_show(request: DeskRequest, pk: UUID) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    progress = progress_of([mailing.pk]).get(mailing.pk, Progress())
    facts = [
        (_("Что"), KIND_TITLES[Subscription.Kind(mailing.kind)]),
        (_("Состояние"), state_said(mailing).capitalize()),
        (_("Создана"), long_moment(mailing.created_at)),
        (_("Кто начал"), mailing.started_by or _("портал")),
        (_("Уведомлений в кабинетах"), grouped(mailing.people)),
        *((_("Сообщений: %(state)s") % {"state": said}, grouped(n)) for said, n in progress.said()),
    ]
    if mailing.finished_at:
        facts.append((_("Написана до конца"), long_moment(mailing.finished_at)))
    context = {
        "facts": facts,
        "buttons": _buttons(request, mailing, progress),
        "mailing": mailing,
        "is_over": mailing.state == _State.DONE,
    }
    waits_for_files = mailing.waits_for == Mailing.WaitsFor.FILES
    moves = (
        mailing.state == _State.RUNNING
        or (mailing.state == _State.WAITING and waits_for_files)
        or (mailing.state == _State.DONE and progress.waiting > 0)
    )
    return desk_page(
        request,
        "cabinet/subscriptions/desk/mailing.html",
        context,
        title=mailing.title,
        icon=ICON,
        refresh=_REFRESH_SECONDS if moves else None,
    )


def _buttons(request: DeskRequest, mailing: Mailing, progress: Progress) -> list[Button]:
    if mailing.state in {_State.WAITING, _State.RUNNING}:
        stop = reverse("mailing_stop", args=[mailing.pk])
        return [Button(label=_("Остановить"), url=stop, style="no", post=True)]
    buttons = []
    if mailing.state in {_State.STOPPED, _State.FAILED} and request.user.has_perm(RUN):
        on = reverse("mailing_continue", args=[mailing.pk])
        buttons.append(Button(label=_("Продолжить"), url=on, post=True))
    if progress.waiting:
        withdraw_url = reverse("mailing_withdraw", args=[mailing.pk])
        buttons.append(Button(label=_("Не отправлять оставшиеся"), url=withdraw_url, style="no"))
    return buttons


@company_only
@desk_action(STOP)
def stop(request: DeskRequest, pk: UUID) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    return desk_act(
        request,
        lambda: mailing_stop(pk),
        done=_("Рассылка остановлена. Уже написанные сообщения будут отправлены."),
        back=reverse("mailing", args=[pk]),
        refused=NotPossible,
        action="mailing.stop",
        subject=mailing.title,
    )


@company_only
@desk_action(RUN)
def go_on(request: DeskRequest, pk: UUID) -> HttpResponse:
    mailing = get_object_or_404(Mailing, pk=pk)
    return desk_act(
        request,
        lambda: mailing_continue(pk),
        done=_("Рассылка продолжается: тем, кому уже написали, второй раз не напишем."),
        back=reverse("mailing", args=[pk]),
        refused=NotPossible,
        action="mailing.continue",
        subject=mailing.title,
    )


@company_only
@desk_view(STOP)
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Ask whether to delete the messages that are not sent yet, then do it."""
    mailing = get_object_or_404(Mailing, pk=pk)
    back = reverse("mailing", args=[pk])
    if request.method == "POST":
        return desk_act(
            request,
            lambda: mailing_withdraw(pk),
            done=_("Оставшиеся сообщения не будут отправлены."),
            back=back,
            refused=NotPossible,
            action="mailing.withdraw",
            subject=mailing.title,
        )
    context = {
        "waiting": progress_of([pk]).get(pk, Progress()).waiting,
        "back": back,
        "danger": _("Не отправлять"),
    }
    template = "cabinet/subscriptions/desk/withdraw.html"
    return desk_page(request, template, context, title=mailing.title, icon=ICON)
