"""«Детализация начислений»: the rows behind a bill (manual 1, figure 31), and the bills of a year."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.billing.selectors import account_bills
from cabinet.billing.selectors.bills import Bill
from cabinet.billing.selectors.lines import Sums, side_by_side, sums_of, volumes_of
from portal.formats.dates import month_after


@dataclass(frozen=True)
class BreakdownRow:
    """A line of the window. `charge`: None for a service that has ended and is still owed something."""

    name: str
    is_penalty: bool
    sums: Sums
    charge: Charge | None


@dataclass(frozen=True)
class Breakdown:
    """The rows of `month`: the bill's own, or the one before as long as billing has not charged it."""

    bill: Bill
    month: datetime.date
    rows: tuple[BreakdownRow, ...]

    @property
    def is_own(self) -> bool:
        return self.month == self.bill.month

    @property
    def totals(self) -> Sums:
        return side_by_side(row.sums for row in self.rows)

    @property
    def has_corrections(self) -> bool:
        """Return whether rows have sums that stand in none of the manual's columns, and explain them."""
        return any(row.sums.corrected or row.sums.written_off for row in self.rows)

    @property
    def volumes(self) -> dict[str, Decimal]:
        """Return the volumes by unit."""
        return volumes_of(row.charge for row in self.rows if row.charge)


def bill_breakdown(bill: Bill) -> Breakdown:
    month = bill.month if bill.charges else month_after(bill.month, -1)
    return Breakdown(bill=bill, month=month, rows=tuple(_rows(bill, month)))


def _rows(bill: Bill, month: datetime.date) -> Iterator[BreakdownRow]:
    for line in bill.lines:
        shown = line.own if month == bill.month else line.before
        charge = shown if shown and shown.period == month else None
        if charge is None and not line.closed:
            continue
        yield BreakdownRow(
            name=line.charge.service_name,
            is_penalty=line.charge.kind == Charge.Kind.PENALTY,
            sums=sums_of(charge)
            if charge
            else Sums(opening_balance=line.closed, closing_balance=line.closed),
            charge=charge,
        )


@dataclass(frozen=True)
class YearOfBills:
    """The bills of a year, newest first, and the other years that have some, newest first."""

    year: int
    bills: list[Bill]
    years: list[int]

    @property
    def earlier(self) -> int | None:
        """Return the nearest year before that has bills."""
        return next((year for year in self.years if year < self.year), None)

    @property
    def later(self) -> int | None:
        return next((year for year in reversed(self.years) if year > self.year), None)

    @property
    def newest(self) -> int | None:
        return self.years[0] if self.years else None

    @property
    def have_numbers(self) -> bool:
        """Return whether a month of the year has several bills, which are told apart by their numbers."""
        return any(bill.number > 1 for bill in self.bills)


def year_of_bills(account: PersonalAccount, year: int) -> YearOfBills:
    """Return a year's bills. Two queries, however many years."""
    bills = account_bills(account)
    return YearOfBills(
        year=year,
        bills=[bill for bill in bills if bill.month.year == year],
        years=sorted({bill.month.year for bill in bills}, reverse=True),
    )
