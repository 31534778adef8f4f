"""The history of readings: rows, the filter of the page, files for a spreadsheet."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.history.consumption import used_between
from cabinet.meters.models import Meter, Reading
from cabinet.meters.serial_numbers import shown_numbers
from portal.formats.dates import month_after
from portal.formats.fields import MonthField, PeriodForm
from portal.formats.tables import Row, spreadsheet_csv, spreadsheet_xlsx

HEADINGS = ("Дата", "Счётчик", "Номер счётчика", "Показание, м³", "Расход, м³", "Способ передачи")
WIDTHS = (12, 24, 20, 16, 14, 24)


@dataclass
class HistoryRow:
    """A day's reading as shown; `consumption` in m³ since the one before, of `since`, None where unknown.

    `number`: the meter's, as the person may see it.
    """

    meter: Meter
    taken_on: datetime.date
    value: Decimal
    source_label: str
    since: datetime.date | None = None
    consumption: Decimal | None = None
    number: str = ""


class HistoryFilter(PeriodForm):
    """`meters`: all of the account's, removed ones too; `masked`: for a delegate, by their ends."""

    meter = forms.ChoiceField(label=_("Счётчик"), required=False)
    since = MonthField(label=_("С месяца"))
    until = MonthField(label=_("По месяц"))

    def __init__(self, *args: Any, meters: list[Meter], masked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = shown_numbers(meters, masked=masked)
        choices = [(str(m.pk), f"{m.model} №\u00a0{self.numbers[m.pk]}") for m in meters]
        field = self.fields["meter"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — for mypy
        field.choices = [("", _("Все счётчики")), *choices]

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def all_rows(self, account: PersonalAccount) -> list[HistoryRow]:
        return reading_history(account, self.numbers)

    def rows(self, account: PersonalAccount) -> list[HistoryRow]:
        """Return every row where nothing is chosen, none where the choice makes no sense."""
        if not self.is_used:
            return self.all_rows(account)
        if not self.is_valid():
            return []
        chosen = self.cleaned_data
        until = chosen["until"]
        # The last month of time has no first day after it.
        before = month_after(until) if until and until < datetime.date(9999, 12, 1) else None
        return reading_history(
            account,
            self.numbers,
            meter_pk=int(chosen["meter"]) if chosen["meter"] else None,
            since=chosen["since"],
            before=before,
        )


def reading_history(
    account: PersonalAccount,
    numbers: dict[int, str] | None = None,
    *,
    meter_pk: int | None = None,
    since: datetime.date | None = None,
    before: datetime.date | None = None,
) -> list[HistoryRow]:
    """Return days of all meters, removed ones too, newest first, with what was used since the last.

    `numbers`: of the meters by their keys, as the person may see them; masked where there is none.
    """
    known = numbers or {}
    shown = Reading.objects.filter(meter__account=account)
    if meter_pk is not None:
        shown = shown.filter(meter=meter_pk)
    shown = (
        shown.select_related("meter")
        .order_by("meter_id", "taken_on", "origin")
        .distinct("meter_id", "taken_on")
    )
    rows: list[HistoryRow] = []
    last: Reading | None = None
    for reading in shown:
        row = HistoryRow(reading.meter, reading.taken_on, reading.value, reading.source_label)
        row.number = known.get(reading.meter_id, reading.meter.masked_number)
        if last is not None and last.meter_id == reading.meter_id:
            row.since = last.taken_on
            row.consumption = used_between(last, reading, reading.meter.digits)
        last = reading
        # Cut here and not in the query: the first row of a period needs the one before it.
        if (since is None or since <= row.taken_on) and (before is None or row.taken_on < before):
            rows.append(row)
    return sorted(rows, key=lambda row: row.taken_on, reverse=True)


def history_content(rows: list[HistoryRow], ending: str) -> bytes:
    """Return the history as a file for a spreadsheet; `ending`: csv or xlsx."""
    table: list[Row] = [
        HEADINGS,
        *(
            (
                row.taken_on,
                row.meter.model,
                row.number,
                row.value,
                row.consumption,
                row.source_label,
            )
            for row in rows
        ),
    ]
    if ending == "csv":
        return spreadsheet_csv(table)
    return spreadsheet_xlsx("Показания", table, WIDTHS)
