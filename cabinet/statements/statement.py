"""«Выписка»: an account's months with every sum that billing has of them (manual 2, 3.4.2)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment, Charge
from cabinet.billing.selectors import Bill, Month, Sums, account_bills, account_months
from cabinet.billing.selectors.lines import one_after_another, side_by_side, sums_of
from portal.formats.dates import month_after


class Mode(TextChoices):
    """How much of a month is shown."""

    BY_SERVICE = "detailed", _("Детальная")
    MONTHS = "general", _("Общая")
    EVERYTHING = "extended", _("Расширенная")


@dataclass(frozen=True)
class Line:
    """A row of one service; `reason`: of its recalculation."""

    name: str
    sums: Sums
    reason: str = ""


@dataclass(frozen=True)
class StatementMonth:
    """A month of a statement. Its lines, side by side, are its sums.

    `bills`: those that explain the month; they were issued when it was over.
    """

    period: datetime.date
    sums: Sums
    lines: list[Line] = field(default_factory=list)
    payments: list[BillingPayment] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """Months, oldest first, of the principal or of the penalty."""

    months: list[StatementMonth]
    mode: Mode

    @property
    def has_lines(self) -> bool:
        return self.mode != Mode.MONTHS

    @property
    def has_bills(self) -> bool:
        return any(month.bills for month in self.months)

    @property
    def is_full(self) -> bool:
        return self.mode == Mode.EVERYTHING

    @property
    def totals(self) -> Sums:
        """Return the row «Итого»: first opening, last closing, sums between."""
        return one_after_another(month.sums for month in self.months)

    @property
    def between_months(self) -> Decimal:
        """Return by how much months open with more than the ones before closed with, by billing; ₽."""
        totals = self.totals
        moved = totals.actually_accrued + totals.corrected - totals.written_off - totals.paid
        return totals.closing_balance - totals.opening_balance - moved


def statement_of(
    account: PersonalAccount,
    *,
    debt: str,
    mode: Mode,
    since: datetime.date | None,
    until: datetime.date | None,
) -> Statement:
    """Return the statement of the months from `since` to `until`, all of them where None.

    `debt`: the principal's or the penalty's, see `Charge.Kind`. Five queries at most, however many months.
    """
    months = account_months(account, since=since, until=until, kind=debt).months[::-1]
    if mode == Mode.MONTHS or not months:
        return Statement([StatementMonth(one.period, one.sums) for one in months], mode)
    bills: dict[datetime.date, list[Bill]] = {}
    for bill in account_bills(account):
        bills.setdefault(month_after(bill.month, -1), []).append(bill)
    found = [
        StatementMonth(one.period, one.sums, _lines(one), bills=bills.get(one.period, []))
        for one in months
    ]
    if mode == Mode.EVERYTHING:
        found = list(_with_payments(found, _payments(account, debt, found)))
    return Statement(found, mode)


def _with_payments(
    months: list[StatementMonth], paid: dict[datetime.date, list[BillingPayment]]
) -> Iterator[StatementMonth]:
    """Yield the months with their payments, and such as have payments alone."""
    left = dict(paid)
    closing = Decimal("0.00")
    for month in months:
        for period in [one for one in left if one < month.period]:
            still = Sums(opening_balance=closing, closing_balance=closing)
            yield StatementMonth(period, still, payments=left.pop(period))
        yield replace(month, payments=left.pop(month.period, []))
        closing = month.sums.closing_balance


def _lines(month: Month) -> list[Line]:
    """Return the month's rows, and one for what is owed of services that ended before."""
    kinds = {charge.bill_kind for charge in month.charges}
    lines = [
        Line(_name(charge, with_bill=len(kinds) > 1), sums_of(charge), charge.recalculation_reason)
        for charge in month.charges
    ]
    ended = month.sums.opening_balance - side_by_side(line.sums for line in lines).opening_balance
    if ended:
        still = Sums(opening_balance=ended, closing_balance=ended)
        lines.append(Line(_t("Услуги без начислений в этом месяце"), still))
    return lines


def _name(charge: Charge, *, with_bill: bool) -> str:
    return f"{charge.service_name} ({charge.bill_kind})" if with_bill else charge.service_name


def _payments(
    account: PersonalAccount, debt: str, months: list[StatementMonth]
) -> dict[datetime.date, list[BillingPayment]]:
    """Return the payments of the debt by month. Billing marks those of the penalty; one query."""
    periods = [month.period for month in months]
    of_account = BillingPayment.objects.filter(
        account=account, paid_on__gte=periods[0], paid_on__lt=month_after(periods[-1])
    )
    of_penalty = {"kind": str(Charge.Kind.PENALTY)}
    is_penalty = debt == Charge.Kind.PENALTY
    wanted = of_account.filter(**of_penalty) if is_penalty else of_account.exclude(**of_penalty)
    found: dict[datetime.date, list[BillingPayment]] = {}
    for payment in wanted.order_by("paid_on", "pk"):
        found.setdefault(payment.paid_on.replace(day=1), []).append(payment)
    return found
