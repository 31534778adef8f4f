"""All companies at a glance, from what tasks have counted: four queries for 2 companies or 200."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from tenants.central_admin.figures import Cell, figure_cells
from tenants.fleet import Counter, counters
from tenants.models import FleetSnapshot, GasCompany, ProvisioningRun

CHART_COMPANIES = 10
BAR_HEIGHT = 22


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
