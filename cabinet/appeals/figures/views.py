"""The figures of appeals in the company's admin: a page with bars and tables, and the same as a file."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cabinet.appeals.desk.rights import SEE_FIGURES
from cabinet.appeals.figures.counting import Figures, Shown, Table, figures_shown
from cabinet.appeals.figures.forms import FiguresForm
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.tables import Row, file_response, spreadsheet_csv, spreadsheet_xlsx
from portal.formats.words import duration

ICON = "list-ol"
_HOUR = 3600
# Parts of a bar, from the left, and what they say.
_LEGEND = (
    ("in_term", "отвечено в\u00a0срок"),
    ("late", "позже срока или просрочено"),
    ("waiting", "ещё ждут ответа"),
    ("unanswered", "отозвано или закрыто без ответа"),
)
_HEADINGS = (
    "Разрез",
    "Значение",
    "Поступило",
    "Отвечено в срок",
    "Позже срока",
    "Ещё ждут ответа",
    "Отозвано или закрыто без ответа",
    "В срок, %",
    "Медиана до ответа, ч",
    "Оценок",
    "Средняя оценка",
    "Не решено",
)


@dataclass(frozen=True)
class Bar:
    """A row with the parts of its bar: name, left end and width in hundredths of the longest row."""

    figures: Figures
    parts: list[tuple[str, float, float]]

    @property
    def took(self) -> str:
        return duration(self.figures.median) if self.figures.median is not None else ""


@company_only
@desk_view(SEE_FIGURES)
def figures(request: DeskRequest) -> HttpResponse:
    """Show what came in a period and how it was answered."""
    form = FiguresForm(request.GET)
    shown = figures_shown(form.asked)
    context = {
        "form": form,
        "asked": form.asked,
        "shown": shown,
        "legend": _LEGEND,
        "total": _bar(shown.total, shown.total.received),
        "tables": [(table, _bars(table)) for table in shown.tables],
    }
    return desk_page(
        request,
        "appeals/desk/figures.html",
        context,
        title=_("Сводка обращений"),
        icon=ICON,
    )


@company_only
@desk_view(SEE_FIGURES)
def figures_file(request: DeskRequest, ending: str) -> HttpResponse:
    """Serve the tables of the page as one, `csv` or `xlsx`; of a period with mistakes there is none."""
    form = FiguresForm(request.GET)
    if not form.is_valid():
        raise Http404
    table: list[Row] = [_HEADINGS, *_file_rows(figures_shown(form.asked))]
    name = f"obrashcheniya-{form.asked.since}-{form.asked.until}.{ending}"
    if ending == "csv":
        return file_response(spreadsheet_csv(table), name)
    widths = [26, 34, *[16] * (len(_HEADINGS) - 2)]
    return file_response(spreadsheet_xlsx("Обращения", table, widths), name)


def _bars(table: Table) -> list[Bar]:
    longest = max((row.received for row in table.rows), default=0)
    return [_bar(row, longest) for row in table.rows]


def _bar(row: Figures, longest: int) -> Bar:
    """Return the row drawn: what was late stands beside what was in term, what is open behind them."""
    parts, left = [], 0
    for name, _said in _LEGEND:
        if count := getattr(row, name):
            parts.append((name, 100 * left / longest, 100 * count / longest))
            left += count
    return Bar(row, parts)


def _file_rows(shown: Shown) -> list[Row]:
    named: list[tuple[str, Figures]] = [
        (table.title, row) for table in shown.tables for row in table.rows
    ]
    return [_file_row(title, row) for title, row in [*named, (_("Весь период"), shown.total)]]


def _file_row(title: str, row: Figures) -> Row:
    hours: Any = round(row.median.total_seconds() / _HOUR) if row.median is not None else None
    return (
        title,
        row.name,
        row.received,
        row.in_term,
        row.late,
        row.waiting,
        row.unanswered,
        row.share,
        hours,
        row.marks,
        row.mark,
        row.unsolved,
    )
