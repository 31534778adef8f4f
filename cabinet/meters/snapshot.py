"""All that a page of readings needs to know of its meters, by a fixed number of queries."""

import datetime
from dataclasses import dataclass

from cabinet.meters.history.months import HISTORY_SPAN, ConsumptionHistory, consumption_history_of
from cabinet.meters.models import GroupConsumption, Meter, Reading, Tariff
from cabinet.meters.periods import MeterRules, Period, meter_rules, period_of
from cabinet.meters.selectors import last_readings, tariffs_in_force, today
from cabinet.outgoing.models import Kind
from cabinet.outgoing.selectors import acknowledged_ids
from portal.formats.dates import months_between


@dataclass(frozen=True)
class MeterSnapshot:
    """What is known of meters, by their keys.

    `newest`: the reading as shown, maybe today's own; `earlier`: the one that a reading of `day` follows;
    `sent_today`: the portal's own of `day`; `acknowledged`: meters whose `sent_today` billing has.
    """

    day: datetime.date
    rules: MeterRules
    period: Period
    meters: list[Meter]
    newest: dict[int, Reading]
    earlier: dict[int, Reading]
    sent_today: dict[int, Reading]
    acknowledged: set[int]
    histories: dict[int, ConsumptionHistory]
    groups: dict[str, GroupConsumption]
    tariffs: dict[str, Tariff]

    def months_since_last(self, meter: Meter) -> int:
        """Count months from that of the newest reading to the period.

        Raises KeyError where there is no reading.
        """
        last = period_of(self.newest[meter.pk].taken_on, self.rules.until_day)
        return months_between(last.month, self.period.month)

    def tariff(self, meter: Meter) -> Tariff | None:
        return self.tariffs.get(meter.tariff_code)


def meter_snapshot(meters: list[Meter], day: datetime.date | None = None) -> MeterSnapshot:
    """Return the snapshot of these meters for the day.

    Today unless an offline draft of an earlier day is sent, in the company whose schema and time zone are
    active.
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
    acknowledged = acknowledged_ids(Kind.READINGS, [one.pk for one in sent_today.values()])
    return MeterSnapshot(
        day=day,
        rules=rules,
        period=period,
        meters=meters,
        newest=last_readings(meters),
        earlier=last_readings(meters, before=day),
        sent_today=sent_today,
        acknowledged={pk for pk, one in sent_today.items() if one.pk in acknowledged},
        histories=consumption_history_of(
            meters, since=day - HISTORY_SPAN, before=day, until_day=rules.until_day
        ),
        groups={
            group.tariff_code: group
            for group in GroupConsumption.objects.filter(
                tariff_code__in=codes, month_number=period.month.month
            )
        },
        tariffs=tariffs_in_force(codes, day),
    )
