"""From what was owed to what is to be paid: rows that add up to the kopeck."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cabinet.billing.selectors.lines import ZERO, Sums
from cabinet.bills.documents import BillDocument, BillLine
from portal.formats.dates import long_day, month_after, month_in, month_name


@dataclass(frozen=True)
class Step:
    """A row of the sum, ₽ with its sign: `is_result` is what those above it add up to."""

    label: str
    amount: Decimal
    is_result: bool = False


def bill_steps(document: BillDocument) -> tuple[Step, ...]:
    """Return the rows that lead from the month's opening to the bill's sum."""
    result = _result(document.total, document.month)
    if not document.lines:
        return (Step(_("Остаток с прошлых месяцев, по данным компании"), document.total), result)
    penalty = sum((one.sums.accrued for one in document.lines if one.is_penalty), ZERO)
    steps = _steps(document.totals, document.explained_month, penalty)
    if document.restated:
        label = _("Изменения в данных компании после закрытия месяца")
        steps = [*steps, Step(label, document.restated)]
    return (*steps, result)


def line_steps(line: BillLine, month: datetime.date) -> tuple[Step, ...]:
    """Return the rows of one line of the explained `month`; none where nothing happened to it."""
    penalty = line.sums.accrued if line.is_penalty else ZERO
    steps = _steps(line.sums, month, penalty)
    if len(steps) == 1:
        return ()
    return (*steps, _result(line.sums.closing_balance, month_after(month)))


def _steps(sums: Sums, month: datetime.date, penalty: Decimal) -> list[Step]:
    accrued = sums.accrued - penalty
    named: Iterable[tuple[str, Decimal]] = (
        (_("Начислено за %(month)s") % {"month": month_name(month)}, accrued),
        (_("Начислены пени"), penalty),
        (_("Перерасчёт"), sums.recalculated),
        (_("Снято за качество услуги"), -sums.quality_deduction),
        (_("Корректировка"), sums.corrected),
        (_("Списано"), -sums.written_off),
        (_paid_label(sums.paid, month), -sums.paid),
    )
    return [_opening(sums.opening_balance, month), *_rows(named)]


def _rows(named: Iterable[tuple[str, Decimal]]) -> Iterator[Step]:
    for label, amount in named:
        if amount:
            yield Step(label, amount)


def _opening(amount: Decimal, month: datetime.date) -> Step:
    if amount > 0:
        label = _("Было к оплате на %(day)s")
    elif amount < 0:
        label = _("Вычитаем переплату на %(day)s")
    else:
        label = _("Долга на %(day)s не было")
    return Step(label % {"day": long_day(month)}, amount)


def _paid_label(paid: Decimal, month: datetime.date) -> str:
    label = _("Возвращено в %(month)s") if paid < 0 else _("Оплачено в %(month)s")
    return label % {"month": month_in(month)}


def _result(amount: Decimal, month: datetime.date) -> Step:
    label = _("Переплата на %(day)s") if amount < 0 else _("К оплате на %(day)s")
    return Step(label % {"day": long_day(month)}, amount, is_result=True)
