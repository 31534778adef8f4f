"""The history as a file for a spreadsheet."""

import csv
import io
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cabinet.meters.history import HistoryRow
from portal.texts import harmless_cell, without_control

HEADINGS = ("Дата", "Счётчик", "Номер счётчика", "Показание, м³", "Расход, м³", "Откуда")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def history_csv(rows: list[HistoryRow]) -> bytes:
    """As Russian spreadsheets open it by a double click: UTF-8 with a mark, `;`, decimal commas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow(
            [
                row.taken_on.strftime("%d.%m.%Y"),
                harmless_cell(row.meter.model),
                harmless_cell(row.meter.serial_number),
                _number(row.value),
                "" if row.consumption is None else _number(row.consumption),
                harmless_cell(row.source_label),
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def history_xlsx(rows: list[HistoryRow]) -> bytes:
    """One sheet; dates and numbers are such, and everything else is text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Показания")
    for column, width in zip("ABCDEF", (12, 24, 20, 16, 14, 24), strict=True):
        sheet.column_dimensions[column].width = width

    def text(value: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, value=without_control(value))
        cell.data_type = "s"
        return cell

    sheet.append([text(heading) for heading in HEADINGS])
    for row in rows:
        day = WriteOnlyCell(sheet, value=row.taken_on)
        day.number_format = "DD.MM.YYYY"
        sheet.append(
            [
                day,
                text(row.meter.model),
                text(row.meter.serial_number),
                row.value,
                row.consumption,
                text(row.source_label),
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
