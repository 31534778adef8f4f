"""How a month's penalty comes about: by days and rates, where that is what billing has charged.

Billing says a month's sum alone. The portal knows which months are unpaid, when their bills were due and when
was paid, and reckons by the legal records. Only a sum that is equal to billing's, to the kopeck, is shown.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.due_dates import bills_due_on, days_late
from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import ZERO
from cabinet.bills.documents import BillDocument, BillLine
from portal.formats.dates import long_day, month_after, month_name
from portal.formats.numbers import NO_BREAK, grouped, rubles
from portal.formats.words import days
from tenants.legal.penalty import PenaltyPart, PenaltySteps, penalty_rate, penalty_steps
from tenants.legal.selectors import LegalValueMissing
from tenants.models import GasCompany

_A_DAY = datetime.timedelta(days=1)
# A debt is followed so far back; one that is older is explained by the company.
_MONTHS_BACK = 36


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


@dataclass(frozen=True)
class PenaltyFacts:
    """What penalties of a bill are reckoned by: `charges` of the principal in the months before.

    `steps`, `rate`: of the explained month's last day, None where the law is not recorded or too old. `due`:
    the last day of each month's bill.
    """

    charges: Sequence[Charge]
    steps: PenaltySteps | None
    rate: Decimal | None
    due: dict[datetime.date, datetime.date]
    is_fund: bool


def penalty_facts(
    account: PersonalAccount, document: BillDocument, company: GasCompany
) -> PenaltyFacts | None:
    """Return what the penalties of a bill are reckoned by, None where none was charged."""
    if not any(one.is_penalty and one.sums.accrued for one in document.lines):
        return None
    month = document.explained_month
    charges = Charge.objects.filter(account=account, kind=Charge.Kind.PRINCIPAL, period__lt=month)
    earlier = list(charges.filter(period__gte=month_after(month, -_MONTHS_BACK)))
    day = month_after(month) - _A_DAY
    steps: PenaltySteps | None = None
    rate: Decimal | None = None
    with suppress(LegalValueMissing):
        steps = penalty_steps(day, company)
        rate = penalty_rate(day, company)
    due = bills_due_on({month_after(one.period) for one in earlier}, company)
    return PenaltyFacts(earlier, steps, rate, due, is_fund=not company.is_gas)


def penalty_sentences(
    line: BillLine, document: BillDocument, facts: PenaltyFacts | None
) -> tuple[str, ...]:
    """Return what explains a penalty line of the bill."""
    accrued = line.sums.accrued
    if not accrued or facts is None:
        return (_("В этом месяце пени не начислены."),)
    reckoned = list(_reckoned(line, document, facts))
    rule = (_rule(facts.steps),) if facts.steps else ()
    if sum((one.part.amount for one in reckoned), ZERO) == accrued:
        return (*rule, *(_sentence(one) for one in reckoned))
    text = _("Пени %(sum)s начислены по расчёту компании.")
    if facts.is_fund:
        text = _("Пени %(sum)s начислены по расчёту фонда.")
    return (text % {"sum": rubles(accrued)}, *rule)


def _reckoned(line: BillLine, document: BillDocument, facts: PenaltyFacts) -> Iterator[Reckoned]:
    """Yield the penalty by debts and steps; nothing where it cannot be known."""
    debts = list(_debts(line, document, facts.charges))
    if (
        facts.steps is None
        or facts.rate is None
        or any(one.month not in facts.due for one in debts)
    ):
        return
    last = document.explained_month - _A_DAY
    for debt in debts:
        due = facts.due[debt.month]
        since, until = days_late(due, last), days_late(due, debt.until)
        for part in facts.steps.parts(debt.amount, facts.rate, since=since, until=until):
            yield Reckoned(debt, due, part)


def _rule(steps: PenaltySteps) -> str:
    """Return the rule of law: how many days are free, and what part of the rate a day costs after them."""
    free = _("Первые %(days)s просрочки пени не начисляют") % {"days": days(steps.free_days)}
    shares = [f"1/{grouped(divisor)}" for _until, divisor in steps.steps]
    until = steps.steps[0][0]
    if until is None:
        text = _("%(free)s, затем — %(first)s ставки Банка России за каждый день.")
    else:
        text = _(
            "%(free)s, затем до %(until)s-го дня — %(first)s ставки Банка России за каждый день, "
            "дальше — %(last)s."
        )
    return text % {"free": free, "first": shares[0], "last": shares[-1], "until": until}


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
    late = ngettext("%(n)s день", "%(n)s дней", one.part.days) % {"n": grouped(one.part.days)}
    formula = _("%(debt)s × %(rate)s%% ÷ %(divisor)s × %(days)s = %(sum)s") % {
        "debt": rubles(one.debt.amount),
        "rate": grouped(one.part.rate) + NO_BREAK,
        "divisor": grouped(one.part.divisor),
        "days": late.replace(" ", NO_BREAK),
        "sum": rubles(one.part.amount),
    }
    return _("%(formula)s: квитанция за %(month)s, срок оплаты — %(due)s.") % {
        "formula": formula,
        "month": month_name(one.debt.month),
        "due": long_day(one.due_on),
    }
