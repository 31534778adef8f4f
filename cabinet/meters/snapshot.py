"""All that a page of readings needs to know of its meters, by a fixed number of queries."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property  # the standard one locks all threads

from cabinet.meters.history.months import HISTORY_SPAN, ConsumptionHistory, consumption_history_of
from cabinet.meters.models import GroupConsumption, Meter, Reading, ReadingSettings, Tariff
from cabinet.meters.periods import MeterRules, Period, meter_rules, period_of
from cabinet.meters.precedence import (
    acknowledged_keys,
    compared_with,
    is_compared,
    is_replaced,
)
from cabinet.meters.selectors import (
    is_calculated,
    last_readings,
    reading_settings,
    tariffs_in_force,
    today,
    true_readings,
)
from cabinet.meters.serial_numbers import shown_numbers
from portal.formats.dates import months_between


@dataclass(frozen=True)
class Compared:
    """What a new reading of a meter is compared with.

    `last`: the reading before it, from which billing counts. `true`: the last one before it that a dial has
    shown; mostly the same, an earlier one or None where billing has calculated `last`.
    """

    last: Reading | None = None
    true: Reading | None = None

    @property
    def is_estimate(self) -> bool:
        return self.last is not self.true

    @property
    def known(self) -> Reading | None:
        return self.true or self.last


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

    def period_context(self) -> dict[str, Any]:
        """Return what `cabinet/meters/period.html` says: the month, and how long it is still in time."""
        return {"period": self.period, "days_left": (self.period.until - self.day).days}

    @property
    def is_guests(self) -> bool:
        return self.channel == Reading.Channel.GUEST

    @cached_property
    def numbers(self) -> dict[int, str]:
        """Return the meters' numbers as this page shows them: guests and delegates see their ends."""
        masked = self.channel in (Reading.Channel.GUEST, Reading.Channel.DELEGATE)
        return shown_numbers(self.meters, masked=masked)

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
    def settings(self) -> ReadingSettings:
        return reading_settings()

    @cached_property
    def _true(self) -> dict[int, list[Reading]]:
        """Return true readings before those that billing has calculated, for these meters alone."""
        found = self.earlier.items()
        billings = [one for one in found if one[1].origin == Reading.Origin.BILLING]
        pks = {pk for pk, last in billings if is_calculated(last, self.settings)}
        if not pks:
            return {}
        since, among = self.day - HISTORY_SPAN, compared_with(self.channel)
        meters = [meter for meter in self.meters if meter.pk in pks]
        # Billing has one reading a day, and the portal's of `day` would be replaced.
        known = true_readings(meters, self.settings, since=since, before=self.day, among=among)
        return {pk: known.get(pk, []) for pk in pks}

    def compared(self, meter_pk: int) -> Compared:
        """Return what a reading of `day` is compared with.

        A true reading above a later calculated one tells nothing: the dial began anew, or was corrected.
        """
        last = self.earlier.get(meter_pk)
        if last is None or meter_pk not in self._true:
            return Compared(last, last)
        before = (one for one in self._true[meter_pk] if one.taken_on <= last.taken_on)
        true = next(before, None)
        return Compared(last, true if true and true.value <= last.value else None)

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
    def groups(self) -> dict[tuple[str, int], GroupConsumption]:
        """Return what meters of a tariff use in a calendar month, by code and number of the month."""
        found = GroupConsumption.objects.filter(tariff_code__in=self._codes)
        return {(group.tariff_code, group.month_number): group for group in found}

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
