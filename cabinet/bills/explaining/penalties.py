"""How a month's penalty comes about: by days and rates, where that is what billing has charged.

Billing says a month's sum alone. The portal knows which months are unpaid, when their bills were due and when
was paid, and reckons by the legal records. Only a sum that is equal to billing's, to the kopeck, is shown.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.billing.due_dates import bills_due_on, days_late
from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import ZERO
from cabinet.bills.documents import BillDocument, BillLine
from portal.formats.dates import long_day, month_after, month_name
from portal.formats.numbers import NO_BREAK, grouped, rubles
from tenants.legal.penalty import PenaltyPart, PenaltyRules, penalty_rules
from tenants.legal.selectors import LegalValueMissing
from tenants.models import GasCompany

_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Debt:
    """₽ of the bill of `month` that were unpaid until a day: that of a payment, or the last of the month."""

    month: datetime.date
    amount: Decimal
    until: datetime.date


@dataclass(frozen=True)
class Reckoned:
    """A debt, its due day and the penalty of a step for it."""

    debt: Debt
    due_on: datetime.date
    part: PenaltyPart


def penalty_sentences(
    line: BillLine, document: BillDocument, earlier: Sequence[Charge], company: GasCompany
) -> tuple[str, ...]:
    """Return what explains a penalty line of the bill. `earlier`: the account's charges before the month."""
    accrued = line.sums.accrued
    if not accrued:
        return (_("В этом месяце пени не начислены."),)
    reckoned = _reckoned(line, document, earlier, company)
    if not reckoned or sum((one.part.amount for one in reckoned), ZERO) != accrued:
        return (_("Пени %(sum)s начислены по расчёту компании.") % {"sum": rubles(accrued)},)
    first = _("Пени начислены за дни после срока оплаты.")
    return (first, *(_sentence(one) for one in reckoned))


def _reckoned(
    line: BillLine, document: BillDocument, earlier: Sequence[Charge], company: GasCompany
) -> list[Reckoned]:
    """Return the penalty by debts and steps; empty where it cannot be known."""
    month = document.explained_month
    debts = list(_debts(line, document, earlier))
    if not debts:
        return []
    try:
        rules = penalty_rules(month_after(month) - _A_DAY, company)
    except LegalValueMissing:
        return []
    due = bills_due_on({debt.month for debt in debts}, company)
    if len(due) < len({debt.month for debt in debts}):
        return []
    return [one for debt in debts for one in _of_debt(debt, due[debt.month], rules, month)]


def _of_debt(
    debt: Debt, due_on: datetime.date, rules: PenaltyRules, month: datetime.date
) -> Iterator[Reckoned]:
    since, until = days_late(due_on, month - _A_DAY), days_late(due_on, debt.until)
    for part in rules.parts(debt.amount, since=since, until=until):
        yield Reckoned(debt, due_on, part)


def _debts(line: BillLine, document: BillDocument, earlier: Sequence[Charge]) -> Iterator[Debt]:
    """Yield what was unpaid in the month, by the bills it is of: what is paid pays the oldest.

    Nothing where the months before do not make up the debt, or the payments are not known by days.
    """
    month = document.explained_month
    principal = next(
        (
            one.sums
            for one in document.lines
            if one.service_code == line.service_code and not one.is_penalty
        ),
        None,
    )
    if principal is None or principal.opening_balance <= 0:
        return
    owed = _owed_by_month(line.service_code, principal.opening_balance, document, earlier)
    payments = sorted((one.paid_on, one.amount) for one in document.payments)
    if any(amount <= 0 for _day, amount in payments):
        return
    if sum((amount for _day, amount in payments), ZERO) != principal.paid:
        return
    end = month_after(month) - _A_DAY
    for bill_month, amount in owed:
        left = amount
        while left and payments:
            day, paid = payments[0]
            part = min(left, paid)
            yield Debt(bill_month, part, day)
            left -= part
            payments = [(day, paid - part), *payments[1:]] if paid > part else payments[1:]
        if left:
            yield Debt(bill_month, left, end)


def _owed_by_month(
    service: str, opening: Decimal, document: BillDocument, earlier: Sequence[Charge]
) -> list[tuple[datetime.date, Decimal]]:
    """Return the bills, oldest first, and what of each is unpaid; empty where the months do not add up."""
    rows = [
        row
        for row in earlier
        if row.service_code == service
        and row.bill_kind == document.bill_kind
        and row.kind == Charge.Kind.PRINCIPAL
        and row.period < document.explained_month
    ]
    found: list[tuple[datetime.date, Decimal]] = []
    left = opening
    for row in sorted(rows, key=lambda one: one.period, reverse=True):
        charged = row.accrued + row.recalculated - row.quality_deduction
        part = min(left, charged)
        if part > 0:
            found.append((month_after(row.period), part))
            left -= part
        if not left:
            return found[::-1]
    return []


def _sentence(one: Reckoned) -> str:
    days = ngettext("%(n)s день", "%(n)s дней", one.part.days) % {"n": grouped(one.part.days)}
    formula = _("%(debt)s × %(rate)s%% ÷ %(divisor)s × %(days)s = %(sum)s") % {
        "debt": rubles(one.debt.amount),
        "rate": grouped(one.part.rate) + NO_BREAK,
        "divisor": grouped(one.part.divisor),
        "days": days.replace(" ", NO_BREAK),
        "sum": rubles(one.part.amount),
    }
    return _("%(formula)s: квитанция за %(month)s, срок оплаты — %(due)s.") % {
        "formula": formula,
        "month": month_name(one.debt.month),
        "due": long_day(one.due_on),
    }
