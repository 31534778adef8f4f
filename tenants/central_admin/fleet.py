"""All companies at a glance, from what tasks have counted: as many queries for 2 companies as for 200."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Expression, JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_page
from portal.formats.tables import Row as FileRow
from portal.formats.tables import file_response, spreadsheet_csv
from portal.formats.words import duration
from portal.staff.models import StaffUser
from tenants.central_admin.entering import enter_address
from tenants.fleet import Counter, counters
from tenants.models import FleetSnapshot, GasCompany, Region

CHART_COMPANIES = 10
BAR_HEIGHT = 22
_BEGINS_MOMENTS = "2"  # of ISO 8601


@dataclass(frozen=True)
class Cell:
    """`text` is empty where nothing is known; `url` of the rows that were counted."""

    label: str
    text: str
    is_alarm: bool = False
    has_failed: bool = False
    counts_failures: bool = False
    url: str = ""


@dataclass(frozen=True)
class Row:
    company: GasCompany
    snapshot: FleetSnapshot | None
    cells: list[Cell]

    @property
    def is_calm(self) -> bool:
        """Tell whether the failures were counted and there are none."""
        failures = [cell for cell in self.cells if cell.counts_failures]
        return self.snapshot is not None and not any(
            cell.is_alarm or cell.has_failed for cell in failures
        )


@dataclass(frozen=True)
class Bar:
    """`width` in hundredths of the widest."""

    name: str
    value: int
    width: int
    top: int


@dataclass(frozen=True)
class Chart:
    label: str
    bars: list[Bar]
    total: int

    @property
    def height(self) -> int:
        return len(self.bars) * 2 * BAR_HEIGHT


@desk_view("tenants.view_gascompany", hidden=False)
def fleet(request: DeskRequest) -> HttpResponse:
    """List companies with their figures; the order, the filters and the page are in the address."""
    found = _list(request)
    found.page.object_list = [_row(company, request) for company in found.page.object_list]
    snapshots = FleetSnapshot.objects.values_list("company__name", "figures")
    context = {
        "list": found,
        "charts": [_chart(counter, snapshots) for counter in counters() if counter.chart],
        "limit": CHART_COMPANIES,
        "tab": "fleet",
        "query": request.GET.urlencode(),
    }
    template = "tenants/central_admin/fleet.html"
    return desk_page(request, template, context, title=_("Компании"), icon="site")


@desk_view("tenants.view_gascompany", hidden=False)
def fleet_file(request: DeskRequest) -> HttpResponse:
    """Answer with the companies that the same address would list, all pages of them, as CSV."""
    content = spreadsheet_csv(_file_rows(_list(request, per_page=100_000).page.object_list))
    day = timezone.localdate()
    return file_response(content, f"{_('Компании')} {day:%d.%m.%Y}.csv")


def _file_rows(companies: Iterable[GasCompany]) -> Iterator[FileRow]:
    shown = counters()
    yield [
        *(_("Компания"), _("Состояние"), _("Вид"), _("Регионы"), _("Сайт")),
        *(counter.label for counter in shown),
        _("Посчитано"),
    ]
    for company in companies:
        snapshot = getattr(company, "fleet_snapshot", None)
        yield [
            company.name,
            str(company.get_status_display()),
            company.kind_label,
            ", ".join(region.name for region in company.regions.all()),
            company.url,
            *(_file_cell(counter, snapshot) for counter in shown),
            timezone.localtime(snapshot.counted_at) if snapshot else None,
        ]


def _file_cell(counter: Counter, snapshot: FleetSnapshot | None) -> int | datetime.datetime | None:
    figure = snapshot.figures.get(counter.code) if snapshot else None
    return datetime.datetime.fromisoformat(figure) if isinstance(figure, str) else figure


def _list(request: DeskRequest, *, per_page: int = 50) -> DeskList:
    nothing = Value(None, JSONField())  # sorts before any figure
    order: dict[str, Expression] = {
        f"by_{counter.code}": Coalesce(
            KeyTransform(counter.code, "fleet_snapshot__figures"),
            nothing,
            output_field=JSONField(),
        )
        for counter in _columns()
    }
    companies = GasCompany.objects.select_related("fleet_snapshot").annotate(**order)
    return DeskList(
        request,
        companies.prefetch_related("domains", "regions").order_by("name", "pk"),
        columns=[
            Column(label=_("Компания"), order=("name", "pk")),
            *(
                Column(label=counter.label, order=(f"by_{counter.code}", "pk"))
                for counter in _columns()
            ),
            Column(label=_("Сбои")),
        ],
        filters=_filters(),
        search=_search,
        per_page=per_page,
    )


def _columns() -> list[Counter]:
    return [counter for counter in counters() if not counter.alarm]


def _search(typed: str) -> Q:
    return (
        Q(name__icontains=typed)
        | Q(inn__startswith=typed)
        | Q(schema_name__icontains=typed)
        | Q(pk__in=GasCompany.objects.filter(domains__domain__icontains=typed).values("pk"))
        | Q(pk__in=GasCompany.objects.filter(regions__name__icontains=typed).values("pk"))
    )


def _filters() -> list[Filter]:
    regions = Region.objects.filter(companies__isnull=False).distinct()
    return [
        Filter(
            name="state",
            label=_("состояние"),
            choices=GasCompany.Status.choices,
            narrow=lambda rows, value: rows.filter(status=value),
        ),
        Filter(
            name="kind",
            label=_("вид"),
            choices=GasCompany.Kind.choices,
        ),
        Filter(
            name="region",
            label=_("регион"),
            choices=[(str(region.pk), region.name) for region in regions],
            narrow=lambda rows, value: rows.filter(regions=int(value)),
        ),
        Filter(
            name="alarms",
            label=_("сбои"),
            choices=[("yes", _("есть сбои")), ("no", _("сбоев нет"))],
            narrow=_with_alarms,
        ),
    ]


def _with_alarms(rows: "QuerySet[GasCompany]", value: str) -> "QuerySet[GasCompany]":
    """Narrow to companies with bad news: a number above nothing, or a moment."""
    bad = Q()
    for counter in counters():
        if counter.alarm:
            key = f"fleet_snapshot__figures__{counter.code}"
            bad |= Q(**{f"{key}__gt": 0}) | Q(**{f"{key}__startswith": _BEGINS_MOMENTS})
    failing = GasCompany.objects.filter(bad).values("pk")
    return rows.filter(pk__in=failing) if value == "yes" else rows.exclude(pk__in=failing)


def _row(company: GasCompany, request: DeskRequest) -> Row:
    snapshot = getattr(company, "fleet_snapshot", None)
    cells = figure_cells(snapshot)
    if company.status in GasCompany.AT_WORK:
        key = request.session.session_key or ""
        cells = with_rows(cells, company, request.user, key)
    return Row(company, snapshot, cells)


def with_rows(
    cells: list[Cell], company: GasCompany, user: StaffUser, session_key: str
) -> list[Cell]:
    """Return the cells with the addresses of what they count: in the office, or inside the company."""
    may_enter = user.has_perm("tenants.change_gascompany")
    enter = enter_address(session_key, company.pk)  # signed once

    def address(counter: Counter) -> str:
        if counter.central_rows:
            return reverse(counter.central_rows, args=[company.pk])
        if not counter.rows or not may_enter:
            return ""
        page = reverse(counter.rows, urlconf=settings.ROOT_URLCONF)
        return f"{enter}&{urlencode({'next': page})}"

    return [
        replace(cell, url=address(counter)) for cell, counter in zip(cells, counters(), strict=True)
    ]


def _chart(counter: Counter, snapshots: "Iterable[tuple[str, dict[str, int | None]]]") -> Chart:
    """Return the companies with the largest figures; the table has the rest."""
    values = [
        (figure, name)
        for name, figures in snapshots
        for figure in [figures.get(counter.code)]
        if isinstance(figure, int)
    ]
    total = sum(value for value, _name in values)
    values = sorted(values, reverse=True)[:CHART_COMPANIES]
    widest = max((value for value, _name in values), default=0) or 1
    bars = [
        Bar(name, value, round(100 * value / widest), number * 2 * BAR_HEIGHT)
        for number, (value, name) in enumerate(values)
    ]
    return Chart(counter.label, bars, total)


def figure_cells(snapshot: FleetSnapshot | None) -> list[Cell]:
    """Return a cell for each registered counter, in their order, from the snapshot alone."""
    return [
        replace(_cell(counter, snapshot), counts_failures=counter.alarm) for counter in counters()
    ]


def _cell(counter: Counter, snapshot: FleetSnapshot | None) -> Cell:
    if snapshot is None:
        return Cell(counter.label, "")
    if counter.code in snapshot.failed:
        return Cell(counter.label, "", has_failed=True)
    figure = snapshot.figures.get(counter.code)
    if figure is None:
        return Cell(counter.label, _("нет") if counter.alarm else "")
    if isinstance(figure, str):
        said = _ago(datetime.datetime.fromisoformat(figure))
        return Cell(counter.label, said, is_alarm=counter.alarm)
    text = number_format(figure, use_l10n=True, force_grouping=True)
    return Cell(counter.label, text, is_alarm=counter.alarm and figure > 0)


def _ago(moment: datetime.datetime) -> str:
    """Return the age of a moment in whole days, hours or minutes: «три дня назад»."""
    age = timezone.now() - moment
    units = (datetime.timedelta(days=1), datetime.timedelta(hours=1))
    unit = next((one for one in units if age >= one), datetime.timedelta(minutes=1))
    return _("%s назад") % duration(age - age % unit)
