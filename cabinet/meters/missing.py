"""What is charged when no reading comes: the average for some months, then the норматив."""

from dataclasses import dataclass
from decimal import Decimal

from cabinet.meters.consumption import cost
from cabinet.meters.facts import MeterFacts
from cabinet.meters.models import Meter
from cabinet.meters.rules import Period


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
    `limit` months of average the period would be. Either forecast is None where nothing tells it.
    """

    period: Period
    missed: int | None
    limit: int
    average: Forecast | None
    norm: Forecast | None
    # Serial numbers of the meters that it is about, when others of the account have a reading.
    only: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return (self.missed or 0) + 1

    @property
    def by_norm(self) -> bool:
        return self.missed is None or self.missed >= self.limit


def no_reading(facts: MeterFacts, norm_volume: Decimal | None) -> NoReading | None:
    """None when every meter has a reading for the period, or there is no meter."""
    without = [meter for meter in facts.meters if not _has_reading(facts, meter)]
    if not without:
        return None
    known = [facts.months_since_last(m) for m in without if m.pk in facts.newest]
    missed = max(0, max(known) - 1) if known else None
    return NoReading(
        period=facts.period,
        missed=missed,
        limit=facts.rules.average_limit,
        average=_average(facts, without),
        norm=_norm(facts, norm_volume),
        only=tuple(m.serial_number for m in without) if len(without) < len(facts.meters) else (),
    )


def _has_reading(facts: MeterFacts, meter: Meter) -> bool:
    return meter.pk in facts.newest and facts.months_since_last(meter) <= 0


def _average(facts: MeterFacts, meters: list[Meter]) -> Forecast | None:
    total_volume, total_cost, priced = Decimal(), Decimal(), True
    for meter in meters:
        average = facts.pasts[meter.pk].average(facts.rules.average_over)
        if average is None:
            return None
        tariff = facts.tariff(meter)
        total_volume += average
        priced = priced and tariff is not None
        total_cost += cost(average, tariff.price) if tariff else Decimal()
    sum_or_none = total_cost if priced else None
    return Forecast(total_volume, sum_or_none, sum_or_none)


def _norm(facts: MeterFacts, volume: Decimal | None) -> Forecast | None:
    if volume is None:
        return None
    prices = [tariff.price for tariff in facts.tariffs.values()]
    if not prices:
        return Forecast(volume, None, None)
    return Forecast(volume, cost(volume, min(prices)), cost(volume, max(prices)))
