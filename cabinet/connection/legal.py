"""The legal records of connection."""

import datetime
from decimal import Decimal

from tenants.legal.selectors import LegalValueMissing, legal_number
from tenants.selectors import current_company


def number_of(code: str, day: datetime.date) -> Decimal | None:
    """Return the value of a record of connection, or None where there is none in force."""
    try:
        return legal_number(code, day, current_company())
    except LegalValueMissing:
        return None
