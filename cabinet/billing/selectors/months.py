"""Months of an account: the history of charges, statements."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max, Min, Q

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import (
    ZERO,
    LineKey,
    Sums,
    charge_order,
    line_of,
    one_after_another,
    reasons_of,
    side_by_side,
    sums_of,
    volumes_of,
)


@dataclass(frozen=True)
class Month:
    """`charges` are the month's rows. `sums` have, besides, what is owed of services that ended before.

    `penalty`: the part of `sums` that is penalty.
    """

    period: datetime.date
    charges: list[Charge]
    sums: Sums
    penalty: Sums

    @property
    def lines(self) -> list[tuple[Charge, Sums]]:
        """Return the month's rows with their sums."""
        return [(charge, sums_of(charge)) for charge in self.charges]

    @property
    def volumes(self) -> dict[str, Decimal]:
        """Return the volumes by unit."""
        return volumes_of(self.charges)

    @property
    def reasons(self) -> list[str]:
        """Return the reasons of the month's recalculations, each once."""
        return reasons_of(self.charges)


@dataclass(frozen=True)
class Months:
    """Months of an account, newest first."""

    months: list[Month] = field(default_factory=list)

    @property
    def totals(self) -> Sums:
        return one_after_another(month.sums for month in reversed(self.months))

    @property
    def penalty_totals(self) -> Sums:
        return one_after_another(month.penalty for month in reversed(self.months))

    @property
    def volumes(self) -> dict[str, Decimal]:
        return volumes_of(charge for month in self.months for charge in month.charges)


def account_months(
    account: PersonalAccount,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    kind: str = "",
) -> Months:
    """Return the months from `since` to `until`; with `kind`, of principal or penalty alone.

    Two queries, however many months. A service without a row in a month is in its sums with what it
    owed when it ended, so that the last month closes with what the balance says.
    """
    wanted = Q(account=account)
    if kind:
        wanted &= Q(kind=kind)
    charges = Charge.objects.filter(wanted)
    before: list[Charge] = []
    if since:
        since = since.replace(day=1)
        before = list(
            charges.filter(period__lt=since)
            .order_by("service_code", "kind", "bill_kind", "-period")
            .distinct("service_code", "kind", "bill_kind")
        )
        charges = charges.filter(period__gte=since)
    if until:
        charges = charges.filter(period__lte=until.replace(day=1))
    owed = {line_of(charge): charge.closing_balance for charge in before}
    return Months(list(_months(list(charges.order_by("period")), owed))[::-1])


def _months(charges: list[Charge], owed: dict[LineKey, Decimal]) -> Iterator[Month]:
    by_period: dict[datetime.date, list[Charge]] = {}
    for charge in charges:
        by_period.setdefault(charge.period, []).append(charge)
    for period, rows in by_period.items():
        named = {line_of(charge) for charge in rows}
        ended = {line: sum_ for line, sum_ in owed.items() if line not in named}
        owed |= {line_of(charge): charge.closing_balance for charge in rows}
        parts = {
            kind: side_by_side([_still_owed(ended, kind), *_sums_of_kind(rows, kind)])
            for kind in Charge.Kind
        }
        yield Month(
            period=period,
            charges=sorted(rows, key=charge_order),
            sums=side_by_side(parts.values()),
            penalty=parts[Charge.Kind.PENALTY],
        )


def _still_owed(ended: dict[LineKey, Decimal], kind: str) -> Sums:
    owed = sum((sum_ for (_, of, _), sum_ in ended.items() if of == kind), ZERO)
    return Sums(opening_balance=owed, closing_balance=owed)


def _sums_of_kind(charges: list[Charge], kind: str) -> Iterator[Sums]:
    return (sums_of(charge) for charge in charges if charge.kind == kind)


def charged_span(account: PersonalAccount) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the newest month that has charges; None before any. One query."""
    found = Charge.objects.filter(account=account).aggregate(Min("period"), Max("period"))
    first, last = found["period__min"], found["period__max"]
    return (first, last) if first and last else None


def account_periods(account: PersonalAccount) -> list[datetime.date]:
    """Return the months that have charges, newest first: what a filter can offer."""
    periods = Charge.objects.filter(account=account).order_by("-period")
    return list(periods.values_list("period", flat=True).distinct())
