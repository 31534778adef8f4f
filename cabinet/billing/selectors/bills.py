"""Which bills an account has, and their sums: the one place that says so.

The bill of a month says what was owed when the month began: what its rows open with, or what the newest
row before closed with (manual 1, figure 30 against figure 28).
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.models import COMMON_BILL, Charge
from cabinet.billing.selectors.lines import ZERO, LineKey, charge_order, line_of
from portal.formats.dates import month_after


@dataclass(frozen=True)
class BilledLine:
    """A line of a bill: its newest row `before` the bill's month, and its `own` row of that month."""

    before: Charge | None
    own: Charge | None

    @property
    def charge(self) -> Charge:
        """Return the row that names the line."""
        found = self.own or self.before
        assert found is not None  # noqa: S101 — for mypy
        return found

    @property
    def opening(self) -> Decimal:
        """Return what is owed of the line when the month begins, ₽."""
        opening: Decimal = self.own.opening_balance if self.own else self.closed
        return opening

    @property
    def closed(self) -> Decimal:
        """Return what was owed of the line by its newest row before the month, ₽."""
        return self.before.closing_balance if self.before else ZERO

    @property
    def newest_period(self) -> datetime.date:
        return self.charge.period


@dataclass(frozen=True)
class Bill:
    """A month's bill of one kind, ₽; `number` counts those of the month, «общая» first.

    `lines`: also of services that have ended and are still owed something. `is_newest`: no later month has
    a bill of this kind; `is_of_last_month`: or of any.
    """

    month: datetime.date
    number: int
    bill_kind: str
    lines: tuple[BilledLine, ...]
    is_newest: bool
    is_of_last_month: bool

    @property
    def principal(self) -> Decimal:
        return self._opening(Charge.Kind.PRINCIPAL)

    @property
    def penalty(self) -> Decimal:
        return self._opening(Charge.Kind.PENALTY)

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def charges(self) -> list[Charge]:
        """Return the month's own rows; none as long as billing has not charged the month."""
        return [line.own for line in self.lines if line.own]

    def _opening(self, kind: str) -> Decimal:
        return sum((line.opening for line in self.lines if line.charge.kind == kind), ZERO)


def account_bills(account: PersonalAccount) -> list[Bill]:
    """Return all bills of an account, newest first, by number within a month. Two queries."""
    rows = list(Charge.objects.filter(account=account).order_by("period"))
    as_of = charges_as_of()
    by_period: dict[datetime.date, dict[LineKey, Charge]] = defaultdict(dict)
    newest: dict[LineKey, Charge] = {}
    for row in rows:
        by_period[row.period][line_of(row)] = newest[line_of(row)] = row
    months = sorted({*by_period, *(month_after(period) for period in by_period)})
    before: dict[LineKey, Charge] = {}
    bills: list[list[Bill]] = []
    for month in months:
        before |= by_period.get(month_after(month, -1), {})
        own = by_period.get(month, {})
        bills.append(_month_bills(month, before, own, newest.values(), as_of))
    return [bill for of_month in reversed(bills) for bill in of_month]


def accounts_bills(
    accounts: Collection[int], month: datetime.date, as_of: datetime.datetime | None
) -> dict[int, list[Bill]]:
    """Return the bills of a month by account, in the order of their numbers; no key where there is none.

    `as_of`: the moment of billing's charges. Three queries, however many accounts.
    """
    charges = Charge.objects.filter(account__in=accounts)
    before = _by_account(_newest(charges.filter(period__lt=month)))
    own = _by_account(charges.filter(period=month))
    later: dict[int, list[Charge]] = defaultdict(list)
    for row in _newest(charges.filter(period__gt=month)):
        later[row.account_id].append(row)
    found: dict[int, list[Bill]] = {}
    for account in {*before, *own}:
        mine = before.get(account, {}), own.get(account, {})
        newest = {**mine[0], **mine[1], **{line_of(row): row for row in later.get(account, ())}}
        if bills := _month_bills(month, *mine, newest.values(), as_of):
            found[account] = bills
    return found


def newest_bills(newest: Collection[Charge], as_of: datetime.datetime | None) -> list[Bill]:
    """Return the bills of the last month that has some; `newest`: the newest row of each line. No queries.

    A line of that month has no row `before` here, so they say no more than which bills there are, and sums.
    """
    if not newest:
        return []
    last = max(row.period for row in newest)
    for month in (month_after(last), last):
        own = {line_of(row): row for row in newest if row.period == month}
        before = {line_of(row): row for row in newest if row.period < month}
        if bills := _month_bills(month, before, own, newest, as_of):
            return bills
    return []


def charged_since(month: datetime.date) -> datetime.date:
    """Return the first month whose charges make the bills of `month`."""
    return month_after(month, -1)


def _newest(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Return the newest row of each line of each account; all orders are backward, as the index is read."""
    return charges.order_by("-account", "-service_code", "-kind", "-bill_kind", "-period").distinct(
        "account", "service_code", "kind", "bill_kind"
    )


def _by_account(rows: Iterable[Charge]) -> dict[int, dict[LineKey, Charge]]:
    found: dict[int, dict[LineKey, Charge]] = defaultdict(dict)
    for row in rows:
        found[row.account_id][line_of(row)] = row
    return found


def _month_bills(
    month: datetime.date,
    before: dict[LineKey, Charge],
    own: dict[LineKey, Charge],
    newest: Collection[Charge],
    as_of: datetime.datetime | None,
) -> list[Bill]:
    """Return an account's bills of a month.

    There are some if billing has charged the month, or the one before with data that reach into the month.
    A kind of which neither has a row has a bill as long as something is owed of it. Data without a moment are
    today's.
    """
    reached = timezone.localdate(as_of).replace(day=1)
    since = charged_since(month)
    is_charged = any(row.period == since for row in before.values())
    if not own and not (is_charged and month <= reached):
        return []
    by_kind: dict[str, list[BilledLine]] = defaultdict(list)
    for key in {**before, **own}:
        line = BilledLine(before=before.get(key), own=own.get(key))
        by_kind[line.charge.bill_kind].append(line)
    last = max(row.period for row in newest)
    following = month_after(last)
    newest_month = following if following <= reached else last
    kinds = [
        kind for kind, lines in by_kind.items() if any(_is_billed(one, since) for one in lines)
    ]
    return [
        Bill(
            month=month,
            number=number,
            bill_kind=kind,
            lines=tuple(sorted(by_kind[kind], key=lambda one: charge_order(one.charge))),
            is_newest=not _comes_later(month, kind, newest, newest_month),
            is_of_last_month=month >= newest_month,
        )
        for number, kind in enumerate(sorted(kinds, key=_kind_order), start=1)
    ]


def _is_billed(line: BilledLine, since: datetime.date) -> bool:
    return line.newest_period >= since or bool(line.opening)


def _comes_later(
    month: datetime.date, kind: str, newest: Collection[Charge], newest_month: datetime.date
) -> bool:
    """Tell whether a later month has a bill of the kind: its rows go on, or something is still owed."""
    if month >= newest_month:
        return False
    mine = [row for row in newest if row.bill_kind == kind]
    return any(row.period >= month or row.closing_balance for row in mine)


def _kind_order(kind: str) -> tuple[bool, str]:
    return kind != COMMON_BILL, kind
