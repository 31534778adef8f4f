"""The page of the audit log: search, filters and export; entries are only read."""

import datetime
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import IndexView, InspectView

from portal.audit.actions import action_title
from portal.audit.models import AuditEntry, AuditQuerySet
from portal.audit.services import audit_write
from portal.audit.subjects import SUBJECTS, subject_pattern
from portal.audit.watching import watched
from portal.audit.words import (
    changes_of,
    details_in_words,
    facts_of,
    sentence,
    subject_in_words,
)
from portal.desk.modeladmin import DeskAdmin, ReadOnly

SINCE, UNTIL = "since", "until"


class ActionFilter(SimpleListFilter):
    title = _("действие")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = AuditEntry.objects.order_by().values_list("action", flat=True).distinct()
        return sorted(((one, action_title(one)) for one in used), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


class SubjectFilter(SimpleListFilter):
    """What it is about: a field of work, or one kind of what staff edit."""

    title = _("о чём")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        fields = [(key, str(label)) for key, (label, _actions) in SUBJECTS.items()]
        kinds = {
            f"type:{model._meta.model_name}": str(model._meta.verbose_name) for model in watched()
        }
        return [*fields, *sorted(kinds.items(), key=lambda pair: pair[1])]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value() or ""
        if wanted in SUBJECTS:
            return queryset.filter(action__regex=subject_pattern(wanted))
        kind = wanted.removeprefix("type:")
        return queryset.filter(details__type=kind) if kind else queryset


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

    IGNORED_PARAMS = (*IndexView.IGNORED_PARAMS, SINCE, UNTIL)

    def get_queryset(self, request: HttpRequest | None = None) -> Any:
        """Return the entries of the period, both days included."""
        found = super().get_queryset(request)
        since, until = (self._day(name) for name in (SINCE, UNTIL))
        if since:
            found = found.filter(at__gte=_midnight(since))
        if until:
            found = found.filter(at__lt=_midnight(until + datetime.timedelta(days=1)))
        return found

    def _day(self, name: str) -> datetime.date | None:
        try:
            day = parse_date(self.request.GET.get(name, ""))
        except ValueError:
            return None
        return day if day and 2000 <= day.year <= 2200 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = [
            (name, value)
            for name, value in self.request.GET.items()
            if name not in (SINCE, UNTIL, "p", "export")
        ]
        period = {name: self._day(name) for name in (SINCE, UNTIL)}
        return dict(super().get_context_data(period=period, kept=kept, **kwargs))

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
        row["subject"] = subject_in_words(item) or "-"
        row["details"] = details_in_words(item) or "-"
        return {name: one if name == "at" else str(one) for name, one in row.items()}


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


class AuditInspectView(InspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.instance
        said = {
            "sentence": sentence(entry),
            "changes": changes_of(entry),
            "facts": [*self._facts(), *facts_of(entry)],
            "compare_url": _compare_url(entry),
        }
        return dict(super().get_context_data(**said, **kwargs))

    def _facts(self) -> list[tuple[str, object]]:
        entry = self.instance
        facts = [
            (_("Когда"), timezone.localtime(entry.at)),
            (_("Кто"), entry.actor_name),
            (_("Кто это"), capfirst(entry.get_level_display())),
            (_("Действие"), action_title(entry.action)),
            (_("Над чем"), subject_in_words(entry)),
            (_("Откуда"), entry.address),
        ]
        return [(str(label), value) for label, value in facts if value]


def _compare_url(entry: AuditEntry) -> str:
    """Return Wagtail's comparison of the two versions of a page; empty for other entries."""
    page, versions = entry.details.get("page"), entry.details.get("revisions")
    if not page or not versions:
        return ""
    try:
        return reverse("wagtailadmin_pages:revisions_compare", args=[page, *versions])
    except NoReverseMatch:
        return ""


class AuditEntryAdmin(DeskAdmin):
    model = AuditEntry
    menu_label = _("Журнал действий")
    menu_icon = "history"
    menu_order = 910
    add_to_settings_menu = True
    index_view_class = AuditIndexView
    index_template_name = "desk/audit_log.html"
    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    inspect_view_class = AuditInspectView
    inspect_template_name = "desk/audit_entry.html"
    export_filename = "audit"
    list_display = ("at", "in_words", "level", "address")
    list_export = ("at", "actor_name", "level", "action_in_words", "subject", "address", "details")
    list_filter = (SubjectFilter, ActionFilter, "level", ActorFilter)
    # Words of before and after are among the details.
    search_fields = ("actor_name", "subject", "address", "details")

    def in_words(self, entry: AuditEntry) -> str:
        return sentence(entry)

    in_words.short_description = _("что произошло")  # type: ignore[attr-defined]

    def action_in_words(self, entry: AuditEntry) -> str:
        return action_title(entry.action)

    action_in_words.short_description = _("действие")  # type: ignore[attr-defined]
    action_in_words.admin_order_field = "action"  # type: ignore[attr-defined]
