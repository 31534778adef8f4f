"""Accidents and planned work in the admin: operators enter them, and end them by one button."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import display
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail_modeladmin.views import IndexView

from cabinet.appeals.centre.services import incident_finish
from cabinet.appeals.models import Incident, Responsibility
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.modeladmin import CompanyAdmin, in_words
from portal.desk.questions import desk_ask
from portal.staff.admin_home_items import Action

CHANGE = "appeals.change_incident"


def _ticked(name: str) -> FieldPanel:
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple)


class IncidentIndexView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is not over yet, where the person may end it."""
        running = Incident.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
        may_change = self.request.user.has_perm(CHANGE)
        return super().get_context_data(running=running if may_change else [], **kwargs)  # type: ignore[no-any-return]


class IncidentAdmin(CompanyAdmin):
    model = Incident
    menu_label = _("Аварии и работы")
    menu_icon = "warning"
    index_view_class = IncidentIndexView
    index_template_name = "appeals/desk/incidents.html"
    list_display = ("title", "kind", "starts_at", "ends_at")
    list_filter = ("kind",)
    search_fields = ("title", "text", "streets")
    panels = [
        FieldPanel("kind"),
        FieldPanel("title", help_text=_("Например: «Нет газа на Рижском проспекте».")),
        FieldPanel("text", help_text=_("Что случилось и что делать абонентам.")),
        MultiFieldPanel(
            [FieldPanel("streets"), _ticked("districts"), _ticked("centres")], _("Где")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("shown_from"),
            ],
            _("Когда"),
        ),
    ]

    def more_urls(self) -> tuple[URLPattern, ...]:
        return (
            path("appeals/incident/<int:pk>/finish/", incident_finish_now, name="incident_finish"),
        )


def incident_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer to enter an accident on the admin's first page."""
    if current_schema() != "public" and request.user.has_perm("appeals.add_incident"):
        url = reverse("appeals_incident_modeladmin_create")
        yield Action(title=_("Сообщить об аварии"), url=url, icon="warning")


@company_only
@desk_view(CHANGE)
def incident_finish_now(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and end an accident or work now: it disappears from the site and the cabinet."""
    incident = get_object_or_404(Incident, pk=pk)
    title = _("Закончить") if incident.starts_at <= timezone.now() else _("Снять объявление")
    return desk_ask(
        request,
        lambda _data: incident_finish(incident_pk=pk, actor=request.user),
        title=title,
        about=incident.title,
        says=[_("Объявление сразу исчезнет с\u00a0сайта и\u00a0из\u00a0личных кабинетов.")],
        danger=title,
        done=_("Объявление «%s» убрано.") % incident.title,
        back=reverse("appeals_incident_modeladmin_index"),
    )


class ResponsibilityAdmin(CompanyAdmin):
    model = Responsibility
    menu_label = _("Кто отвечает")
    menu_icon = "group"
    list_display = ("topic", "firm", "phone", "district", "ours", "order")
    list_filter = ("topic",)
    list_select_related = ("district",)
    search_fields = ("firm", "phone", "note")
    panels = [
        FieldPanel("topic"),
        FieldPanel("is_ours"),
        FieldPanel("firm"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("site")]),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("district"), FieldPanel("order")]),
    ]

    @display(description=_("наша компания"), ordering="is_ours")
    def ours(self, row: Any) -> str:
        return in_words(row.is_ours)
