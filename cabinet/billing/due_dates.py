"""Until when a bill is to be paid."""

import datetime
from calendar import monthrange
from collections.abc import Collection
from decimal import Decimal

from tenants.legal.selectors import legal_values
from tenants.legal.working_days import next_working_days
from tenants.models import GasCompany


def bill_due_on(month: datetime.date, company: GasCompany) -> datetime.date | None:
    """Return the last day for the bills issued in `month`; None where no legal record says it.

    A day off moves to the next working day. Two queries.
    """
    return bills_due_on([month], company).get(month)


def bills_due_on(
    months: Collection[datetime.date], company: GasCompany
) -> dict[datetime.date, datetime.date]:
    """Return the same for several months, without those of which no record says it. Two queries."""
    found = legal_values("payment_due_day", months, company)
    days = {
        month: month.replace(day=max(1, min(int(day), monthrange(month.year, month.month)[1])))
        for month, day in found.items()
        if isinstance(day, Decimal)
    }
    worked = next_working_days(days.values())
    return {month: worked[day] for month, day in days.items()}


def days_late(due_on: datetime.date, day: datetime.date) -> int:
    """Return how many days after its due day, moved as it may be, a day is; 0 up to it."""
    return max(0, (day - due_on).days)
