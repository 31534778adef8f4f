"""The operators' list of applications for connection: what is in hand, or all of them."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.desk.rights import ICON, may_serve
from cabinet.connection.desk.search import applications_found
from cabinet.connection.lifecycle.states import OPEN, State, is_late
from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.contacts import Contact
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.menu import counted
from portal.desk.pages import desk_page
from portal.staff.admin_home_items import Action

SOON = datetime.timedelta(days=7)
_COLUMNS = [
    Column(label=gettext_lazy("Срок"), order=("due_on", "pk")),
    Column(label=gettext_lazy("Заявка"), order=("submitted_at", "pk")),
    Column(label=gettext_lazy("Заявитель")),
    Column(label=gettext_lazy("Объект")),
    Column(label=gettext_lazy("Состояние")),
]


def applications_sent() -> Rows:
    """Return the applications that were sent; what is still a draft is nobody's business."""
    return ConnectionApplication.objects.exclude(state=State.DRAFT).defer("answers")


def applications_open() -> Rows:
    """Return what is not over, the most urgent first."""
    rows = ConnectionApplication.objects.filter(state__in=OPEN).defer("answers")
    return rows.order_by(F("due_on").asc(nulls_last=True), "submitted_at", "pk")


def applications_new_count() -> int:
    """Return how many applications wait to be looked at, at most COUNTED."""
    return counted(ConnectionApplication.objects.filter(state=State.SUBMITTED))


@company_only
@desk_view(may_serve)
def queue(request: DeskRequest) -> HttpResponse:
    return _list(request, "queue", applications_open(), [_state(OPEN), _term()])


@company_only
@desk_view(may_serve)
def everything(request: DeskRequest) -> HttpResponse:
    rows = applications_sent().order_by("-submitted_at", "-pk")
    states = [one for one in State.values if one != State.DRAFT]
    return _list(request, "all", rows, [_state(states), _term()])


def _list(request: DeskRequest, tab: str, rows: Rows, filters: list[Filter]) -> HttpResponse:
    shown = DeskList(request, rows, columns=_COLUMNS, filters=filters, search=applications_found)
    for one in shown.page:
        one.urgency, one.phone_said = urgency_of(one), phone_said(one)
    context = {
        "list": shown,
        "is_cards": True,
        "tab": tab,
        "counts": _counts(),
        "newer": _("Предыдущая"),
        "older": _("Следующая"),
    }
    title = _("Заявки на присоединение")
    return desk_page(request, "connection/desk/list.html", context, title=title, icon=ICON)


def urgency_of(application: ConnectionApplication) -> str:
    """Return `late`, `soon` or `ok` for a term that runs; empty where none does."""
    due = application.due_on
    if due is None or application.state not in OPEN:
        return ""
    today = timezone.localdate()
    if due < today:
        return "late"
    return "soon" if due <= today + SOON else "ok"


def phone_said(application: ConnectionApplication) -> str:
    return str(Contact("phone", application.phone)) if application.phone else ""


def _counts() -> list[tuple[str, int, str]]:
    """Return what asks for an operator: a name, how many, and the query of the list of them. One query."""
    open_now = ConnectionApplication.objects.filter(state__in=OPEN)
    found: dict[str, int] = open_now.aggregate(
        new=Count("pk", filter=Q(state=State.SUBMITTED)),
        registered=Count("pk", filter=Q(state=State.FORWARDED)),
        incomplete=Count("pk", filter=Q(state=State.INCOMPLETE)),
        late=Count("pk", filter=is_late()),
    )
    return [
        (_("Новые"), found["new"], f"?state={State.SUBMITTED}"),
        (_("Ждут регистрации"), found["registered"], f"?state={State.FORWARDED}"),
        (_("Нужны документы"), found["incomplete"], f"?state={State.INCOMPLETE}"),
        (_("Срок прошёл"), found["late"], "?term=late"),
    ]


def _state(states: Any) -> Filter:
    return Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[(str(one), State(one).label) for one in states],
    )


def _term() -> Filter:
    def narrow(rows: Rows, value: str) -> Rows:
        if value == "late":
            return rows.filter(is_late())
        if value == "soon":
            today = timezone.localdate()
            return rows.filter(state__in=OPEN, due_on__range=(today, today + SOON))
        return rows.filter(state__in=OPEN, due_on=None)

    choices = [
        ("late", gettext_lazy("прошёл")),
        ("soon", gettext_lazy("в ближайшие семь дней")),
        ("none", gettext_lazy("не идёт")),
    ]
    return Filter(name="term", label=gettext_lazy("срок"), choices=choices, narrow=narrow)


def connection_home_items(request: DeskRequest) -> Iterator[Action]:
    """Offer the list on the admin's first page, with the number of applications that are new."""
    if may_serve(request.user):
        yield Action(
            title=_("Заявки на присоединение"),
            url=reverse("connection_desk"),
            icon=ICON,
            waiting=applications_new_count(),
        )
