"""The history of charges (manual 1, figure 28): the months of a period, their totals, files of them."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.history.search import ChargesSearch, Choice, earlier, later
from cabinet.billing.selectors import Bill, Month, Months, Sums, account_months, charged_span
from portal.formats.dates import month_after
from portal.formats.tables import Row, spreadsheet_csv, spreadsheet_xlsx

MONTHS_PAGE = 24
# As figure 28 has it: up to the newest month from the same one a year before.
USUAL_MONTHS_BACK = 12

HEADINGS = (
    "Месяц",
    "Входящее сальдо, ₽",
    "Начислено, ₽",
    "Перерасчёт, ₽",
    "в том числе по актам, ₽",
    "Снято за качество, ₽",
    "Корректировки, ₽",
    "Списано, ₽",
    "Сумма платежа, ₽",
    "Исходящее сальдо, ₽",
    "в том числе пени, ₽",
)


@dataclass(frozen=True)
class Gap:
    """Months in a row that billing has charged nothing for."""

    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class MonthRow:
    """A month of the table, with its bills.

    `jump`: ₽ by which it opens with more than the month before has closed with.
    """

    month: Month
    bills: list[Bill]
    jump: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class ChargesShown:
    """What the page shows. `span`: the months that billing has charged, None before any.

    `since`, `until`: the months of `months`, as chosen, None where nothing is shown.
    """

    form: ChargesSearch
    span: tuple[datetime.date, datetime.date] | None
    months: Months = field(default_factory=Months)
    since: datetime.date | None = None
    until: datetime.date | None = None
    bills: Sequence[Bill] = ()

    @property
    def rows(self) -> list[MonthRow | Gap]:
        return month_rows(self.months, self.bills)

    @property
    def has_corrections(self) -> bool:
        return any(month.sums.corrected or month.sums.written_off for month in self.months.months)

    @property
    def is_other_period(self) -> bool:
        """Return whether the period is none of the choices."""
        return self.form.has_period and not any(choice.is_current for choice in self.choices)

    @property
    def period_form(self) -> ChargesSearch:
        """Return the form of the period with the months that are shown; as it was sent, where wrong."""
        if self.form.errors:
            return self.form
        return ChargesSearch(initial={"since": self.since, "until": self.until})

    @property
    def choices(self) -> list[Choice]:
        """Return the last year, each year that has charges, newest first, and all months."""
        if self.span is None:
            return []
        first, last = self.span
        usual = _usual(self.span)
        choices = [Choice(_("Последний год"), "", (self.since, self.until) == usual)]
        for year in range(last.year, first.year - 1, -1):
            whole = datetime.date(year, 1, 1), datetime.date(year, 12, 1)
            query = f"?since={whole[0]:%Y-%m}&until={whole[1]:%Y-%m}"
            choices.append(Choice(str(year), query, (self.since, self.until) == whole))
        is_all = (self.since, self.until) == self.span and self.span != usual
        return [*choices, Choice(_("Всё время"), "?everything=1", is_all)]


def charges_shown(
    account: PersonalAccount, asked: Mapping[str, Any], bills: Sequence[Bill] = ()
) -> ChargesShown:
    """Return the months that the address asks for: the last year's where it asks for none.

    `bills`: that the months lead to. Nothing is shown of a period that makes no sense. Three queries,
    however many months.
    """
    form, span = ChargesSearch(asked), charged_span(account)
    if not form.is_valid() or span is None:
        return ChargesShown(form, span)
    chosen = form.cleaned_data
    since, until = chosen["since"], chosen["until"]
    if form.months:
        since, until = later(since, form.months[0]), earlier(until, form.months[1])
    elif not form.is_used:
        since, until = _usual(span)
    elif not since and not until:
        since, until = span
    months = account_months(account, since=since, until=until)
    return ChargesShown(form, span, months, since or span[0], until or span[1], bills)


def month_rows(months: Months, bills: Sequence[Bill]) -> list[MonthRow | Gap]:
    """Return the months newest first, and between them what billing has left out."""
    by_month: dict[datetime.date, list[Bill]] = defaultdict(list)
    for bill in bills:
        by_month[bill.month].append(bill)
    rows: list[MonthRow | Gap] = []
    for month, before in zip_longest(months.months, months.months[1:]):
        closed = before.sums.closing_balance if before else month.sums.opening_balance
        jump = month.sums.opening_balance - closed
        rows.append(MonthRow(month, by_month[month.period], jump))
        first = month_after(before.period) if before else month.period
        last = month_after(month.period, -1)
        if first <= last:
            rows.append(Gap(first, last))
    return rows


def charges_content(shown: ChargesShown, ending: str) -> bytes:
    """Return the months as a file for a spreadsheet, with their totals; `ending`: csv or xlsx."""
    units = list(shown.months.volumes)
    headings = [*HEADINGS, *(f"Объём, {unit}" if unit else "Объём" for unit in units)]
    table: list[Row] = [headings]
    table += [
        _file_row(f"{month.period:%m.%Y}", month.sums, month.penalty, month.volumes, units)
        for month in shown.months.months
    ]
    if shown.months.months:
        all_months = shown.months
        sums = all_months.totals, all_months.penalty_totals, all_months.volumes
        table.append(_file_row("Итого", *sums, units))
    if ending == "csv":
        return spreadsheet_csv(table)
    return spreadsheet_xlsx("Начисления", table, [12, *[16] * (len(headings) - 1)])


def _file_row(
    name: str, sums: Sums, penalty: Sums, volumes: dict[str, Decimal], units: list[str]
) -> Row:
    return (
        name,
        sums.opening_balance,
        sums.accrued,
        sums.recalculated,
        sums.acts,
        sums.quality_deduction,
        sums.corrected,
        sums.written_off,
        sums.paid,
        sums.closing_balance,
        penalty.closing_balance,
        *(volumes.get(unit) for unit in units),
    )


def _usual(span: tuple[datetime.date, datetime.date]) -> tuple[datetime.date, datetime.date]:
    first, last = span
    return max(first, month_after(last, -USUAL_MONTHS_BACK)), last
