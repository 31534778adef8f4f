"""Figures of companies by month, for the office's first page. Apps above register what is counted."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Aggregate, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from portal.formats.dates import month_after
from tenants.models import FleetMonth, GasCompany

MONTHS_BACK = 12

ByMonth = Mapping[datetime.date, Decimal | int]


@dataclass(frozen=True)
class Monthly:
    """`count` runs in the company's schema and time zone, for the days `since` ≤ day < `until`.

    It returns figures by the first day of the month; None where the company has no such thing.
    """

    code: str
    label: str
    count: Callable[[GasCompany, datetime.date, datetime.date], ByMonth | None]
    order: int
    is_money: bool = False


_registered: dict[str, Monthly] = {}


def monthly_register(*figures: Monthly) -> None:
    _registered.update({one.code: one for one in figures})


def monthlies() -> list[Monthly]:
    return sorted(_registered.values(), key=lambda one: one.order)


def by_month(rows: "QuerySet[Any]", field: str, figure: Aggregate) -> ByMonth:
    """Return a figure of rows by the month of a day or moment. One query."""
    found = rows.order_by().annotate(month=TruncMonth(field)).values("month")
    return {
        _as_day(row["month"]): row["figure"] or 0
        for row in found.annotate(figure=figure).values("month", "figure")
    }


def moments(since: datetime.date, until: datetime.date) -> list[datetime.datetime]:
    """Return the beginnings of two days in the current time zone."""
    return [
        timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
        for day in (since, until)
    ]


@transaction.atomic
def months_count(company: GasCompany) -> None:
    """Write the company's figures of this month and the last, beside the same days of last year.

    What was never counted is counted from the company's own rows, a year back. The company is entered.
    """
    today = timezone.localdate()
    this = today.replace(day=1)
    for one in monthlies():
        _count(company, one, this, today + datetime.timedelta(days=1))


def _count(company: GasCompany, one: Monthly, this: datetime.date, until: datetime.date) -> None:
    year_ago = month_after(this, -MONTHS_BACK)
    previous = month_after(this, -1)
    known = FleetMonth.objects.filter(
        company=company, code=one.code, month__in=[year_ago, previous]
    ).count()
    since = previous if known == 2 else year_ago
    found = one.count(company, since, until)
    if found is None:
        return
    months = [month_after(since, number) for number in range(MONTHS_BACK + 1)]
    FleetMonth.objects.bulk_create(
        [
            FleetMonth(company=company, code=one.code, month=month, figure=found.get(month, 0))
            for month in months
            if month <= this
        ],
        update_conflicts=True,
        unique_fields=["company", "code", "month"],
        update_fields=["figure"],
    )
    same_until = min(year_ago + (until - this), month_after(year_ago))
    same = one.count(company, year_ago, same_until) or {}
    rows = FleetMonth.objects.filter(company=company, code=one.code)
    rows.filter(month=year_ago).update(same_days=same.get(year_ago, 0))


def _as_day(month: datetime.date | datetime.datetime) -> datetime.date:
    return month.date() if isinstance(month, datetime.datetime) else month
