"""The operators' queue: what waits for an answer, one's own appeals, all appeals."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appeals.desk.rights import ICON, SERVE
from cabinet.appeals.desk.search import appeals_found
from cabinet.appeals.lifecycle.clock import soon_border, urgency_of
from cabinet.appeals.lifecycle.holding import FREE, appeal_lock, appeal_take_next
from cabinet.appeals.models import OPEN, Appeal, AppealKind, AppealMessage
from cms_pages.models import ServiceCentre
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.menu import counted
from portal.desk.pages import desk_page
from portal.formats.dates import day_and_month, long_moment
from portal.staff.admin_home_items import Action

_COLUMNS = [
    Column(label=gettext_lazy("Срок ответа"), order=("due_at", "pk")),
    Column(label=gettext_lazy("Обращение"), order=("pk",)),
    Column(label=gettext_lazy("Кто пишет")),
    Column(label=gettext_lazy("О чём")),
    Column(label=gettext_lazy("У кого")),
]


def open_appeals() -> Rows:
    """Return the appeals that wait for the company, the most urgent first."""
    return Appeal.objects.filter(state__in=OPEN).order_by("due_at", "pk")


@company_only
@desk_view(SERVE)
def queue(request: DeskRequest) -> HttpResponse:
    return _list(request, "queue", open_appeals(), [_who(request), _urgency(), *_filters()])


@company_only
@desk_view(SERVE)
def mine(request: DeskRequest) -> HttpResponse:
    """List what the operator has taken, also what waits for a subscriber's answer."""
    states = [*OPEN, Appeal.State.WAITING]
    rows = Appeal.objects.filter(assigned_to=request.user.pk, state__in=states)
    in_order = rows.order_by(F("due_at").asc(nulls_last=True), "pk")
    return _list(request, "mine", in_order, [_state(), *_filters()])


@company_only
@desk_view(SERVE)
def everything(request: DeskRequest) -> HttpResponse:
    return _list(request, "all", Appeal.objects.order_by("-pk"), [_state(), *_filters()])


@company_only
@desk_action(SERVE)
def take_next(request: DeskRequest) -> HttpResponse:
    """Take the most urgent appeal that nobody has, of those that the list has shown."""
    asked = QueryDict(request.META.get("QUERY_STRING", ""))
    rows = open_appeals()
    for one in (_urgency(), *_filters()):
        value = asked.get(one.name, "")
        if value in {str(known) for known, _label in one.choices}:
            rows = one.narrowed(rows, value)
    taken = appeal_take_next(actor=request.user, among=Q(pk__in=rows.order_by().values("pk")))
    if taken is None:
        messages.info(request, _("Свободных обращений больше нет."))
        return redirect("appeals_desk")
    appeal_lock(appeal_pk=taken.pk, actor=request.user)
    return redirect("appeals_one", taken.pk)


def _list(request: DeskRequest, tab: str, rows: Rows, filters: list[Filter]) -> HttpResponse:
    rows = rows.select_related("account", "centre", "assigned_to", "locked_by")
    rows = rows.annotate(writes_again=_writes_again())
    shown = DeskList(request, rows, columns=_COLUMNS, filters=filters, search=appeals_found)
    now = timezone.now()
    border = soon_border(now)
    for one in shown.page:
        one.due, one.said = due_said(one), state_said(one.state)
        one.urgency = urgency_of(one, now, border)
        one.is_locked = locked_by_other(one, request.user.pk)
    carried = {name: value for name in _CARRIED if (value := request.GET.get(name, ""))}
    context = {
        "list": shown,
        "is_cards": True,
        "tab": tab,
        "newer": _("Предыдущая"),
        "older": _("Следующая"),
        "next_url": reverse("appeals_next") + (f"?{urlencode(carried)}" if carried else ""),
    }
    title = _("Обращения")
    return desk_page(request, "appeals/desk/list.html", context, title=title, icon=ICON)


