"""The penalty (пеня) for late payment. The billing system's own figure stays the true one."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tenants.legal.selectors import legal_number, legal_numbers, legal_value, trusted_number
from tenants.models import GasCompany

_KOPECK = Decimal("0.01")


@dataclass(frozen=True)
class PenaltyPart:
    """₽ for so many days at `rate` per cent a year, divided by `divisor` for a day."""

    days: int
    rate: Decimal
    divisor: Decimal
    amount: Decimal


@dataclass(frozen=True)
class PenaltySteps:
    """`steps`: the last day of each step, None for the last one, and by what the rate is divided."""

    free_days: int
    steps: tuple[tuple[int | None, Decimal], ...]

    def parts(
        self, debt: Decimal, rate: Decimal, *, until: int, since: int = 0
    ) -> Iterator[PenaltyPart]:
        """Yield the penalty of the days of delay after `since` up to `until`, step by step.

        `rate`: per cent a year. Each step is rounded to kopecks.
        """
        begin = max(since, self.free_days)
        for last, divisor in self.steps:
            end = until if last is None else min(until, last)
            if end > begin:
                days, begin = end - begin, end
                amount = (debt * rate / 100 / divisor * days).quantize(_KOPECK, ROUND_HALF_UP)
                yield PenaltyPart(days, rate, divisor, amount)


def penalty_rate(day: datetime.date, company: GasCompany | None = None) -> Decimal:
    """Return the rate by which a penalty is reckoned, per cent a year: the key rate, the cap at most.

    A key rate that was above the cap is taken to be above it still; otherwise its record has to be as new as
    its rule asks. Raises LegalValueMissing, LegalValueStale.
    """
    cap = legal_value("penalty_rate_cap", day, company)
    if isinstance(cap, Decimal) and legal_number("key_rate", day, company) >= cap:
        return cap
    return trusted_number("key_rate", day, company)


def penalty_steps(day: datetime.date, company: GasCompany) -> PenaltySteps:
    """Return the steps in force on a day. A contribution to capital repair has one.

    Raises LegalValueMissing.
    """
    codes = ("penalty_free_days", "penalty_first_until_day")
    divisors = ("penalty_first_divisor", "penalty_second_divisor", "capital_repair_penalty_divisor")
    found = legal_numbers((*codes, *divisors), day, company)
    free, until = (int(found[code]) for code in codes)
    first, second, repair = (found[code] for code in divisors)
    return PenaltySteps(
        free, ((until, first), (None, second)) if company.is_gas else ((None, repair),)
    )


def penalty_of(
    *, debt: Decimal, days_late: int, paid_on: datetime.date, company: GasCompany
) -> Decimal:
    """Return the penalty in roubles for a debt in roubles paid `days_late` days after its due day.

    The rate and the steps are those in force on the day of payment. Raises LegalValueMissing;
    LegalValueStale, by which no sum is shown.
    """
    steps, rate = penalty_steps(paid_on, company), penalty_rate(paid_on, company)
    return sum((part.amount for part in steps.parts(debt, rate, until=days_late)), Decimal("0.00"))
