"""The penalty (пеня) for late payment. The billing system's own figure stays the true one."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tenants.legal.selectors import legal_number, legal_value, trusted_number
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
class PenaltyRules:
    """`steps`: the last day of each step, None for the last one, and by what the rate is divided."""

    rate: Decimal
    free_days: int
    steps: tuple[tuple[int | None, Decimal], ...]

    def parts(self, debt: Decimal, *, until: int, since: int = 0) -> Iterator[PenaltyPart]:
        """Yield the penalty of the days of delay after `since` up to `until`, step by step.

        Each step is rounded to kopecks.
        """
        begin = max(since, self.free_days)
        for last, divisor in self.steps:
            end = until if last is None else min(until, last)
            if end > begin:
                days, begin = end - begin, end
                amount = (debt * self.rate / 100 / divisor * days).quantize(_KOPECK, ROUND_HALF_UP)
                yield PenaltyPart(days, self.rate, divisor, amount)


def penalty_rate(day: datetime.date, company: GasCompany | None = None) -> Decimal:
    """Return the rate by which a penalty is reckoned, per cent a year: the key rate, the cap at most.

    A key rate that was above the cap is taken to be above it still; otherwise its record has to be as new as
    its rule asks. Raises LegalValueMissing, LegalValueStale.
    """
    cap = legal_value("penalty_rate_cap", day, company)
    if isinstance(cap, Decimal) and legal_number("key_rate", day, company) >= cap:
        return cap
    return trusted_number("key_rate", day, company)


def penalty_rules(day: datetime.date, company: GasCompany) -> PenaltyRules:
    """Return the rate and the steps in force on a day. A contribution to capital repair has one step.

    Raises LegalValueMissing; LegalValueStale, by which no sum is shown.
    """

    def number(code: str) -> Decimal:
        return legal_number(code, day, company)

    steps: tuple[tuple[int | None, Decimal], ...]
    if company.is_gas:
        steps = (
            (int(number("penalty_first_until_day")), number("penalty_first_divisor")),
            (None, number("penalty_second_divisor")),
        )
    else:
        steps = ((None, number("capital_repair_penalty_divisor")),)
    return PenaltyRules(penalty_rate(day, company), int(number("penalty_free_days")), steps)


def penalty_of(
    *, debt: Decimal, days_late: int, paid_on: datetime.date, company: GasCompany
) -> Decimal:
    """Return the penalty in roubles for a debt in roubles paid `days_late` days after its due day.

    The rate and the steps are those in force on the day of payment. Raises LegalValueMissing;
    LegalValueStale, by which no sum is shown.
    """
    parts = penalty_rules(paid_on, company).parts(debt, until=days_late)
    return sum((part.amount for part in parts), Decimal("0.00"))
