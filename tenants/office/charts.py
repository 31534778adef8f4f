"""This month of all companies beside the same days of last year, drawn as columns with a table."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.formats.dates import day_and_month, month_after, month_name
from portal.formats.numbers import grouped, rubles
from tenants.models import FleetMonth
from tenants.office.months import MONTHS_BACK, Monthly, monthlies

WIDTH, HEIGHT = 26, 96

_Found = dict[tuple[str, datetime.date], dict[str, Any]]


@dataclass(frozen=True)
class Column:
    """`x` and `top` are in the units of the picture, WIDTH a column; `mark` names the two compared."""

    label: str
    said: str
    x: int
    top: int
    height: int
    mark: str = ""


@dataclass(frozen=True)
class MonthChart:
    """`difference` is empty where nothing is known of last year."""

    label: str
    now: str
    then: str
    difference: str
    columns: list[Column]

    @property
    def is_empty(self) -> bool:
        return not any(column.height for column in self.columns)

    @property
    def width(self) -> int:
        return len(self.columns) * WIDTH


def month_charts() -> list[MonthChart]:
    """Return a chart for each registered figure, over all companies; one query for all of them."""
    this = timezone.localdate().replace(day=1)
    months = [month_after(this, -back) for back in range(MONTHS_BACK, -1, -1)]
    rows = (
        FleetMonth.objects.filter(month__gte=months[0], month__lte=this)
        .values("code", "month")
        .annotate(
            figure=Sum("figure"),
            same=Sum("same_days"),
            with_same=Count("pk", filter=Q(same_days__gt=0)),
        )
        .order_by()
    )
    found: _Found = {(row["code"], row["month"]): dict(row) for row in rows}
    return [_chart(one, months, found) for one in monthlies()]


def days_said() -> str:
    """Return the days that are compared, such as «с 1 по 29 ноября»."""
    today = timezone.localdate()
    if today.day == 1:
        return str(_("1-е число"))
    return str(_("с\u00a01 по\u00a0%s") % day_and_month(today))


def _chart(
    one: Monthly,
    months: list[datetime.date],
    found: _Found,
) -> MonthChart:
    figures = [found.get((one.code, month), {}).get("figure", Decimal()) for month in months]
    then = found.get((one.code, months[0]), {})
    same = then.get("same") or Decimal()
    is_known = bool(then.get("with_same"))
    return MonthChart(
        label=one.label,
        now=_said(one, figures[-1]),
        then=_said(one, same) if is_known else "",
        difference=_difference(figures[-1], same) if is_known else "",
        columns=_columns(one, months, figures),
    )


def _columns(one: Monthly, months: Iterable[datetime.date], figures: list[Decimal]) -> list[Column]:
    highest = max(figures) or Decimal(1)
    columns = []
    for number, (month, figure) in enumerate(zip(months, figures, strict=True)):
        height = max(round(HEIGHT * figure / highest), 1 if figure else 0)
        mark = "now" if number == len(figures) - 1 else "then" if number == 0 else ""
        columns.append(
            Column(
                month_name(month),
                _said(one, figure),
                number * WIDTH,
                HEIGHT - height,
                height,
                mark,
            )
        )
    return columns


def _said(one: Monthly, figure: Decimal) -> str:
    return rubles(figure) if one.is_money else grouped(figure)


def _difference(now: Decimal, then: Decimal) -> str:
    percent = round(100 * (now - then) / then)
    if not percent:
        return str(_("столько\u00a0же"))
    more = _("больше") if percent > 0 else _("меньше")
    return f"{more} на\u00a0{grouped(abs(Decimal(percent)))}\u00a0%"
