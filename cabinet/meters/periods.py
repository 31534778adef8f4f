"""The rules of law for readings as the central office has recorded them, and the months they make."""

import datetime
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

from portal.formats.dates import month_after
from tenants.legal.selectors import legal_numbers
from tenants.models import GasCompany
from tenants.routing import remembered
from tenants.selectors import current_company

_CODES = (
    "readings_until_day",
    "average_months_limit",
    "average_over_months",
    "verification_notice_days",
    "verification_warning_days",
    "verification_missed_factor",
)


@dataclass(frozen=True)
class MeterRules:
    """`until_day`: day of the month until which readings are asked for. The rest: `tenants.legal.rules`."""

    until_day: int
    average_limit: int
    average_over: int
    verification_notice: int
    verification_warning: int
    verification_factor: Decimal


@dataclass(frozen=True)
class Period:
    """The month (its first day) that a reading counts for, and the last day on which it is asked for."""

    month: datetime.date
    until: datetime.date

    @property
    def next_month(self) -> datetime.date:
        return month_after(self.month)


def meter_rules(day: datetime.date) -> MeterRules:
    """Return what holds on the day in the current company, remembered for some seconds.

    Raises LegalValueMissing.
    """
    company = current_company()
    key = ("meter rules", day, company and company.pk)
    rules: MeterRules = remembered(key, lambda: _rules(day, company))
    return rules


def _rules(day: datetime.date, company: GasCompany | None) -> MeterRules:
    found = legal_numbers(_CODES, day, company)
    return MeterRules(
        until_day=int(found["readings_until_day"]),
        average_limit=int(found["average_months_limit"]),
        average_over=int(found["average_over_months"]),
        verification_notice=int(found["verification_notice_days"]),
        verification_warning=int(found["verification_warning_days"]),
        verification_factor=found["verification_missed_factor"],
    )


def period_of(day: datetime.date, until_day: int) -> Period:
    """Return the period of a reading of the day; after `until_day` it counts for the next month."""
    first = day.replace(day=1)
    until = _until(first, until_day)
    if day <= until:
        return Period(first, until)
    first = month_after(first)
    return Period(first, _until(first, until_day))


def _until(first: datetime.date, until_day: int) -> datetime.date:
    last_day = monthrange(first.year, first.month)[1]
    return first.replace(day=max(1, min(until_day, last_day)))
