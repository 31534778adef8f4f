"""Until when a bill is to be paid."""

import datetime
from calendar import monthrange
from decimal import Decimal

from tenants.legal.selectors import LegalValueMissing, legal_value
from tenants.models import GasCompany

# Labour Code, article 112. Days that the government moves are not known here.
_HOLIDAYS = {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_SATURDAY = 5


def bill_due_on(month: datetime.date, company: GasCompany) -> datetime.date | None:
    """Return the last day for the bills issued in `month`; None where no legal record says it.

    A day off moves to the next working day.
    """
    try:
        day = legal_value("payment_due_day", month, company)
    except LegalValueMissing:
        return None
    if not isinstance(day, Decimal):
        return None
    due = month.replace(day=min(int(day), monthrange(month.year, month.month)[1]))
    while due.weekday() >= _SATURDAY or (due.month, due.day) in _HOLIDAYS:
        due += datetime.timedelta(days=1)
    return due
