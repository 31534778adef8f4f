"""Counters of the fleet page."""

from cabinet.connection.lifecycle.states import is_late
from cabinet.connection.models import ConnectionApplication
from tenants.fleet import Counter
from tenants.models import GasCompany


def applications_waiting(company: GasCompany) -> int:
    """Return how many applications wait to be forwarded."""
    return ConnectionApplication.objects.filter(state=ConnectionApplication.State.SUBMITTED).count()


def applications_late(company: GasCompany) -> int:
    """Return how many applications are over the term of their step."""
    return ConnectionApplication.objects.filter(is_late()).count()


COUNTERS = (
    Counter("connection", "Заявок на присоединение не передано", applications_waiting, order=78),
    Counter(
        "connection_late",
        "Заявок на присоединение с истёкшим сроком",
        applications_late,
        order=79,
        alarm=True,
    ),
)
