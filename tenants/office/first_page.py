"""The office's first page: what needs a hand, and how this month goes beside last year's."""

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from portal.connection import current_schema
from tenants.models import GasCompany
from tenants.office.alarms import office_alarms
from tenants.office.charts import days_said, month_charts


class OfficePanel(Component):
    """Read by as many queries for 2 companies as for 200, and from public alone."""

    name = "office"
    template_name = "tenants/central_admin/first_page.html"
    order = 20
    media = Media(css={"all": ["tenants/office.css"]})

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        companies = list(GasCompany.objects.select_related("fleet_snapshot"))
        charts = month_charts()
        return {
            "groups": office_alarms(self.request.user, companies),  # type: ignore[arg-type]
            "charts": charts,
            "days": days_said(),
            "has_figures": not all(chart.is_empty for chart in charts),
        }


def office_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panel on the first page, for who may see companies; in a company nobody may."""
    if current_schema() == "public" and request.user.has_perm("tenants.view_gascompany"):
        panels.append(OfficePanel(request))
