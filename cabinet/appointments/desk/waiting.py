"""The waiting list as those who serve see it: who waits for an earlier window, and what was offered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.models import WaitingEntry
from cabinet.appointments.waiting.offers import waiting_leave
from cms_pages.models import ServiceCentre
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask

_COLUMNS = [
    Column(label=gettext_lazy("Ждёт с"), order=("created_at", "pk")),
    Column(label=gettext_lazy("Кто")),
    Column(label=gettext_lazy("С чем")),
    Column(label=gettext_lazy("На какие дни"), order=("first_day", "pk")),
    Column(label=gettext_lazy("Сейчас")),
    Column(label=""),
]


@company_only
@desk_view(SERVE)
def waiting(request: DeskRequest) -> HttpResponse:
    """List who waits, the longest first."""
    state = WaitingEntry.State
    rows: Any = WaitingEntry.objects.filter(state__in=(state.WAITING, state.OFFERED))
    rows = rows.select_related("centre", "service", "appointment", "offered")
    centres = ServiceCentre.objects.values_list("pk", "name")
    centre = Filter(
        name="centre",
        label=gettext_lazy("центр обслуживания"),
        choices=[(str(pk), name) for pk, name in centres],
    )
    shown = DeskList(request, rows.order_by("created_at", "pk"), columns=_COLUMNS, filters=[centre])
    context = {
        "list": shown,
        "is_cards": True,
        "tab": "waiting",
        "newer": _("Предыдущая"),
        "older": _("Следующая"),
    }
    title = _("Лист ожидания")
    return desk_page(request, "appointments/desk/waiting.html", context, title=title, icon=ICON)


@company_only
@desk_view(SERVE)
def leave(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and take a person who asks for it by telephone off the list."""
    entry = get_object_or_404(WaitingEntry.objects.select_related("service", "centre"), pk=pk)
    return desk_ask(
        request,
        lambda _data: waiting_leave(entry_pk=entry.pk, actor=request.user),
        title=_("Убрать из\u00a0листа ожидания"),
        about=entry.contact_name or _("Не назвался"),
        says=[
            f"{entry.service.name}, {entry.centre.name}.",
            _(
                "Портал больше не\u00a0предложит этому человеку время, место в\u00a0очереди пропадёт. "
                "Запись, если она есть, останется."
            ),
        ],
        danger=_("Убрать из\u00a0листа"),
        done=_("Человека больше нет в листе ожидания."),
        back=reverse("appointments_waiting"),
        icon=ICON,
    )
