"""What meters used by the months that readings count for: averages and the plausible limit.

Billing's average is that of its own months; `chart.py` shows when the gas was burnt.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q

from cabinet.meters.history.consumption import used_between
from cabinet.meters.models import GroupConsumption, Meter, Reading
from cabinet.meters.periods import period_of
from portal.formats.dates import month_after, months_between, months_until

# Two years, and one more month to compute the first of them from.
HISTORY_SPAN = datetime.timedelta(days=800)

# Three times the usual is a cold winter with guests; below this many m³ nothing is worth a question.
PLAUSIBLE_TIMES = 3
NEVER_ASKED_BELOW = Decimal(15)

_LITRE = Decimal("0.001")
_ALL = Q()


@dataclass
class ConsumptionHistory:
    """A meter's m³ by the month that they count for; `last_month`: that of the newest reading."""

    months: dict[datetime.date, Decimal] = field(default_factory=dict)
    last_month: datetime.date | None = None

    def year_ago(self, month: datetime.date) -> Decimal | None:
        return self.months.get(month_after(month, -12))

    def highest(self) -> Decimal | None:
        """Return the highest of the last thirteen months, so that a winter is among them."""
        recent = self._recent(13)
        return max(recent) if recent else None

    def average(self, over: int) -> Decimal | None:
        """Return m³ a month over the `over` newest months, fewer where the meter is younger."""
        recent = self._recent(over)
        return (sum(recent, Decimal()) / len(recent)).quantize(_LITRE) if recent else None

    def _recent(self, count: int) -> list[Decimal]:
        if self.last_month is None:
            return []
        months = months_until(self.last_month, count)
        return [self.months[month] for month in months if month in self.months]


def consumption_history_of(
    meters: Iterable[Meter],
    *,
    since: datetime.date,
    before: datetime.date,
    until_day: int,
    among: Q = _ALL,
) -> dict[int, ConsumptionHistory]:
    """Return each meter's history by its key, from the readings `among` those of `since` ≤ day < `before`.

    One query, whatever the number of meters.
    """
    by_meter = {meter.pk: meter for meter in meters}
    histories = {pk: ConsumptionHistory() for pk in by_meter}
    last: Reading | None = None
    for reading in _readings(by_meter, since, before, among):
        history = histories[reading.meter_id]
        month = period_of(reading.taken_on, until_day).month
        if last is not None and last.meter_id == reading.meter_id:
            _add(history, last, reading, month, by_meter[reading.meter_id].digits)
        history.last_month, last = month, reading
    return histories


def max_plausible_consumption(
    history: ConsumptionHistory, month: datetime.date, group: GroupConsumption | None
) -> Decimal | None:
    """Return the m³ a month above which a reading is asked about (decision 18).

    None where nothing is known to compare with. The account's own past goes first: the same month a year
    ago, else its highest month. The group's median is a floor, so that a house that stood empty is not
    asked about when people live there again; for a meter without a past the group alone decides.
    """
    usual = history.year_ago(month)
    if usual is None:
        usual = history.highest()
    if usual is not None:
        floor = max(NEVER_ASKED_BELOW, group.median if group else Decimal())
        return max(usual * PLAUSIBLE_TIMES, floor)
    if group is not None:
        return max(group.high * PLAUSIBLE_TIMES, NEVER_ASKED_BELOW)
    return None


def shared_evenly(amount: Decimal, count: int) -> list[Decimal]:
    """Split m³ over months without a reading of their own; the last one gets the litres left over."""
    share = (amount / count).quantize(_LITRE, ROUND_DOWN)
    return [share] * (count - 1) + [amount - share * (count - 1)]


def _readings(
    meters: dict[int, Meter], since: datetime.date, before: datetime.date, among: Q
) -> Iterable[Reading]:
    """Return a day's reading as shown: billing's goes before the portal's."""
    return (
        Reading.objects.filter(
            among, meter__in=list(meters), taken_on__gte=since, taken_on__lt=before
        )
        .order_by("meter_id", "taken_on", "origin")
        .distinct("meter_id", "taken_on")
    )


def _add(
    history: ConsumptionHistory, last: Reading, reading: Reading, month: datetime.date, digits: int
) -> None:
    used = used_between(last, reading, digits)
    if used is None or history.last_month is None:
        return
    gap = max(1, months_between(history.last_month, month))
    for back, share in zip(range(gap - 1, -1, -1), shared_evenly(used, gap), strict=True):
        counted = month_after(month, -back)
        history.months[counted] = history.months.get(counted, Decimal()) + share
