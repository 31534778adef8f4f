"""Counters of the fleet page, and what holds a company from being archived."""

from django.utils.translation import gettext as _

from cabinet.connection.lifecycle.states import is_late
from cabinet.connection.models import ConnectionApplication
from tenants.fleet import Counter
from tenants.models import GasCompany
from tenants.schemas import has_table


def applications_waiting(company: GasCompany) -> int:
    """Return how many applications wait to be forwarded."""
    return ConnectionApplication.objects.filter(state=ConnectionApplication.State.SUBMITTED).count()


def applications_late(company: GasCompany) -> int:
    """Return how many applications are over the term of their step."""
    return ConnectionApplication.objects.filter(is_late()).count()


def applications_open_said(company: GasCompany) -> str:
    """Return a sentence about applications that nobody else has yet; empty where there are none."""
    if not has_table("connection_connectionapplication"):  # the schema is of before connection
        return ""
    count = applications_waiting(company)
    if not count:
        return ""
    return _(
        "Заявки на присоединение ещё не переданы получателю: %(n)s. Сначала передайте их или отзовите."
    ) % {"n": count}


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
