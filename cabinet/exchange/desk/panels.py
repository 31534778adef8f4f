"""What must be in front of an operator when she comes in the morning."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from cabinet.exchange.exports import exports_overview
from cabinet.exchange.models import Package
from cabinet.exchange.selectors import packages_failed

# From Friday evening to Monday morning, and a little more.
_DAYS = 3
_SHOWN = 5
_STALE = datetime.timedelta(days=1)


class ExchangePanel(Component):
    """Packages that failed and were not sent again, rows that billing does not take, the last success."""

    name = "exchange"
    template_name = "exchange/desk/panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        since = now - datetime.timedelta(days=_DAYS)
        failed = packages_failed(since)
        return {
            "failed": failed[:_SHOWN],
            "failed_count": failed.count(),
            "since": since,
            "stale": [
                one
                for one in exports_overview()
                if one.waiting_since and one.waiting_since < now - _STALE
            ],
            "last": Package.objects.filter(state=Package.State.APPLIED)
            .order_by("-applied_at")
            .first(),
        }
