"""The search of the central office: one field, and whatever this person may see of what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, central_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.dates import long_day
from portal.formats.text import clean_text, fold
from portal.staff.models import StaffUser
from portal.staff.selectors import may_manage
from tenants.legal.rules import RULES
from tenants.models import (
    Announcement,
    CompanyArchive,
    GasCompany,
    LegalRecord,
    Proposal,
    normalise_host,
)
from tenants.models.company import host_for_people

_SHORTEST = 2
LIMIT = 20  # of each kind


@dataclass(frozen=True, kw_only=True)
class Found:
    """`kind` is the heading under which it stands; `hint` says why it was found, or where it is."""

    kind: str | Promise
    title: str
    url: str
    hint: str = ""


# Of who asks and of what was typed; checks the permissions itself, in public.
SearchSource = Callable[[StaffUser, str], Iterable[Found]]
_sources: list[SearchSource] = []


def office_search_add(*sources: SearchSource) -> None:
    """Let the office find what an app has in public. Called in `AppConfig.ready`."""
    _sources.extend(one for one in sources if one not in _sources)


@central_only
@desk_view("tenants.view_gascompany", hidden=False)
def office_search(request: DeskRequest) -> HttpResponse:
    """Show what was found, by kinds."""
    typed = clean_text(request.GET.get("q", ""))[:100]
    found = []
    if len(typed) >= _SHORTEST:
        found = [one for source in _sources for one in source(request.user, typed)]
    groups = [(kind, list(rows)) for kind, rows in groupby(found, key=lambda one: str(one.kind))]
    context = {"query": typed, "groups": groups, "is_short": len(typed) < _SHORTEST}
    template = "tenants/central_admin/search.html"
    return desk_page(request, template, context, title=_("Поиск"), icon="search")


def companies_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield companies by name, INN, host, region and schema."""
    host = normalise_host(typed)
    condition = Q(name__icontains=typed) | Q(schema_name__icontains=typed)
    condition |= Q(inn__startswith=typed) if typed.isdecimal() else Q()
    condition |= Q(regions__name__icontains=typed) | Q(domains__domain__icontains=host)
    companies = GasCompany.objects.filter(condition).distinct()
    for company in companies.prefetch_related("regions", "domains")[:LIMIT]:
        hosts = ", ".join(host_for_people(one.domain) for one in company.domains.all())
        regions = ", ".join(region.name for region in company.regions.all())
        said = [company.get_status_display(), regions, hosts, company.inn and f"ИНН {company.inn}"]
        yield Found(
            kind=_("Компании"),
            title=company.name,
            url=reverse("tenants_gascompany_modeladmin_inspect", args=[company.pk]),
            hint="; ".join(str(part) for part in said if part),
        )


def staff_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield staff of the office, for who manages them."""
    if not may_manage(user):
        return
    condition = Q()
    for field in ("username", "first_name", "last_name", "email"):
        condition |= Q(**{f"{field}__icontains": typed})
    for one in StaffUser.objects.filter(condition).order_by("username")[:LIMIT]:
        name = one.get_full_name()
        yield Found(
            kind=_("Сотрудники офиса"),
            title=name or one.get_username(),
            url=reverse("staff_list"),
            hint=one.get_username() if name else "",
        )


def rules_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield legal rules by their Russian names, with the value of their newest record."""
    if not user.has_perm("tenants.view_legalrecord"):
        return
    wanted = fold(typed)
    codes = [code for code, rule in RULES.items() if wanted in fold(rule.label)][:LIMIT]
    records = LegalRecord.objects.filter(code__in=codes, company=None)
    newest = {one.code: one for one in records.order_by("code", "valid_from")}
    for code in codes:
        record = newest.get(code)
        yield Found(
            kind=_("Правовые нормы"),
            title=RULES[code].label,
            url=reverse("legal_rule", args=[code]),
            hint=record.shown_value if record else _("записей нет"),
        )


def proposals_found(user: StaffUser, typed: str) -> Iterator[Found]:
    if not user.has_perm("tenants.view_proposal"):
        return
    found = Proposal.objects.filter(Q(subject__icontains=typed) | Q(reason__icontains=typed))
    for one in found.order_by("-proposed_at")[:LIMIT]:
        yield Found(
            kind=_("Изменения на\u00a0подтверждении"),
            title=str(one),
            url=reverse("proposal", args=[one.pk]),
            hint=str(one.get_state_display()),
        )


def archives_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield archives of deleted companies; those of others stand on the company's page."""
    if not user.has_perm("tenants.view_companyarchive"):
        return
    condition = Q(company_name__icontains=typed) | Q(schema_name__icontains=typed)
    for one in CompanyArchive.objects.filter(condition, company=None)[:LIMIT]:
        yield Found(
            kind=_("Архивы удалённых компаний"),
            title=one.company_name,
            url=reverse("company_archives"),
            hint=long_day(timezone.localtime(one.created_at)),
        )


def announcements_found(user: StaffUser, typed: str) -> Iterator[Found]:
    if not user.has_perm("tenants.change_announcement"):
        return
    found = Announcement.objects.filter(Q(title__icontains=typed) | Q(text__icontains=typed))
    for one in found[:LIMIT]:
        yield Found(
            kind=_("Объявления сотрудникам"),
            title=one.title,
            url=reverse("announcement", args=[one.pk]),
            hint=one.state_in_words,
        )
