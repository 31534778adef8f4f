"""The figures of appointments: who was booked, came or did not, by week and by service."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appointments.desk.hours import day_of
from cabinet.appointments.desk.rights import SEE_FIGURES
from cabinet.appointments.models import Appointment
from cms_pages.models import ServiceCentre
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.dates import weeks_between
from portal.formats.fields import DayField, PeriodForm
from portal.formats.tables import Row, file_response, spreadsheet_csv

State = Appointment.State
_WEEKS = 8
_LONGEST = datetime.timedelta(days=366)
_WALK_IN = Q(source=Appointment.Source.WALK_IN)
# A count, its heading, and what it counts; the first is the sum of the next four.
_COUNTS: list[tuple[str, Any, Q]] = [
    ("all", gettext_lazy("Записей"), ~_WALK_IN),
    ("arrived", gettext_lazy("Пришли"), Q(state=State.ARRIVED) & ~_WALK_IN),
    ("missed", gettext_lazy("Не пришли"), Q(state=State.MISSED)),
    ("cancelled", gettext_lazy("Отменены"), Q(state=State.CANCELLED)),
    ("booked", gettext_lazy("Ещё без отметки"), Q(state=State.BOOKED)),
    ("walk_in", gettext_lazy("Без записи"), _WALK_IN),
]
_NOTHING = dict.fromkeys((name for name, _label, _what in _COUNTS), 0)


class FiguresForm(PeriodForm):
    since = DayField(label=gettext_lazy("С даты"))
    until = DayField(label=gettext_lazy("По дату"))
    centre = forms.ModelChoiceField(
        ServiceCentre.objects.all(),
        label=gettext_lazy("Центр"),
        required=False,
        empty_label=gettext_lazy("Все"),
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        since, until = self.period
        if until - since > _LONGEST and not self.errors:
            raise ValidationError({"since": _("Выберите не больше года.")})
        return chosen

    @property
    def period(self) -> tuple[datetime.date, datetime.date]:
        """Return the days to count; without them, or with mistakes, this week and the seven before it."""
        chosen = {} if self.errors else self.cleaned_data
        until = chosen.get("until") or _sunday(timezone.localdate())
        since = _sunday(until) - datetime.timedelta(weeks=_WEEKS) + datetime.timedelta(days=1)
        return chosen.get("since") or since, until


def _sunday(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=6 - day.weekday())


@dataclass(frozen=True)
class Table:
    """Counts by the values of one thing: `rows` are its names with the counts in their order."""

    title: str
    heading: str
    rows: list[tuple[str, list[int]]]


@company_only
@desk_view(SEE_FIGURES)
def figures(request: DeskRequest) -> HttpResponse:
    """Show the figures of a period."""
    form = FiguresForm(request.GET)
    form.is_valid()
    since, until = form.period
    # The days that are counted stand in the fields too.
    shown = {"since": since.isoformat(), "until": until.isoformat(), **request.GET.dict()}
    tables, total = _counted(form)
    context = {
        "tab": "figures",
        "form": form if form.errors else FiguresForm(shown),
        "since": since,
        "until": until,
        "headings": [label for _name, label, _what in _COUNTS],
        "tables": tables,
        "total": total,
    }
    title = _("Сводка приёма")
    return desk_page(
        request, "appointments/desk/figures.html", context, title=title, icon="list-ol"
    )


@company_only
@desk_view(SEE_FIGURES)
def figures_file(request: DeskRequest) -> HttpResponse:
    """Serve the tables as one CSV file; of a period with mistakes there is none."""
    form = FiguresForm(request.GET)
    if not form.is_valid():
        raise Http404
    tables, total = _counted(form)
    headings = [str(label) for _name, label, _what in _COUNTS]
    rows: list[Row] = [[_("Разрез"), _("Значение"), *headings]]
    rows += [[table.title, name, *counts] for table in tables for name, counts in table.rows]
    rows.append([_("Весь период"), "", *total])
    since, until = form.period
    return file_response(spreadsheet_csv(rows), f"priyom-{since}-{until}.csv")


def _counted(form: FiguresForm) -> tuple[list[Table], list[int]]:
    """Return the tables and the sum of all, in three queries."""
    since, until = form.period
    first, last = day_of(since)[0], day_of(until)[1]
    rows = Appointment.objects.filter(starts_at__gte=first, starts_at__lt=last)
    rows = rows.exclude(state__in=(State.HELD, State.EXPIRED)).order_by()
    centre = None if form.errors else form.cleaned_data.get("centre")
    if centre:
        rows = rows.filter(centre=centre)
    counts = {name: Count("pk", filter=what) for name, _label, what in _COUNTS}
    by_week = rows.annotate(week=TruncWeek("starts_at")).values("week").annotate(**counts)
    found = {timezone.localtime(row["week"]).date(): row for row in by_week}
    weeks = [(name, found.get(monday, _NOTHING)) for monday, name in weeks_between(since, until)]
    by_service = rows.values("service_name").annotate(**counts)
    services: list[tuple[str, Any]] = [(row["service_name"], row) for row in by_service]
    services.sort(key=lambda pair: (-pair[1]["all"] - pair[1]["walk_in"], pair[0]))
    tables = [
        Table(_("По неделям"), _("Неделя"), _in_order(weeks)),
        Table(_("По услугам"), _("Услуга"), _in_order(services)),
    ]
    return tables, _in_order([("", rows.aggregate(**counts))])[0][1]


def _in_order(rows: Iterable[tuple[str, Any]]) -> list[tuple[str, list[int]]]:
    return [(name, [row[count] for count, _label, _what in _COUNTS]) for name, row in rows]
