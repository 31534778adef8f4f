"""Which two readings of a meter explain what was charged for a month.

Charges name no meter. So readings are taken for an explanation only where the account has one meter of the
service's tariff, and their difference is the volume that was charged.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db.models import Case, IntegerField, Value, When

from cabinet.accounts.models import PersonalAccount
from cabinet.bills.documents import MeterDifference
from cabinet.meters.history.consumption import consumption_or_none
from cabinet.meters.models import Meter, Reading
from cabinet.meters.periods import meter_rules
from cabinet.meters.selectors import is_calculated, reading_settings
from portal.formats.dates import month_after
from tenants.legal.selectors import LegalValueMissing

# By account and tariff code, then by volume, m³.
Differences = dict[tuple[int, str], dict[Decimal, MeterDifference]]

_A_DAY = datetime.timedelta(days=1)


def meter_differences(accounts: Sequence[PersonalAccount], month: datetime.date) -> Differences:
    """Return what single meters show for a month, by all ends that billing may have counted.

    A month ends with its last day, or with the one until which readings are asked for: what was read later
    counts for the next one. Of billing's readings, the last one of the month less the last one before it. Two
    queries, and two of the company's settings.
    """
    meters = _single_meters(accounts, month)
    if not meters:
        return {}
    ends = _ends(month)
    by_meter = _last_readings(list(meters.values()), sorted({day for pair in ends for day in pair}))
    is_ours = _calculations()
    found: Differences = {}
    for key, meter in meters.items():
        readings = by_meter.get(meter.pk, [])
        for since, until in ends:
            earlier = _last_until(readings, since)
            later = _last_until(readings, until)
            if earlier is None or later is None or later.taken_on <= since:
                continue
            if named := _difference(meter, earlier, later, is_calculated=is_ours(later)):
                found.setdefault(key, {}).setdefault(*named)
    return found


def _calculations() -> Callable[[Reading], bool]:
    """Return what tells whether billing has calculated a reading: its sources are few, its readings many."""
    settings = reading_settings()
    known: dict[str, bool] = {}

    def is_ours(reading: Reading) -> bool:
        if reading.source not in known:
            known[reading.source] = is_calculated(reading, settings)
        return known[reading.source]

    return is_ours


def _single_meters(
    accounts: Sequence[PersonalAccount], month: datetime.date
) -> dict[tuple[int, str], Meter]:
    """Return the meters by account and tariff code, where the account had one of it in the month."""
    following = month_after(month)
    by_key: dict[tuple[int, str], list[Meter]] = defaultdict(list)
    for meter in Meter.objects.filter(account__in=[one.pk for one in accounts]):
        is_gone = meter.removed_on is not None and meter.removed_on < month
        is_new = meter.installed_on is not None and meter.installed_on >= following
        if not is_gone and not is_new:
            by_key[meter.account_id, meter.tariff_code].append(meter)
    return {key: some[0] for key, some in by_key.items() if len(some) == 1}


def _ends(month: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Return the last days of the month before and of the month, by the rule for readings and by calendar."""
    ends = [(month - _A_DAY, month_after(month) - _A_DAY)]
    try:
        day = meter_rules(month).until_day
    except LegalValueMissing:
        return ends
    return [(_day_of(month_after(month, -1), day), _day_of(month, day)), *ends]


def _day_of(month: datetime.date, day: int) -> datetime.date:
    return min(month.replace(day=1) + datetime.timedelta(days=day - 1), month_after(month) - _A_DAY)


def _last_readings(meters: list[Meter], days: list[datetime.date]) -> dict[int, list[Reading]]:
    """Return each meter's last reading of billing between one day and the next, oldest first."""
    part = Case(
        *(When(taken_on__lte=day, then=Value(place)) for place, day in enumerate(days)),
        output_field=IntegerField(),
    )
    rows = (
        Reading.objects.filter(
            meter__in=meters, origin=Reading.Origin.BILLING, taken_on__lte=days[-1]
        )
        .annotate(part=part)
        .order_by("meter_id", "part", "-taken_on")
        .distinct("meter_id", "part")
    )
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        found[row.meter_id].append(row)
    return found


def _last_until(readings: list[Reading], day: datetime.date) -> Reading | None:
    return next((one for one in reversed(readings) if one.taken_on <= day), None)


def _difference(
    meter: Meter, earlier: Reading, later: Reading, *, is_calculated: bool
) -> tuple[Decimal, MeterDifference] | None:
    """Return the volume and its readings; None where a lower reading is no dial that began anew."""
    rolled_over = later.value < earlier.value
    used = consumption_or_none(earlier.value, later.value, meter.digits, rolled_over=rolled_over)
    if used is None:
        return None
    return used, MeterDifference(
        serial_number=meter.serial_number,
        earlier=earlier.value,
        earlier_on=earlier.taken_on,
        later=later.value,
        later_on=later.taken_on,
        rolled_over=rolled_over,
        is_calculated=is_calculated,
    )
