"""A statement as a table for a spreadsheet: what the page shows."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cabinet.billing.selectors import Sums
from cabinet.statements.statement import Mode, Statement, StatementMonth
from portal.formats.dates import month_name
from portal.formats.numbers import NO_BREAK
from portal.formats.tables import Cell, Row, spreadsheet_csv, spreadsheet_xlsx

_SUMS = (
    (_("Вх. сальдо, ₽"), "opening_balance"),
    (_("Начислено, ₽"), "accrued"),
    (_("Перерасчёты, ₽"), "recalculated"),
    (_("в т. ч. акты, ₽"), "acts"),
    (_("Снято за качество, ₽"), "quality_deduction"),
    (_("Факт. начисл., ₽"), "actually_accrued"),
    (_("Поступ. ден. средств, ₽"), "paid"),
    (_("Корректировки, ₽"), "corrected"),
    (_("Списания, ₽"), "written_off"),
    (_("Исх. сальдо, ₽"), "closing_balance"),
)
_MORE = (
    _("Причина перерасчёта"),
    _("Дата платежа"),
    _("Сумма платежа, ₽"),
    _("Источник платежа"),
)


def statement_content(statement: Statement, ending: str) -> bytes:
    """Return the statement as a file; `ending`: csv or xlsx."""
    rows = list(_rows(statement))
    if ending == "csv":
        return spreadsheet_csv(rows)
    widths = [18, 34] if statement.mode != Mode.MONTHS else [18]
    return spreadsheet_xlsx(str(_("Выписка")), rows, [*widths, *(16 for _one in _SUMS), 40, 14, 18])


def _rows(statement: Statement) -> Iterator[Row]:
    has_services = statement.mode != Mode.MONTHS
    more = _MORE if statement.mode == Mode.EVERYTHING else ()
    services: tuple[Cell, ...] = (str(_("Услуга")),) if has_services else ()
    yield [str(_("Период")), *services, *(str(title) for title, _name in _SUMS), *map(str, more)]
    for month in statement.months:
        yield from _rows_of(month, statement.mode)
    gap: tuple[Cell, ...] = ("",) if has_services else ()
    yield [str(_("Итого")), *gap, *_figures(statement.totals), *("" for _one in more)]


def _rows_of(month: StatementMonth, mode: Mode) -> Iterator[Row]:
    """Yield the rows of the services, then those of the payments, which name none."""
    period = month_name(month.period).replace(NO_BREAK, " ")
    if mode == Mode.MONTHS:
        yield [period, *_figures(month.sums)]
        return
    is_long = mode == Mode.EVERYTHING
    for line in month.lines:
        yield [
            period,
            line.name,
            *_figures(line.sums),
            *((line.reason, None, None, None) if is_long else ()),
        ]
    for payment in month.payments:
        empty = [None for _one in _SUMS]
        made = (payment.paid_on, payment.amount, payment.source)
        yield [period, str(_("Платёж")), *empty, None, *made]


def _figures(sums: Sums) -> list[Cell]:
    return [getattr(sums, name) for _title, name in _SUMS]
