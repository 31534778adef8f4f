"""Counters of the fleet page."""

import datetime

from django.db.models import Count
from django.utils import timezone

from cabinet.appeals.models import OPEN, Appeal
from tenants.fleet import Counter
from tenants.models import GasCompany
from tenants.office.months import ByMonth, Monthly, by_month, moments


def appeals_open(company: GasCompany) -> int:
    """Return how many appeals the company has to answer."""
    return Appeal.objects.filter(state__in=OPEN).count()


def appeals_late(company: GasCompany) -> int:
    return Appeal.objects.filter(state__in=OPEN, due_at__lt=timezone.now()).count()


def appeals_by_month(company: GasCompany, since: datetime.date, until: datetime.date) -> ByMonth:
    """Count the appeals that came in the days `since` ≤ day < `until`, by month."""
    start, end = moments(since, until)
    rows = Appeal.objects.filter(created_at__gte=start, created_at__lt=end)
    return by_month(rows, "created_at", Count("pk"))


MONTHLY = Monthly("appeals", "Обращения", appeals_by_month, order=40)
COUNTERS = (
    Counter("appeals", "Обращений без ответа", appeals_open, order=74, rows="appeals_figures"),
    Counter(
        "appeals_late",
        "Обращений с\u00a0истёкшим сроком",
        appeals_late,
        order=75,
        alarm=True,
        rows="appeals_figures",
    ),
)
