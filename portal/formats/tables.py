"""Tables as CSV and XLSX, in which nothing that people typed becomes a formula."""

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from portal.formats.dates import short_day
from portal.formats.numbers import plain_decimal
from portal.formats.text import without_control

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal | datetime.date | datetime.datetime | None
Row = Sequence[Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def spreadsheet_csv(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV that spreadsheets with Russian settings open by a double click.

    UTF-8 with a byte order mark, `;` between fields, CRLF, decimal commas, `05.05.2026`; texts are made
    harmless.
    """
    return b"".join(spreadsheet_csv_lines(rows))


def spreadsheet_csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the same line by line, for what is too long for the memory."""
    yield codecs.BOM_UTF8
    for row in rows:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([_csv_cell(cell) for cell in row])
        yield text.getvalue().encode()


def spreadsheet_xlsx(title: str, rows: Iterable[Row], widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one sheet: dates and numbers as such, all else text, never a formula.

    `widths`: of the columns, in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for column, width in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", widths, strict=False):
        sheet.column_dimensions[column].width = width
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exchange_csv(rows: Iterable[Sequence[object]]) -> str:
    r"""Return rows as programs exchange them: `;` between fields, `\n`, no mark, texts as they are."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    return text.getvalue()


def file_response(content: bytes, filename: str) -> HttpResponse:
    """Return a CSV or XLSX file, by the ending of its name, as a download."""
    content_type = XLSX_TYPE if filename.endswith(".xlsx") else CSV_TYPE
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response


def harmless_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula, such as `=cmd|…`."""
    clean = without_control(text)
    return f"'{clean}" if clean.startswith(_FORMULA) and clean != "-" else clean


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return plain_decimal(cell)
    if isinstance(cell, datetime.datetime):
        return f"{timezone.localtime(cell):%d.%m.%Y %H:%M:%S}"
    if isinstance(cell, datetime.date):
        return short_day(cell)
    return harmless_cell(cell) if isinstance(cell, str) else str(cell)


def _xlsx_cell(sheet: object, cell: Cell) -> object:
    if isinstance(cell, str):
        made = WriteOnlyCell(sheet, value=without_control(cell))
        made.data_type = "s"
        return made
    if isinstance(cell, datetime.datetime):
        made = WriteOnlyCell(sheet, value=timezone.make_naive(cell))
        made.number_format = "DD.MM.YYYY HH:MM:SS"
        return made
    if isinstance(cell, datetime.date):
        made = WriteOnlyCell(sheet, value=cell)
        made.number_format = "DD.MM.YYYY"
        return made
    return cell
