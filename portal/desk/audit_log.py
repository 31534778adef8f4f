"""The page of the audit log: search, filters and export; entries are only read."""

import json
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import IndexView, InspectView

from portal.audit.actions import action_title
from portal.audit.models import AuditEntry, AuditQuerySet
from portal.audit.services import audit_write
from portal.desk.modeladmin import DeskAdmin, ReadOnly


class ActionFilter(SimpleListFilter):
    title = _("действие")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = AuditEntry.objects.order_by().values_list("action", flat=True).distinct()
        return sorted(((one, action_title(one)) for one in used), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ActorFilter(SimpleListFilter):
    """The actors' names, without an empty one for the portal: that is «система» of the other filter."""

    title = _("кто")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = AuditEntry.objects.exclude(actor_name="").order_by("actor_name")
        return [(name, name) for name in named.values_list("actor_name", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(actor_name=self.value()) if self.value() else queryset


class AuditIndexView(IndexView):
    """The list, exported as it is shown: words instead of codes, the company's own time."""

    def as_spreadsheet(self, queryset: AuditQuerySet, spreadsheet_format: str) -> HttpResponse:
        """Note who took the log along; the lines are written as those of every list."""
        audit_write(
            actor=self.request.user,
            action="audit.export",
            details={"filter": self.request.GET.dict()},
        )
        answer: HttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        return answer

    def get_heading(self, queryset: AuditQuerySet, field: str) -> str:
        """Return «Над чем»: modeladmin would write «Над Чем»."""
        return str(capfirst(super().get_heading(queryset, field).lower()))

    def to_row_dict(self, item: AuditEntry) -> dict[str, Any]:
        row = super().to_row_dict(item)
        row["level"] = item.get_level_display()
        row["details"] = _details(item)
        return {name: one if name == "at" else str(one) for name, one in row.items()}


def _details(entry: AuditEntry) -> str:
    return json.dumps(entry.details, ensure_ascii=False) if entry.details else "-"


class AuditInspectView(InspectView):
    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if field_name == "action":
            return action_title(self.instance.action)
        if field_name == "details":
            return _details(self.instance)
        return super().get_field_display_value(field_name, field)


class AuditEntryAdmin(DeskAdmin):
    model = AuditEntry
    menu_label = _("Журнал действий")
    menu_icon = "history"
    menu_order = 910
    add_to_settings_menu = True
    index_view_class = AuditIndexView
    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    inspect_view_class = AuditInspectView
    export_filename = "audit"
    list_display = ("at", "actor_name", "level", "action_in_words", "subject", "address")
    list_export = ("at", "actor_name", "level", "action_in_words", "subject", "address", "details")
    list_filter = (ActionFilter, "level", "at", ActorFilter)
    search_fields = ("actor_name", "subject", "address")
    inspect_view_fields = (*list_export[:3], "action", *list_export[4:])

    def action_in_words(self, entry: AuditEntry) -> str:
        return action_title(entry.action)

    action_in_words.short_description = _("действие")  # type: ignore[attr-defined]
    action_in_words.admin_order_field = "action"  # type: ignore[attr-defined]
