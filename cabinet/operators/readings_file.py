"""Readings of a period as a file, for those whose billing does not take them by itself."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.meters.models import Reading, Submission, SubmissionLine
from cabinet.outgoing.models import ExportRow, ExportState, Kind
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.dates import day_begins
from portal.formats.fields import DayField, PeriodForm
from portal.formats.tables import (
    CSV_TYPE,
    Row,
    file_response,
    spreadsheet_csv_lines,
    spreadsheet_xlsx,
)
from portal.staff.admin_home_items import Action

SEE = "meters.view_submission"
LONGEST = datetime.timedelta(days=366)
# A workbook is written as a whole before its first byte goes out.
XLSX_ROWS = 50_000
_PART = 500
_WIDTHS = (16, 20, 14, 12, 26, 16, 20, 30)
_HEADINGS = (
    gettext_lazy("Лицевой счёт"),
    gettext_lazy("Номер счётчика"),
    gettext_lazy("Показание, м³"),
    gettext_lazy("День"),
    gettext_lazy("Откуда"),
    gettext_lazy("Квитанция о приёме"),
    gettext_lazy("Принято порталом"),
    gettext_lazy("В биллинге"),
)
WAITS, GIVEN, TAKEN, REPLACED = "waits", "given", "taken", "replaced"
STATES = {
    WAITS: gettext_lazy("ждёт выгрузки"),
    GIVEN: gettext_lazy("выгружено, биллинг не подтвердил"),
    TAKEN: gettext_lazy("биллинг получил"),
    REPLACED: gettext_lazy("заменено более поздним в тот же день"),
}


class ReadingsFileForm(PeriodForm):
    since = DayField(label=gettext_lazy("С\u00a0какого дня"), required=True)
    until = DayField(label=gettext_lazy("По\u00a0какой день"), required=True)
    channel = forms.ChoiceField(
        label=gettext_lazy("Откуда"),
        required=False,
        choices=[("", gettext_lazy("Отовсюду")), *Reading.Channel.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("В\u00a0биллинге"),
        required=False,
        choices=[("", gettext_lazy("Все")), *STATES.items()],
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Файл"),
        choices=[("csv", "CSV"), ("xlsx", "XLSX (Excel)")],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        since, until = chosen.get("since"), chosen.get("until")
        if self.errors or not (since and until):
            return chosen
        if until - since > LONGEST:
            self.add_error("since", _("Не\u00a0больше года: выберите день позже."))
        elif chosen.get("format") == "xlsx" and self._lines() > XLSX_ROWS:
            self.add_error(
                "format",
                _("Показаний больше 50\u00a0тысяч. Выберите CSV или период короче."),
            )
        return chosen

    @property
    def submissions(self) -> QuerySet[Submission]:
        """Return the submissions that were asked for, without what billing knows of them."""
        asked = self.cleaned_data
        after = day_begins(asked["until"] + datetime.timedelta(days=1))
        rows = Submission.objects.filter(
            received_at__gte=day_begins(asked["since"]), received_at__lt=after
        )
        return rows.filter(channel=asked["channel"]) if asked.get("channel") else rows

    def _lines(self) -> int:
        lines = SubmissionLine.objects.filter(submission__in=self.submissions)
        return lines.order_by()[: XLSX_ROWS + 1].count()


@company_only
@desk_view(SEE)
def readings_file(request: DeskRequest) -> HttpResponseBase:
    """Show the form; answer it with the file, and log who took it."""
    today = timezone.localdate()
    usual = {"since": today.replace(day=1), "until": today, "format": "csv"}
    form = ReadingsFileForm(request.POST or None, initial=usual)
    if not form.is_bound or not form.is_valid():
        context = {"form": form}
        title = _("Показания файлом")
        return desk_page(
            request, "operators/readings_file.html", context, title=title, icon="download"
        )
    asked = form.cleaned_data
    audit_write(
        actor=request.user,
        action="readings.file",
        subject=f"{asked['since']:%d.%m.%Y} – {asked['until']:%d.%m.%Y}",
        details={
            "format": asked["format"],
            "from": str(dict(Reading.Channel.choices).get(asked["channel"], "")),
            "state": str(STATES.get(asked["state"], "")),
        },
    )
    rows = readings_rows(form.submissions, asked["state"])
    name = f"readings-{asked['since']:%Y-%m-%d}-{asked['until']:%Y-%m-%d}.{asked['format']}"
    if asked["format"] == "xlsx":
        return file_response(spreadsheet_xlsx(_("Показания"), rows, _WIDTHS), name)
    return StreamingHttpResponse(
        spreadsheet_csv_lines(rows),
        content_type=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def readings_rows(submissions: QuerySet[Submission], state: str = "") -> Iterator[Row]:
    """Yield the headings, then a row for each reading, a part in memory at a time; `state`: only those."""
    yield [str(one) for one in _HEADINGS]
    taken = ExportState.objects.filter(kind=Kind.READINGS).first()
    acknowledged = taken.acknowledged if taken else 0
    given = taken.given if taken else 0
    for part in _parts(submissions):
        lines = [(one, line) for one in part for line in one.lines.all()]
        states = _states(lines, acknowledged, given)
        for (submission, line), known in zip(lines, states, strict=True):
            if state in ("", known):
                yield [
                    submission.account.account_number,
                    line.meter.serial_number,
                    line.value,
                    submission.taken_on,
                    submission.get_channel_display(),
                    submission.number,
                    submission.received_at,
                    str(STATES[known]),
                ]


def _parts(submissions: QuerySet[Submission]) -> Iterator[list[Submission]]:
    """Yield the submissions in the order of their arrival, each part by queries of its own."""
    lines = SubmissionLine.objects.select_related("meter").order_by("pk")
    rows = submissions.select_related("account").prefetch_related(Prefetch("lines", lines))
    rows = rows.order_by("received_at", "id")
    after = Q()
    while part := list(rows.filter(after)[:_PART]):
        yield part
        last = part[-1]
        after = Q(received_at__gt=last.received_at) | Q(
            received_at=last.received_at, id__gt=last.pk
        )


def _states(
    lines: Iterable[tuple[Submission, SubmissionLine]], acknowledged: int, given: int
) -> list[str]:
    """Return what billing has of each of these lines. Two queries."""
    lines = list(lines)
    readings = {
        (one.meter_id, one.taken_on): one
        for one in Reading.objects.filter(
            origin=Reading.Origin.PORTAL,
            meter__in={line.meter_id for _one, line in lines},
            taken_on__in={one.taken_on for one, _line in lines},
        )
    }
    rows = ExportRow.objects.filter(
        kind=Kind.READINGS, object_id__in=[one.pk for one in readings.values()]
    )
    cursors: dict[int, int] = {}
    for object_id, cursor in rows.values_list("object_id", "cursor"):
        cursors[object_id] = max(cursor, cursors.get(object_id, 0))
    found = []
    for submission, line in lines:
        reading = readings.get((line.meter_id, submission.taken_on))
        if reading is None or reading.value != line.value:
            found.append(REPLACED)
            continue
        cursor = cursors.get(reading.pk, 0)
        found.append(
            WAITS if not cursor or cursor > given else TAKEN if cursor <= acknowledged else GIVEN
        )
    return found


def readings_home_items(request: Any) -> Iterator[Action]:
    if current_schema() != "public" and request.user.has_perm(SEE):
        url = reverse("operators_readings_file")
        yield Action(title=_("Показания файлом"), url=url, icon="download")
