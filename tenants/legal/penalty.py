"""The penalty (пеня) for late payment. The billing system's own figure stays the true one."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from tenants.legal.selectors import legal_number, legal_value
from tenants.models import GasCompany

_KOPECK = Decimal("0.01")


def penalty_of(
    *, debt: Decimal, days_late: int, paid_on: datetime.date, company: GasCompany
) -> Decimal:
    """Return the penalty in roubles for a debt in roubles paid `days_late` days after its due day.

    Each step is rounded to kopecks. The rate and the steps are those in force on the day of payment.
    Raises LegalValueMissing.
    """

    def number(code: str) -> Decimal:
        return legal_number(code, paid_on, company)

    rate = number("key_rate")
    cap = legal_value("penalty_rate_cap", paid_on, company)
    if isinstance(cap, Decimal):
        rate = min(rate, cap)
    free = int(number("penalty_free_days"))
    if not company.is_gas:
        steps = [(days_late - free, number("capital_repair_penalty_divisor"))]
    else:
        until = int(number("penalty_first_until_day"))
        steps = [
            (min(days_late, until) - free, number("penalty_first_divisor")),
            (days_late - until, number("penalty_second_divisor")),
        ]
    return sum(
        (
            (debt * rate / 100 / divisor * days).quantize(_KOPECK, ROUND_HALF_UP)
            for days, divisor in steps
            if days > 0
        ),
        Decimal("0.00"),
    )