def due_said(appeal: Appeal) -> str:
    """Return until when to answer, in the words of a list; empty where the clock stands."""
    if appeal.due_at is None:
        return ""
    due, today = timezone.localtime(appeal.due_at), timezone.localdate()
    if due.date() == today:
        return _("сегодня до %(time)s") % {"time": f"{due:%H:%M}"}
    if due.year == today.year:
        return f"{day_and_month(due)}, {due:%H:%M}"
    return long_moment(due)


def state_said(state: str) -> str:
    """Return a state in the words of operators: «вашего» of the subscriber's word is not theirs."""
    if state == Appeal.State.WAITING:
        return _("Ждём ответа абонента")
    return str(Appeal.State(state).label)


def locked_by_other(appeal: Appeal, user_pk: int) -> bool:
    """Tell whether somebody else has the appeal's page open to answer."""
    until = appeal.locked_until
    return appeal.locked_by_id not in (None, user_pk) and bool(until and until > timezone.now())


def _writes_again() -> Q:
    """Return whether the subscriber has written more than the first text, and nobody has answered it."""
    further = AppealMessage.objects.filter(
        appeal=OuterRef("pk"), author=AppealMessage.Author.SUBSCRIBER
    )
    # Not Exists: for that PostgreSQL reads all messages that subscribers have ever written.
    return Q(has_news=True) & Q(IsNull(Subquery(further.values("pk")[:1]), False))


# What «Взять следующее» keeps of the list's address.
_CARRIED = ("urgency", "centre", "kind", "source")


def _who(request: DeskRequest) -> Filter:
    def narrow(rows: Rows, value: str) -> Rows:
        if value == "free":
            return rows.filter(FREE)
        if value == "mine":
            return rows.filter(assigned_to=request.user.pk)
        return rows.filter(assigned_to__is_active=True).exclude(assigned_to=request.user.pk)

    choices = [
        ("free", gettext_lazy("свободные")),
        ("mine", gettext_lazy("мои")),
        ("others", gettext_lazy("у других операторов")),
    ]
    return Filter(name="who", label=gettext_lazy("у кого"), choices=choices, narrow=narrow)


def _urgency() -> Filter:
    def narrow(rows: Rows, value: str) -> Rows:
        if value == "late":
            return rows.filter(due_at__lt=timezone.now())
        if value == "again":
            return rows.filter(_writes_again())
        today = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999999)
        return rows.filter(due_at__lte=today)

    choices = [
        ("late", gettext_lazy("просрочены")),
        ("today", gettext_lazy("ответить сегодня")),
        ("again", gettext_lazy("абонент пишет снова")),
    ]
    return Filter(name="urgency", label=gettext_lazy("срок"), choices=choices, narrow=narrow)


def _state() -> Filter:
    return Filter(
        name="state",
        label=gettext_lazy("статус"),
        choices=[(value, state_said(value)) for value in Appeal.State.values],
    )


def _filters() -> list[Filter]:
    """Return the filters of all lists: centre, kind and source."""
    return [
        _by_row("centre", gettext_lazy("центр обслуживания"), ServiceCentre.objects.all()),
        _by_row("kind", gettext_lazy("вид обращения"), AppealKind.objects.all()),
        Filter(
            name="source",
            label=gettext_lazy("откуда"),
            choices=Appeal.Source.choices,
        ),
    ]


def _by_row(name: str, label: Any, rows: Rows) -> Filter:
    choices = [(str(pk), title) for pk, title in rows.values_list("pk", "name")]
    return Filter(name=name, label=label, choices=choices)


def appeals_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer the queue on the admin's first page, with the number of those that wait."""
    if current_schema() != "public" and request.user.has_perm(SERVE):
        yield Action(
            title=_("Обращения"),
            url=reverse("appeals_desk"),
            icon=ICON,
            waiting=counted(open_appeals()),
        )
