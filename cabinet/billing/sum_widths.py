"""How many guesses a sum takes for somebody who knows areas, norms, prices and what people use to pay.

A bill's sum is what led to it: months that were charged, recalculated and paid. Area times rate takes one
guess, and so does a norm. A measured month takes as many as it has m³, since only whole ones are read; months
of one price add up to one number of m³. Sums are whole kopecks in here (docs/decisions/0035).
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import combinations, groupby
from math import prod

from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import LineKey, line_of
from cabinet.meters.serial_numbers import is_made_up
from portal.formats.dates import month_after

# A recalculation is a share of a month, or some m³, in one month of thirty.
RECALCULATION = 1000
# Several months may be paid at once, and the fixed services of that many be added.
MONTHS_AT_ONCE = 3

BillKey = tuple[datetime.date, str]  # month, kind of bill


def kopecks(sum_: Decimal) -> int:
    """Return the sum without its sign."""
    return int(abs(sum_) * 100)


def form_width(amount: int) -> int:
    """Return how many guesses a sum takes by its form: round ones are few; 1 for 1234.56 or 777.77."""
    if not amount or is_made_up(str(amount)):
        return 1
    while amount % 10 == 0:
        amount //= 10
    return amount


@dataclass(frozen=True)
class Width:
    """Guesses: `volumes` are whole m³ by price; `other` of all that is not measured."""

    other: int = 1
    volumes: tuple[tuple[Decimal, int], ...] = ()

    @property
    def guesses(self) -> int:
        return self.other * prod(volume for _, volume in self.volumes)

    @classmethod
    def of_all(cls, widths: Iterable["Width"]) -> "Width":
        listed = list(widths)
        volumes: dict[Decimal, int] = {}
        for price, volume in (pair for width in listed for pair in width.volumes):
            volumes[price] = volumes.get(price, 0) + volume
        return cls(prod(width.other for width in listed), tuple(volumes.items()))


@dataclass
class ChargedSums:
    """The months of an account as they were charged.

    `norm`: m³ a month by its norm. `known_until`: a former owner has read the bills until this month.
    """

    charges: Sequence[Charge]
    norm: Decimal | None
    known_until: datetime.date | None = None
    _bill_widths: dict[BillKey, int] = field(default_factory=dict)

    @cached_property
    def _lines(self) -> dict[LineKey, list[Charge]]:
        """Return the rows of each line, oldest first."""
        rows = sorted(self.charges, key=lambda one: (line_of(one), one.period))
        return {line: list(some) for line, some in groupby(rows, key=line_of)}

    @cached_property
    def bills(self) -> dict[BillKey, Decimal]:
        """Return the sum of each bill: what the month opened with, or the month before closed with."""
        opened: dict[BillKey, Decimal] = {}
        closed: dict[BillKey, Decimal] = {}
        for row in self.charges:
            own, following = (row.period, row.bill_kind), (month_after(row.period), row.bill_kind)
            opened[own] = opened.get(own, Decimal()) + row.opening_balance
            closed[following] = closed.get(following, Decimal()) + row.closing_balance
        return closed | opened

    def bill_width(self, bill: BillKey) -> int:
        """Return the guesses that a bill's sum takes for somebody who sees what is owed today."""
        found = self._bill_widths.get(bill)
        if found is None:
            month, kind = bill
            lines = (rows for (_, _, named), rows in self._lines.items() if named == kind)
            width = Width.of_all(self._line_width(rows, month) for rows in lines)
            found = min(width.guesses, form_width(kopecks(self.bills[bill])))
            self._bill_widths[bill] = found
        return found

    def amount_width(self, amount: int) -> int:
        """Return the guesses that a sum takes, whatever it is: paid, or on a bill."""
        same = [self.bill_width(key) for key, sum_ in self.bills.items() if kopecks(sum_) == amount]
        run = self._runs.get(amount)
        return min(form_width(amount), self._measured_width(amount), *same, *([run] if run else []))

    def _line_width(self, rows: list[Charge], month: datetime.date) -> Width:
        """Return the width of what a line adds to a bill: by its past, or by what it owes today."""
        before = [row for row in rows if row.period < month]
        after = [row for row in rows if row.period >= month]
        past = self._past_width(before[::-1])
        # A bill that was paid as it was says nothing of what is owed now.
        if not after or any(row.opening_balance == row.paid for row in after):
            return past
        return min(past, Width.of_all(map(self._month_width, after)), key=lambda one: one.guesses)

    def _past_width(self, newest_first: list[Charge]) -> Width:
        """Return the width of the months since nothing was owed, or the bill was paid as it was."""
        widths = []
        for row in newest_first:
            is_start = row.opening_balance in (row.paid, Decimal()) or self._is_known(row)
            widths.append(self._month_width(row, with_paid=not is_start))
            if is_start:
                break
        return Width.of_all(widths)

    def _is_known(self, row: Charge) -> bool:
        return self.known_until is not None and row.period <= self.known_until

    def _month_width(self, row: Charge, *, with_paid: bool = True) -> Width:
        other = prod(
            min(RECALCULATION, form_width(kopecks(sum_)))
            for sum_ in (row.recalculated, row.corrected)
            if sum_
        )
        if with_paid and row.paid:
            other *= self._paid_width(row)
        measured = self._measured(row)
        return Width(other, ((measured),) if measured else ())

    def _measured(self, row: Charge) -> tuple[Decimal, int] | None:
        """Return price and m³ of a month that was measured; None for a norm, and for area times rate."""
        if not (row.accrued and row.tariff and row.volume) or row.volume == self.norm:
            return None
        return row.tariff, max(1, int(abs(row.volume)))

    def _paid_width(self, row: Charge) -> int:
        """Return the guesses that a line's share of what was paid takes: 1 for what stood on a bill."""
        paid = kopecks(row.paid)
        if paid in self._sums_of_line[line_of(row)]:
            return 1
        return min(form_width(paid), form_width(self._paid_by_month[row.period]))

    @cached_property
    def _sums_of_line(self) -> dict[LineKey, set[int]]:
        return {
            line: {
                kopecks(sum_)
                for row in rows
                for sum_ in (row.opening_balance, row.closing_balance, row.accrued)
            }
            for line, rows in self._lines.items()
        }

    @cached_property
    def _paid_by_month(self) -> dict[datetime.date, int]:
        found: dict[datetime.date, int] = {}
        for row in self.charges:
            found[row.period] = found.get(row.period, 0) + kopecks(row.paid)
        return found

    @cached_property
    def _runs(self) -> dict[int, int]:
        """Return the widths of whatever some months in a row were charged, of a line or of all."""
        found: dict[int, int] = {}
        by_month = sorted(self.charges, key=lambda row: row.period)
        months = [list(rows) for _, rows in groupby(by_month, key=lambda row: row.period)]
        for series in (months, *([[row] for row in rows] for rows in self._lines.values())):
            for start in range(len(series)):
                total, widths = 0, Width()
                for rows in series[start:]:
                    total += sum(int(row.accrued * 100) for row in rows)
                    measured = filter(None, map(self._measured, rows))
                    widths = Width.of_all([widths, Width(1, tuple(measured))])
                    guesses = widths.guesses
                    found[abs(total)] = min(guesses, found.get(abs(total), guesses))
        return found

    @cached_property
    def _fixed(self) -> set[int]:
        """Return what services without a volume cost in a month, alone and together, and in a few."""
        fixed = [row for row in self.charges if row.accrued and not self._measured(row)]
        single = {kopecks(row.accrued) for row in fixed}
        rows = sorted(fixed, key=lambda row: row.period)
        months = groupby(rows, key=lambda row: row.period)
        together = {sum(kopecks(row.accrued) for row in some) for _, some in months}
        times = range(1, MONTHS_AT_ONCE + 1)
        return {0} | {count * sum_ for count in times for sum_ in single | together}

    def _measured_width(self, amount: int) -> int:
        """Return the m³ of which this is the price, beside fixed services; those of two prices together.

        `amount` itself where it is no such price.
        """
        prices = sorted({pair[0] for row in self.charges if (pair := self._measured(row))})
        widths = [amount]
        rests = [amount - fixed for fixed in self._fixed if amount > fixed]
        for rest in rests:
            widths += [volume for price in prices if (volume := _volume(rest, price))]
        for one, other in combinations(prices, 2):
            most = int(amount / (one * 100)), int(amount / (other * 100))
            if prod(most) < amount and any(_is_of_two(rest, one, other) for rest in rests):
                widths.append(prod(most))
        return max(1, min(widths))


def _volume(rest: int, price: Decimal) -> int:
    """Return the whole m³ that cost this; 0 where none do."""
    volume = round(rest / (price * 100))
    return volume if _cost(volume, price) == rest else 0


def _cost(volume: int, price: Decimal) -> int:
    return int((volume * price * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _is_of_two(rest: int, one: Decimal, other: Decimal) -> bool:
    volumes = range(int(rest / (one * 100)) + 1)
    return any(_volume(rest - _cost(volume, one), other) for volume in volumes)
