"""The penalty (пеня) for late payment. The billing system's own figure stays the true one."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from tenants.legal.selectors import legal_number, legal_value, trusted_number
from tenants.models import GasCompany

_KOPECK = Decimal("0.01")


def penalty_rate(day: datetime.date, company: GasCompany | None = None) -> Decimal:
    """Return the rate by which a penalty is reckoned, per cent a year: the key rate, the cap at most.

    A key rate that was above the cap is taken to be above it still; otherwise its record has to be as new as
    its rule asks. Raises LegalValueMissing, LegalValueStale.
    """
    cap = legal_value("penalty_rate_cap", day, company)
    if isinstance(cap, Decimal) and legal_number("key_rate", day, company) >= cap:
        return cap
    return trusted_number("key_rate", day, company)


def penalty_of(
    *, debt: Decimal, days_late: int, paid_on: datetime.date, company: GasCompany
) -> Decimal:
    """Return the penalty in roubles for a debt in roubles paid `days_late` days after its due day.

    Each step is rounded to kopecks. The rate and the steps are those in force on the day of payment.
    Raises LegalValueMissing; LegalValueStale, by which no sum is shown.
    """

    def number(code: str) -> Decimal:
        return legal_number(code, paid_on, company)

    rate = penalty_rate(paid_on, company)
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
