"""Everything that happened to one company, newest first: the office's own records and the company's log."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.models import AuditEntry
from portal.audit.subjects import subject_label
from portal.audit.words import sentence
from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from tenants.events import EVENT_TITLES
from tenants.models import (
    ArchiveRun,
    CompanyArchive,
    GasCompany,
    Proposal,
    ProvisioningRun,
    SharedDelivery,
)
from tenants.schemas import has_table, in_company

PER_PAGE = 50
# How far back one page looks into the company's own log.
_DAYS = 60


@dataclass(frozen=True)
class Happened:
    """A line of the timeline; `url` leads to the thing itself, where it has a page."""

    at: datetime.datetime
    source: str
    text: str
    who: str = ""
    url: str = ""


Source = Callable[[GasCompany, datetime.datetime], Iterator[Happened]]


def _office(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    # By name as well: a company that was restored has another number. Each half has its index.
    actions = [action for action in EVENT_TITLES if action.startswith("company.")]
    about = Q(details__has_key="company_id", details__company_id=company.pk)
    about |= Q(action__in=actions, subject=company.name)
    for entry in AuditEntry.objects.filter(about, at__lt=before)[: PER_PAGE + 1]:
        url = reverse("audit_auditentry_modeladmin_inspect", args=[entry.pk])
        yield Happened(entry.at, "office", sentence(entry), entry.actor_name, url)


def _runs(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    for run in ProvisioningRun.objects.filter(company=company, created_at__lt=before):
        text = _("Создание компании: %s.") % run.get_state_display()
        url = reverse("tenants_provisioningrun_modeladmin_inspect", args=[run.pk])
        yield Happened(run.created_at, "runs", text, run.requested_by, url)


def _archives(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    archives = CompanyArchive.objects.filter(company=company, created_at__lt=before)
    for archive in archives[: PER_PAGE + 1]:
        text = _("Архив компании: %s.") % archive.get_state_display()
        yield Happened(archive.created_at, "archives", text, archive.requested_by)
    works = ArchiveRun.objects.filter(
        Q(company=company) | Q(archive__company=company), created_at__lt=before
    )
    for work in works.order_by("-created_at")[: PER_PAGE + 1]:
        text = f"{work.get_kind_display().capitalize()}: {work.get_state_display()}."
        yield Happened(work.created_at, "archives", text, work.requested_by)


def _deliveries(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    sent = SharedDelivery.objects.filter(company=company, requested_at__lt=before)
    for one in sent.select_related("version", "company").order_by("-requested_at")[: PER_PAGE + 1]:
        text = _("Общий материал «%(title)s», версия %(number)s: %(state)s.") % {
            "title": one.version.title,
            "number": one.version.number,
            "state": one.state_in_words,
        }
        yield Happened(one.requested_at, "deliveries", text, one.requested_by)


def _proposals(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    made = Proposal.objects.filter(company_id=company.pk, proposed_at__lt=before)
    for one in made[: PER_PAGE + 1]:
        text = f"{str(one.get_kind_display()).capitalize()}: {one.get_state_display()}."
        url = reverse("proposal", args=[one.pk])
        yield Happened(one.proposed_at, "proposals", text, one.proposed_by, url)


def _own_log(company: GasCompany, before: datetime.datetime) -> Iterator[Happened]:
    """Yield a line for each day of the company's log: how much of what was done."""
    with in_company(company):
        if not has_table(f"{company.schema_name}.audit_auditentry"):
            return
        day = timezone.localtime(before).replace(hour=0, minute=0, second=0, microsecond=0)
        since, until = day - datetime.timedelta(days=_DAYS), day + datetime.timedelta(days=1)
        counted = list(
            AuditEntry.objects.filter(at__gte=since, at__lt=until)
            .annotate(day=TruncDate("at"))
            .order_by()
            .values("day", "action")
            .annotate(number=Count("pk"), last=Max("at"))
        )
    yield from _by_day(counted, before)


def _by_day(counted: Sequence[Mapping[str, Any]], before: datetime.datetime) -> Iterator[Happened]:
    """Yield the days whose last entry is before the moment: a day is on one page only."""
    for day in {row["day"] for row in counted}:
        rows = [row for row in counted if row["day"] == day]
        last = max(row["last"] for row in rows)
        if last >= before:
            continue
        numbers: Counter[str] = Counter()
        for row in rows:
            numbers[subject_label(row["action"])] += row["number"]
        said = ", ".join(f"{label}\u00a0— {number}" for label, number in numbers.most_common())
        yield Happened(last, "log", _("За день в\u00a0журнале компании: %s.") % said)


SOURCES: dict[str, tuple[str | Promise, Source]] = {
    "office": (gettext_lazy("центральный офис"), _office),
    "proposals": (gettext_lazy("предложения"), _proposals),
    "runs": (gettext_lazy("создание"), _runs),
    "archives": (gettext_lazy("архивы"), _archives),
    "deliveries": (gettext_lazy("общие материалы"), _deliveries),
    "log": (gettext_lazy("журнал компании"), _own_log),
}


@desk_view("tenants.view_gascompany", hidden=False)
def timeline(request: DeskRequest, company_id: int) -> HttpResponse:
    company = get_object_or_404(GasCompany, pk=company_id)
    chosen = request.GET.get("source", "")
    before = _moment(request.GET.get("before", "")) or timezone.now()
    wanted = [SOURCES[chosen]] if chosen in SOURCES else [*SOURCES.values()]
    found = [one for _label, source in wanted for one in source(company, before)]
    newest = nlargest(PER_PAGE + 1, found, key=lambda one: one.at)
    shown = newest[:PER_PAGE]
    context = {
        "company": company,
        "rows": [(one, SOURCES[one.source][0]) for one in shown],
        "sources": [(key, label) for key, (label, _source) in SOURCES.items()],
        "chosen": chosen if chosen in SOURCES else "",
        "is_older": "before" in request.GET,
        "older": shown[-1].at.isoformat() if len(newest) > PER_PAGE else "",
        "back": reverse("tenants_gascompany_modeladmin_inspect", args=[company.pk]),
    }
    title = _("История: %s") % company.name
    template = "tenants/central_admin/timeline.html"
    return desk_page(request, template, context, title=title, icon="history")


def _moment(text: str) -> datetime.datetime | None:
    """Return the moment that the address names; None for any other text."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    is_good = found and timezone.is_aware(found) and 2000 < found.year < 2200
    return found if is_good else None
