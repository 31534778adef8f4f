"""Notices beside the form: what is charged without a reading, and a verification that comes near."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cabinet.meters.history.consumption import cost
from cabinet.meters.models import Meter, Tariff
from cabinet.meters.periods import MeterRules, Period
from cabinet.meters.snapshot import MeterSnapshot
from portal.formats.dates import month_after

Urgency = Literal["notice", "warning", "overdue"]


@dataclass(frozen=True)
class Forecast:
    """m³ and ₽ a month; ₽ as a range where meters of the account have different tariffs."""

    volume: Decimal
    cost_from: Decimal | None
    cost_to: Decimal | None


@dataclass(frozen=True)
class NoReading:
    """What the period will be charged by if no reading comes.

    `missed`: months before it without a reading, None where there has never been one; `number`: which one of
    `limit` months of average the period would be. Either forecast is None where unknown. `is_charged`: the
    last of the missed months is charged already; `is_contradicted`: billing's charges show that it does
    otherwise, and nothing is forecast.
    """

    period: Period
    missed: int | None
    limit: int
    average: Forecast | None
    norm: Forecast | None
    # Serial numbers of the meters that it is about, when others of the account have a reading.
    only: tuple[str, ...] = ()
    is_charged: bool = False
    is_contradicted: bool = False

    @property
    def missing_since(self) -> datetime.date | None:
        return month_after(self.period.month, -self.missed) if self.missed else None

    @property
    def missing_until(self) -> datetime.date:
        return month_after(self.period.month, -1)

    @property
    def number(self) -> int:
        return (self.missed or 0) + 1

    @property
    def by_norm(self) -> bool:
        return self.missed is None or self.missed >= self.limit


def no_reading(snapshot: MeterSnapshot, norm_volume: Decimal | None) -> NoReading | None:
    """Return what to say of meters without a reading for the period; None where there are none.

    Of a meter whose verification is over, its own notice says what is charged.
    """
    without = [
        meter
        for meter in snapshot.meters
        if not _has_reading(snapshot, meter) and not meter.is_overdue(snapshot.day)
    ]
    if not without:
        return None
    known = [snapshot.months_since_last(m) for m in without if m.pk in snapshot.newest]
    missed = max(0, max(known) - 1) if known else None
    return NoReading(
        period=snapshot.period,
        missed=missed,
        limit=snapshot.rules.average_limit,
        average=_average(snapshot, without),
        norm=_norm(snapshot, norm_volume),
        only=tuple(snapshot.numbers[m.pk] for m in without)
        if len(without) < len(snapshot.meters)
        else (),
    )


@dataclass(frozen=True)
class VerificationNotice:
    """`days`: left, or overdue. `norm`: what a month costs by it, where that is known."""

    urgency: Urgency
    due_on: datetime.date
    days: int
    norm: Forecast | None


def verification_notice(
    meter: Meter,
    *,
    day: datetime.date,
    rules: MeterRules,
    norm_volume: Decimal | None,
    tariff: Tariff | None,
) -> VerificationNotice | None:
    """Return how long the verification holds and what its lapse costs.

    None while the day is far off, or not known. The meter is good on the day itself.
    """
    due_on = meter.verification_due_on
    if due_on is None:
        return None
    days = (due_on - day).days
    if days > rules.verification_notice:
        return None
    urgency: Urgency = "notice" if days > rules.verification_warning else "warning"
    if days < 0:
        urgency = "overdue"
    norm: Forecast | None = None
    if norm_volume:
        volume = norm_volume * rules.verification_factor
        sum_or_none = cost(volume, tariff.price) if tariff else None
        norm = Forecast(volume, sum_or_none, sum_or_none)
    return VerificationNotice(urgency=urgency, due_on=due_on, days=abs(days), norm=norm)


def _has_reading(snapshot: MeterSnapshot, meter: Meter) -> bool:
    return meter.pk in snapshot.newest and snapshot.months_since_last(meter) <= 0


def _average(snapshot: MeterSnapshot, meters: list[Meter]) -> Forecast | None:
    total_volume, total_cost, priced = Decimal(), Decimal(), True
    for meter in meters:
        average = snapshot.histories[meter.pk].average(snapshot.rules.average_over)
        if average is None:
            return None
        tariff = snapshot.tariff(meter)
        total_volume += average
        priced = priced and tariff is not None
        total_cost += cost(average, tariff.price) if tariff else Decimal()
    sum_or_none = total_cost if priced else None
    return Forecast(total_volume, sum_or_none, sum_or_none)


def _norm(snapshot: MeterSnapshot, volume: Decimal | None) -> Forecast | None:
    if volume is None:
        return None
    prices = [tariff.price for tariff in snapshot.tariffs.values()]
    if not prices:
        return Forecast(volume, None, None)
    return Forecast(volume, cost(volume, min(prices)), cost(volume, max(prices)))
