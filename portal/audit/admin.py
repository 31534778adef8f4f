"""The log as its readers see it: a list to search, filter and take along, nothing to change."""

import codecs
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from portal.audit.actions import action_title
from portal.audit.models import AuditEntry, AuditQuerySet
from portal.audit.services import audit_write


class ViewOnly(PermissionHelper):
    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class ActionFilter(SimpleListFilter):
    title = _("действие")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = AuditEntry.objects.order_by().values_list("action", flat=True).distinct()
        return sorted(((one, action_title(one)) for one in used), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ActorFilter(SimpleListFilter):
    """Without a nameless line for the portal itself, which is «система» of the other filter."""

    title = _("кто")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = AuditEntry.objects.exclude(actor_name="").order_by("actor_name")
        return [(name, name) for name in named.values_list("actor_name", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(actor_name=self.value()) if self.value() else queryset


class AuditIndexView(IndexView):
    def as_spreadsheet(self, queryset: AuditQuerySet, spreadsheet_format: str) -> HttpResponse:
        audit_write(
            actor=self.request.user,
            action="audit.export",
            details={"filter": self.request.GET.dict()},
        )
        response: HttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        return response

    # The mark tells Excel that it is UTF-8.
    def write_csv_response(self, queryset: AuditQuerySet) -> HttpResponse:
        """At once, not as a stream: that would be read when the middleware has left the schema."""
        text = b"".join(self.stream_csv(queryset))
        response = HttpResponse(codecs.BOM_UTF8 + text, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return response

    def to_row_dict(self, item: AuditEntry) -> dict[str, Any]:
        return {name: _harmless(value) for name, value in super().to_row_dict(item).items()}


def _harmless(value: Any) -> Any:
    """A page titled `=cmd|…` must stay a text in whatever opens the table."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula and value != "-" else value


class AuditEntryAdmin(ModelAdmin):
    model = AuditEntry
    menu_label = _("Журнал действий")
    menu_icon = "history"
    menu_order = 910
    add_to_settings_menu = True
    index_view_class = AuditIndexView
    permission_helper_class = ViewOnly
    inspect_view_enabled = True
    list_display = ("at", "actor_name", "level", "action_in_words", "subject", "address")
    list_export = ("at", "actor_name", "level", "action_in_words", "subject", "address", "details")
    list_filter = (ActionFilter, "level", "at", ActorFilter)
    search_fields = ("actor_name", "subject", "address")
    inspect_view_fields = (*list_export[:3], "action", *list_export[4:])

    def action_in_words(self, entry: AuditEntry) -> str:
        return action_title(entry.action)

    action_in_words.short_description = _("действие")  # type: ignore[attr-defined]
    action_in_words.admin_order_field = "action"  # type: ignore[attr-defined]
