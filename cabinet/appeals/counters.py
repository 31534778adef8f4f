"""Counters of the fleet page."""

from django.utils import timezone

from cabinet.appeals.models import OPEN, Appeal
from tenants.fleet import Counter
from tenants.models import GasCompany


def appeals_open(company: GasCompany) -> int:
    """Return how many appeals the company has to answer."""
    return Appeal.objects.filter(state__in=OPEN).count()


def appeals_late(company: GasCompany) -> int:
    return Appeal.objects.filter(state__in=OPEN, due_at__lt=timezone.now()).count()


COUNTERS = (
    Counter("appeals", "Обращений без ответа", appeals_open, order=74),
    Counter("appeals_late", "Из них с истёкшим сроком", appeals_late, order=75, alarm=True),
)
