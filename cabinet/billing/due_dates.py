"""Until when a bill is to be paid."""

import datetime
from calendar import monthrange

from tenants.legal.selectors import LegalValueMissing, legal_number
from tenants.legal.working_days import next_working_day
from tenants.models import GasCompany


def bill_due_on(month: datetime.date, company: GasCompany) -> datetime.date | None:
    """Return the last day for the bills issued in `month`; None where no legal record says it.

    A day off moves to the next working day. Two queries.
    """
    try:
        day = int(legal_number("payment_due_day", month, company))
    except LegalValueMissing:
        return None
    last = monthrange(month.year, month.month)[1]
    return next_working_day(month.replace(day=max(1, min(day, last))))


def days_late(due_on: datetime.date, paid_on: datetime.date) -> int:
    """Return how many days after its due day, moved as it may be, a bill was paid; 0 in time."""
    return max(0, (paid_on - due_on).days)
