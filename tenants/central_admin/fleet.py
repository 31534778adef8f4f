"""All companies at a glance, from what tasks have counted: as many queries for 2 companies as for 200."""

import datetime
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from tenants.fleet import Counter, counters
from tenants.legal.alarms import legal_alarms
from tenants.models import FleetSnapshot, GasCompany, ProvisioningRun

CHART_COMPANIES = 10
BAR_HEIGHT = 22


@dataclass(frozen=True)
class Cell:
    """`text` is empty where nothing is known."""

    label: str
    text: str
    is_alarm: bool = False
    has_failed: bool = False
    counts_failures: bool = False


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
    """Show the figures of every company, and the runs that failed."""
    companies = list(
        GasCompany.objects.select_related("fleet_snapshot").prefetch_related("domains")
    )
    rows = [
        Row(company, snapshot, figure_cells(snapshot))
        for company in companies
        for snapshot in [getattr(company, "fleet_snapshot", None)]
    ]
    context = {
        "legal_alarms": legal_alarms(timezone.localdate()),
        "rows": rows,
        "counters": counters(),
        "charts": [_chart(counter, companies) for counter in counters() if counter.chart],
        "limit": CHART_COMPANIES,
        "not_opened": list(ProvisioningRun.objects.filter(state=ProvisioningRun.State.FAILED)),
    }
    template = "tenants/central_admin/fleet.html"
    return desk_page(request, template, context, title=_("Все компании"), icon="table")


def _chart(counter: Counter, companies: list[GasCompany]) -> Chart:
    """Return the companies with the largest figures; the table has the rest."""
    values = []
    for company in companies:
        snapshot = getattr(company, "fleet_snapshot", None)
        figure = snapshot.figures.get(counter.code) if snapshot else None
        if isinstance(figure, int):
            values.append((figure, company.name))
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
        return Cell(counter.label, "")
    if isinstance(figure, str):
        moment = datetime.datetime.fromisoformat(figure)
        return Cell(counter.label, f"{timesince(moment, timezone.now(), depth=1)} назад")
    text = number_format(figure, use_l10n=True, force_grouping=True)
    return Cell(counter.label, text, is_alarm=counter.alarm and figure > 0)
