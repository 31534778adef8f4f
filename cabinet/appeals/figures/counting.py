"""How many appeals came, how they were answered and how soon: by time, kind, centre and way.

All figures are of the appeals that came in a period, and of the first answer to each: an appeal stands in
the same row whenever it is looked at. A fixed number of queries whatever the number of appeals.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.db.models.functions.datetime import TruncBase
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.models import OPEN, Appeal
from portal.formats.dates import day_and_month, month_after, month_title, weeks_between

# Up to so many days a row is a day, then a week, then a month.
MOST_DAYS, MOST_WEEKS_DAYS = 31, 26 * 7


class Median(Aggregate):
    """The middle of an expression's values, nulls aside."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the figures are of; both days are part of it. None: all."""

    since: datetime.date
    until: datetime.date
    kind: int | None = None
    centre: int | None = None


@dataclass(frozen=True)
class Figures:
    """A row: `in_term`, `late`, `waiting` and `unanswered` make up `received`.

    `late` has those too that are overdue and not answered yet; `unanswered` was withdrawn or closed.
    """

    name: str = ""
    received: int = 0
    in_term: int = 0
    late: int = 0
    waiting: int = 0
    unanswered: int = 0
    median: datetime.timedelta | None = None
    marks: int = 0
    mark: Decimal | None = None
    unsolved: int = 0

    @property
    def share(self) -> int | None:
        """Return how many of a hundred were answered in term; None where no term is over yet."""
        decided = self.in_term + self.late
        # Never «100 %» with a late one among them.
        return 100 * self.in_term // decided if decided else None


@dataclass(frozen=True)
class Table:
    title: str
    heading: str
    rows: list[Figures]


@dataclass(frozen=True)
class Shown:
    """All that the page and its files have."""

    total: Figures
    tables: list[Table]
    open_now: int
    late_now: int


def figures_shown(asked: Asked) -> Shown:
    rows, now = _rows_of(asked), timezone.now()
    open_rows = _narrowed(Appeal.objects.filter(state__in=OPEN), asked)
    return Shown(
        total=_total(rows, now),
        tables=[
            _by_time(rows, asked, now),
            _by(rows, "kind_name", _("По видам обращений"), _("Вид обращения"), now, str),
            _by(rows, "centre__name", _("По центрам обслуживания"), _("Центр"), now, _centre),
            _by(rows, "source", _("По способу обращения"), _("Откуда"), now, _source),
        ],
        open_now=open_rows.count(),
        late_now=open_rows.filter(due_at__lt=now).count(),
    )


def _rows_of(asked: Asked) -> QuerySet[Appeal]:
    begin, end = _day_start(asked.since), _day_start(asked.until + datetime.timedelta(days=1))
    return _narrowed(Appeal.objects.filter(created_at__gte=begin, created_at__lt=end), asked)


def _narrowed(rows: QuerySet[Appeal], asked: Asked) -> QuerySet[Appeal]:
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    if asked.centre is not None:
        rows = rows.filter(centre=asked.centre)
    return rows


def _counts(now: datetime.datetime) -> dict[str, Any]:
    took = ExpressionWrapper(F("answered_at") - F("created_at"), output_field=DurationField())
    unanswered = Q(answered_at=None)
    overdue = unanswered & Q(state__in=OPEN, due_at__lt=now)
    over = unanswered & Q(state__in=[Appeal.State.WITHDRAWN, Appeal.State.DONE])
    return {
        "received": Count("pk"),
        "late": Count("pk", filter=Q(answered_at__isnull=False, is_late=True) | overdue),
        "waiting": Count("pk", filter=unanswered & ~overdue & ~over),
        "unanswered": Count("pk", filter=over),
        "median": Median(took, output_field=DurationField()),
        "marks": Count("mark"),
        "mark": Avg("mark"),
        "unsolved": Count("pk", filter=Q(is_solved=False)),
    }


def _figures(name: str, row: dict[str, Any]) -> Figures:
    counts = {key: row[key] for key in ("received", "late", "waiting", "unanswered")}
    mark = row["mark"]
    return Figures(
        name=name,
        **counts,
        in_term=counts["received"] - counts["late"] - counts["waiting"] - counts["unanswered"],
        median=row["median"],
        marks=row["marks"],
        mark=Decimal(mark).quantize(Decimal("0.1"), ROUND_HALF_UP) if mark is not None else None,
        unsolved=row["unsolved"],
    )


def _total(rows: QuerySet[Appeal], now: datetime.datetime) -> Figures:
    return _figures(_("Всего"), rows.aggregate(**_counts(now)))


def _by(
    rows: QuerySet[Appeal],
    field: str,
    title: str,
    heading: str,
    now: datetime.datetime,
    name: Callable[[Any], str],
) -> Table:
    """Return the rows of each value of a field, the most frequent first."""
    found = rows.order_by().values(field).annotate(**_counts(now))
    made = [_figures(name(row[field]), row) for row in found]
    return Table(title, heading, sorted(made, key=lambda one: (-one.received, one.name)))


def _by_time(rows: QuerySet[Appeal], asked: Asked, now: datetime.datetime) -> Table:
    """Return a row for each day, week or month of the period, also for one in which nothing came."""
    days = (asked.until - asked.since).days + 1
    trunc: type[TruncBase]
    starts: Iterable[tuple[datetime.date, str]]
    if days <= MOST_DAYS:
        trunc, title, heading, starts = TruncDay, _("По дням"), _("День"), _days(asked)
    elif days <= MOST_WEEKS_DAYS:
        trunc, title, heading = TruncWeek, _("По неделям"), _("Неделя")
        starts = weeks_between(asked.since, asked.until)
    else:
        trunc, title, heading, starts = TruncMonth, _("По месяцам"), _("Месяц"), _months(asked)
    slots = rows.order_by().annotate(slot=trunc("created_at", output_field=DateField()))
    counted: Iterable[Any] = slots.values("slot").annotate(**_counts(now))
    found = {row["slot"]: row for row in counted}
    return Table(
        title,
        heading,
        [
            _figures(name, found[start]) if start in found else Figures(name)
            for start, name in starts
        ],
    )


def _days(asked: Asked) -> Iterable[tuple[datetime.date, str]]:
    for number in range((asked.until - asked.since).days + 1):
        day = asked.since + datetime.timedelta(days=number)
        yield day, day_and_month(day)


def _months(asked: Asked) -> Iterable[tuple[datetime.date, str]]:
    month = asked.since.replace(day=1)
    while month <= asked.until:
        yield month, month_title(month)
        month = month_after(month)


def _day_start(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _centre(name: str | None) -> str:
    return name or _("Без центра")


def _source(value: str) -> str:
    label = str(Appeal.Source(value).label)
    return label[0].upper() + label[1:]
