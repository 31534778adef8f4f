"""The pages of the audit log: search, filters and export; entries are only read."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.actions import action_title
from portal.audit.models import AuditEntry
from portal.audit.services import audit_write
from portal.audit.subjects import OTHER, SUBJECTS, subject_of
from portal.audit.words import (
    actor_in_words,
    changes_of,
    details_in_words,
    facts_of,
    headline,
    subject_in_words,
    what_changed,
)
from portal.desk.access import DeskRequest, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.pages import desk_page
from portal.formats.tables import Row, file_response, spreadsheet_csv, spreadsheet_xlsx

RIGHT = "audit.view_auditentry"
INDEX, ENTRY = "audit_auditentry_modeladmin_index", "audit_auditentry_modeladmin_inspect"
ICON = "history"


class AuditList(DeskList):
    """The entries that the address asks for: also those of a period, both days included."""

    def __init__(self, request: DeskRequest, *, per_page: int = 50) -> None:
        self.since, self.until = (_day(request.GET.get(name, "")) for name in ("since", "until"))
        rows: Rows = AuditEntry.objects.all()
        if self.since:
            rows = rows.filter(at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(at__lt=_midnight(self.until + datetime.timedelta(days=1)))
        super().__init__(
            request,
            rows,
            columns=[
                Column(label=_("Когда"), order=("at", "pk")),
                Column(label=_("Что произошло")),
                Column(label=_("Кто это")),
                Column(label=_("Откуда")),
            ],
            filters=_filters(request.GET.get("about", "")),
            search=_search,
            per_page=per_page,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.since or self.until or super().is_narrowed)


def _search(typed: str) -> Q:
    """Return the condition of a typed text: words of before and after are among the details.

    A number of an account or a key may be pasted with spaces.
    """
    fields = ("actor_name", "subject", "address", "details")
    found = Q(*((f"{field}__icontains", typed) for field in fields), _connector=Q.OR)
    together = "".join(typed.split())
    return found | Q(subject__icontains=together) if together.isdecimal() else found


def _filters(asked: str) -> list[Filter]:
    """Return the filters with what the log has, and the field of work that is asked for."""
    used = list(AuditEntry.objects.order_by().values_list("action", flat=True).distinct())
    fields: defaultdict[str, list[str]] = defaultdict(list)
    titles: defaultdict[str, list[str]] = defaultdict(list)
    for action in sorted(used):
        fields[subject_of(action)].append(action)
        titles[capfirst(action_title(action))].append(action)
    labels = {key: capfirst(str(label)) for key, (label, _actions) in SUBJECTS.items()}
    labels |= {OTHER: _("Прочее")}
    alike = {actions[0]: actions for actions in titles.values()}
    named = AuditEntry.objects.exclude(actor_name="").order_by("actor_name")
    names = named.values_list("actor_name", flat=True).distinct()
    return [
        Filter(
            name="about",
            label=gettext_lazy("о чём"),
            choices=[(key, label) for key, label in labels.items() if key in {*fields, asked}],
            narrow=lambda rows, value: rows.filter(action__in=fields[value]),
        ),
        Filter(
            name="action",
            label=gettext_lazy("действие"),
            choices=[(actions[0], title) for title, actions in sorted(titles.items())],
            narrow=lambda rows, value: rows.filter(action__in=alike[value]),
        ),
        Filter(
            name="actor",
            label=gettext_lazy("кто"),
            choices=[(name, actor_in_words(name)) for name in names],
            narrow=lambda rows, value: rows.filter(actor_name=value),
        ),
        Filter(
            name="level",
            label=gettext_lazy("кто это"),
            choices=[(value, capfirst(label)) for value, label in AuditEntry.Level.choices],
        ),
    ]


def _day(text: str) -> datetime.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2200 else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@desk_view(RIGHT, hidden=False)
def audit_log(request: DeskRequest) -> HttpResponse:
    """List the entries; the period, the filters, the order and the page are in the address."""
    wanted = request.GET.get("export")
    if wanted in ("csv", "xlsx"):
        return _file(request, wanted)
    found = AuditList(request)
    for entry in found.page:
        entry.headline, entry.rest = headline(entry), what_changed(entry)
    context = {"list": found, "is_cards": True}
    return desk_page(request, "desk/audit_log.html", context, title=_("Журнал действий"), icon=ICON)


def _file(request: DeskRequest, kind: str) -> HttpResponse:
    """Answer with all pages of what the same address lists, and note who took it along."""
    asked = {name: value for name, value in request.GET.items() if value and name != "p"}
    rows = _file_rows(AuditList(request, per_page=10_000_000).page.object_list)
    audit_write(actor=request.user, action="audit.export", details={"filter": asked})
    content = spreadsheet_csv(rows) if kind == "csv" else spreadsheet_xlsx("Журнал", rows)
    day = timezone.localdate()
    return file_response(content, f"{_('Журнал действий')} {day:%d.%m.%Y}.{kind}")


def _file_rows(entries: Any) -> Iterator[Row]:
    yield [
        *(_("Когда"), _("Кто"), _("Кто это"), _("Действие")),
        *(_("Над чем"), _("Откуда"), _("Подробности")),
    ]
    for entry in entries:
        yield [
            entry.at,
            actor_in_words(entry.actor_name),
            entry.get_level_display(),
            action_title(entry.action, by_somebody=bool(entry.actor_name)),
            subject_in_words(entry),
            entry.address or "",
            details_in_words(entry),
        ]


@desk_view(RIGHT, hidden=False)
def audit_entry(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one entry: a sentence, what was before and after, and the other facts."""
    entry = get_object_or_404(AuditEntry, pk=pk)
    context = {
        "entry": entry,
        "sentence": headline(entry),
        "changes": changes_of(entry),
        "facts": [*_facts(entry), *facts_of(entry)],
        "compare_url": _compare_url(entry),
        "back": reverse(INDEX),
    }
    template = "desk/audit_entry.html"
    return desk_page(request, template, context, title=_("Запись журнала"), icon=ICON)


def _facts(entry: AuditEntry) -> Sequence[tuple[str, str]]:
    facts = [
        (_("Кто"), actor_in_words(entry.actor_name)),
        (_("Кто это"), capfirst(entry.get_level_display())),
        (_("Действие"), capfirst(action_title(entry.action, by_somebody=bool(entry.actor_name)))),
        (_("Над чем"), subject_in_words(entry)),
        (_("Откуда"), entry.address or ""),
    ]
    return [(label, str(value)) for label, value in facts if value]


def _compare_url(entry: AuditEntry) -> str:
    """Return Wagtail's comparison of the two versions of a page; empty for other entries."""
    page, versions = entry.details.get("page"), entry.details.get("revisions")
    if not page or not versions:
        return ""
    try:
        return reverse("wagtailadmin_pages:revisions_compare", args=[page, *versions])
    except NoReverseMatch:
        return ""
