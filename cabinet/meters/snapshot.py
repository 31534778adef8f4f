"""All that a page of readings needs to know of its meters, by a fixed number of queries."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from cabinet.meters.history.months import HISTORY_SPAN, ConsumptionHistory, consumption_history_of
from cabinet.meters.models import GroupConsumption, Meter, Reading, Tariff
from cabinet.meters.periods import MeterRules, Period, meter_rules, period_of
from cabinet.meters.precedence import (
    acknowledged_keys,
    compared_with,
    is_compared,
    is_replaced,
)
from cabinet.meters.selectors import last_readings, tariffs_in_force, today
from portal.formats.dates import months_between


@dataclass(frozen=True)
class MeterSnapshot:
    """What is known of meters, by their keys; asked of the database when it is first used.

    `channel`: whose page it is for; a guest's knows of readings what billing has said, and nothing else. Use
    it in the company whose schema and time zone are active, where it was made.
    """

    day: datetime.date
    rules: MeterRules
    period: Period
    meters: list[Meter]
    channel: str

    @property
    def is_guests(self) -> bool:
        return self.channel == Reading.Channel.GUEST

    @cached_property
    def newest(self) -> dict[int, Reading]:
        """Return the reading as shown, which may be of today."""
        if self.is_guests:
            return last_readings(self.meters, among=compared_with(self.channel))
        return last_readings(self.meters)

    @cached_property
    def earlier(self) -> dict[int, Reading]:
        """Return the reading that one of `day` is compared with: mostly the newest, else it is read."""
        found = {
            pk: one for pk, one in self.newest.items() if is_compared(one, self.channel, self.day)
        }
        others = [one for one in self.meters if one.pk in self.newest and one.pk not in found]
        if not others:
            return found
        return found | last_readings(others, before=self.day, among=compared_with(self.channel))

    @cached_property
    def sent_today(self) -> dict[int, Reading]:
        """Return the portal's own reading of `day`; none for a guest."""
        late = [pk for pk, newest in self.newest.items() if newest.taken_on >= self.day]
        if self.is_guests or not late:
            return {}
        found = Reading.objects.filter(
            meter__in=late, taken_on=self.day, origin=Reading.Origin.PORTAL
        )
        return {reading.meter_id: reading for reading in found}

    @cached_property
    def final(self) -> set[int]:
        """Return the meters whose `sent_today` a new reading does not replace: billing has it."""
        known = acknowledged_keys(self.sent_today.values())
        return {
            pk
            for pk, reading in self.sent_today.items()
            if not is_replaced(reading, self.channel, is_acknowledged=reading.pk in known)
        }

    @cached_property
    def histories(self) -> dict[int, ConsumptionHistory]:
        return consumption_history_of(
            self.meters,
            since=self.day - HISTORY_SPAN,
            before=self.day,
            until_day=self.rules.until_day,
            among=compared_with(self.channel),
        )

    @cached_property
    def groups(self) -> dict[str, GroupConsumption]:
        month = self.period.month.month
        found = GroupConsumption.objects.filter(tariff_code__in=self._codes, month_number=month)
        return {group.tariff_code: group for group in found}

    @cached_property
    def tariffs(self) -> dict[str, Tariff]:
        return tariffs_in_force(self._codes, self.day)

    @property
    def _codes(self) -> set[str]:
        return {meter.tariff_code for meter in self.meters}

    def months_since_last(self, meter: Meter) -> int:
        """Count months from that of the newest reading to the period.

        Raises KeyError where there is no reading.
        """
        last = period_of(self.newest[meter.pk].taken_on, self.rules.until_day)
        return months_between(last.month, self.period.month)

    def tariff(self, meter: Meter) -> Tariff | None:
        return self.tariffs.get(meter.tariff_code)


def meter_snapshot(
    meters: list[Meter],
    day: datetime.date | None = None,
    *,
    channel: str = Reading.Channel.CABINET,
) -> MeterSnapshot:
    """Return the snapshot of these meters for the day: today unless an offline draft is sent."""
    day = day or today()
    rules = meter_rules(day)
    return MeterSnapshot(day, rules, period_of(day, rules.until_day), meters, channel)
