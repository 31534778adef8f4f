"""Exports of every list of Wagtail, its reports and its forms' answers, written as the portal's own."""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from portal.formats.tables import Cell, Row, file_response, spreadsheet_csv, spreadsheet_xlsx

# Columns of Wagtail's reports that it leaves without a heading.
_HEADINGS = {
    "workflow": _("Рабочий процесс"),
    "task": _("Задача"),
    "requested_by": _("Кто отправил"),
    "started_at": _("Начато"),
    "finished_at": _("Завершено"),
    "finished_by": _("Кто завершил"),
}


def install() -> None:
    """Put the function below into the place of Wagtail's own. Called once, in `AppConfig.ready`."""
    SpreadsheetExportMixin.as_spreadsheet = as_spreadsheet


def as_spreadsheet(
    view: SpreadsheetExportMixin, queryset: Iterable[Any], spreadsheet_format: str
) -> HttpResponse:
    """Answer with the rows of a list as CSV or XLSX that spreadsheets with Russian settings open.

    Nothing that people typed is computed, and moments are in the company's time zone. Wagtail's own would be
    a stream, whose errors come after its status; the rows are written one by one here too.
    """
    headings: Row = [
        capfirst(str(_HEADINGS.get(name) or view.get_heading(queryset, name)))
        for name in view.list_export
    ]
    rows: Iterator[Row] = (
        [
            _cell(view, name, value, spreadsheet_format)
            for name, value in view.to_row_dict(item).items()
        ]
        for item in queryset
    )
    lines = itertools.chain([headings], rows)
    if spreadsheet_format == view.FORMAT_CSV:
        content = spreadsheet_csv(lines)
    else:
        content = spreadsheet_xlsx("Данные", lines)
    return file_response(content, f"{view.get_filename()}.{spreadsheet_format}")


def _cell(view: SpreadsheetExportMixin, name: str, value: Any, spreadsheet_format: str) -> Cell:
    wording = view.custom_field_preprocess.get(name, {}).get(spreadsheet_format)
    said = wording(value) if wording else value
    if isinstance(said, bool):
        return "да" if said else "нет"
    if isinstance(said, datetime.datetime):
        return timezone.make_aware(said) if timezone.is_naive(said) else said
    if said is None or isinstance(said, str | int | Decimal | datetime.date):
        return said
    if isinstance(said, list | tuple | set):
        return ", ".join(map(str, said))
    return str(said)
