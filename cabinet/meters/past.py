"""What a meter used, month by month, told from its readings."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from cabinet.meters.consumption import consumption_or_none
from cabinet.meters.models import Meter, Reading
from cabinet.meters.rules import period_of
from portal.formats.dates import month_after, months_between, months_until

_LITRE = Decimal("0.001")


@dataclass
class Past:
    """`months`: m³ by the month that they count for; `last_month`: that of the newest reading."""

    months: dict[datetime.date, Decimal] = field(default_factory=dict)
    last_month: datetime.date | None = None

    def year_ago(self, month: datetime.date) -> Decimal | None:
        return self.months.get(month_after(month, -12))

    def highest(self) -> Decimal | None:
        """Of the last thirteen months, so that a winter is among them."""
        recent = self._recent(13)
        return max(recent) if recent else None

    def average(self, over: int) -> Decimal | None:
        """m³ a month over the `over` newest months, fewer where the meter is younger."""
        recent = self._recent(over)
        return (sum(recent, Decimal()) / len(recent)).quantize(_LITRE) if recent else None

    def _recent(self, count: int) -> list[Decimal]:
        if self.last_month is None:
            return []
        months = months_until(self.last_month, count)
        return [self.months[month] for month in months if month in self.months]


def pasts_of(
    meters: Iterable[Meter], *, since: datetime.date, before: datetime.date, until_day: int
) -> dict[int, Past]:
    """By meter, from readings of the days `since` ≤ day < `before`; one query, whatever their number."""
    by_meter = {meter.pk: meter for meter in meters}
    pasts = {pk: Past() for pk in by_meter}
    last: Reading | None = None
    for reading in _readings(by_meter, since, before):
        past = pasts[reading.meter_id]
        month = period_of(reading.taken_on, until_day).month
        if last is not None and last.meter_id == reading.meter_id:
            _add(past, last, reading, month, by_meter[reading.meter_id].digits)
        past.last_month, last = month, reading
    return pasts


def used_between(last: Reading, reading: Reading, digits: int) -> Decimal | None:
    """m³ from one reading of a meter to the next, None where they do not tell."""
    rolled_over = reading.lower_reason == Reading.LowerReason.ROLLED_OVER
    return consumption_or_none(last.value, reading.value, digits, rolled_over=rolled_over)


def shared_evenly(amount: Decimal, count: int) -> list[Decimal]:
    """Over months without a reading of their own; the litres that are left go to the last one."""
    share = (amount / count).quantize(_LITRE, ROUND_DOWN)
    return [share] * (count - 1) + [amount - share * (count - 1)]


def _readings(
    meters: dict[int, Meter], since: datetime.date, before: datetime.date
) -> Iterable[Reading]:
    """A day's reading as shown: billing's goes before the portal's."""
    return (
        Reading.objects.filter(meter__in=list(meters), taken_on__gte=since, taken_on__lt=before)
        .order_by("meter_id", "taken_on", "origin")
        .distinct("meter_id", "taken_on")
    )


def _add(past: Past, last: Reading, reading: Reading, month: datetime.date, digits: int) -> None:
    used = used_between(last, reading, digits)
    if used is None or past.last_month is None:
        return
    gap = max(1, months_between(past.last_month, month))
    for back, share in zip(range(gap - 1, -1, -1), shared_evenly(used, gap), strict=True):
        counted = month_after(month, -back)
        past.months[counted] = past.months.get(counted, Decimal()) + share
