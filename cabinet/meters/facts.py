"""All that a page of readings needs to know of its meters: a fixed number of queries."""

import datetime
from dataclasses import dataclass

from cabinet.meters.models import GroupConsumption, Meter, Reading, Tariff
from cabinet.meters.past import Past, pasts_of
from cabinet.meters.rules import MeterRules, Period, meter_rules, period_of
from cabinet.meters.selectors import last_readings, tariffs_in_force, today
from cabinet.meters.taking import readings_taken
from portal.formats.dates import months_between

# Two years for the chart, and one more month to tell the first of them from.
PAST = datetime.timedelta(days=800)


@dataclass(frozen=True)
class MeterFacts:
    """By meter's key. `newest`: as shown, maybe today's own; `earlier`: what a reading of today follows."""

    day: datetime.date
    rules: MeterRules
    period: Period
    meters: list[Meter]
    newest: dict[int, Reading]
    earlier: dict[int, Reading]
    sent_today: dict[int, Reading]
    taken: set[int]
    pasts: dict[int, Past]
    groups: dict[str, GroupConsumption]
    tariffs: dict[str, Tariff]

    def months_since_last(self, meter: Meter) -> int:
        """From the month that the newest reading counts for to the period. KeyError where there is none."""
        last = period_of(self.newest[meter.pk].taken_on, self.rules.until_day)
        return months_between(last.month, self.period.month)

    def tariff(self, meter: Meter) -> Tariff | None:
        return self.tariffs.get(meter.tariff_code)


def meter_facts(meters: list[Meter], day: datetime.date | None = None) -> MeterFacts:
    """Of these meters on the day, which is today's unless a telephone kept a reading of an earlier one.

    In the company whose schema and time zone are active.
    """
    day = day or today()
    rules = meter_rules(day)
    period = period_of(day, rules.until_day)
    codes = {meter.tariff_code for meter in meters}
    sent_today = {
        reading.meter_id: reading
        for reading in Reading.objects.filter(
            meter__in=meters, taken_on=day, origin=Reading.Origin.PORTAL
        )
    }
    taken = readings_taken(list(sent_today.values()))
    return MeterFacts(
        day=day,
        rules=rules,
        period=period,
        meters=meters,
        newest=last_readings(meters),
        earlier=last_readings(meters, before=day),
        sent_today=sent_today,
        taken={pk for pk, reading in sent_today.items() if reading.pk in taken},
        pasts=pasts_of(meters, since=day - PAST, before=day, until_day=rules.until_day),
        groups={
            group.tariff_code: group
            for group in GroupConsumption.objects.filter(
                tariff_code__in=codes, month_number=period.month.month
            )
        },
        tariffs=tariffs_in_force(codes, day),
    )
