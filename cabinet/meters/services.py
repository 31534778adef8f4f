"""Taking readings: all of a submission, or none of it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from cabinet.meters.exceptions import ReadingRefused
from cabinet.meters.models import Meter, Reading, Submission
from cabinet.meters.photo_services import photos_attach
from cabinet.meters.rules import meter_rules, period_of
from cabinet.meters.selectors import last_readings, next_readings, today
from cabinet.meters.submission_services import submission_confirm, submission_open
from cabinet.meters.taking import readings_taken
from cabinet.outgoing import outgoing_note

__all__ = ["NewReading", "ReadingRefused", "readings_submit"]

# How late a telephone that had no signal may bring what was typed on it.
LATEST = datetime.timedelta(days=31)


@dataclass(frozen=True)
class NewReading:
    """`value` in whole m³, as on the dial; `lower_reason` where it is lower than the last one."""

    meter_pk: int
    value: int
    lower_reason: str = ""


@transaction.atomic
def readings_submit(
    *,
    account_pk: int,
    readings: list[NewReading],
    channel: str,
    subscriber_id: UUID | None = None,
    sending_id: UUID | None = None,
    taken_on: datetime.date | None = None,
    typed_at: datetime.datetime | None = None,
    photo_ids: Sequence[UUID] = (),
) -> Submission:
    """Take readings of an account's meters: all of them, or none. The answer is the receipt.

    The day is the company's today, or `taken_on` of a telephone without signal. Sent again on the same
    day, a reading corrects the first, until billing has taken it; the same `sending_id` with the same
    values is there once and gets the same receipt. `typed_at` of a telephone that sends by itself: what
    arrived for the day after that moment is not corrected by it.

    Raises ReadingRefused for no reading at all, a meter that is not the account's or is out of use, a value
    with more digits than the dial, a lower one without a reason, one that billing has taken, a day to come
    or long ago, one higher than that of a later day, and one that would correct what was said later.
    """
    day, now = taken_on or today(), timezone.now()
    if not readings:
        raise ReadingRefused(0, "meter")
    if not today() - LATEST <= day <= today():
        raise ReadingRefused(readings[0].meter_pk, "day")
    submission, is_new = submission_open(
        account_pk=account_pk,
        values={new.meter_pk: new.value for new in readings},
        sending_id=sending_id or uuid4(),
        channel=channel,
        subscriber_id=subscriber_id,
        taken_on=day,
        counts_for=period_of(day, meter_rules(day).until_day).month,
        received_at=now,
    )
    if not is_new:
        return submission
    meters = {
        meter.pk: meter
        for meter in Meter.objects.filter(
            account_id=account_pk, account__closed_on=None, removed_on=None
        )
    }
    earlier = last_readings(list(meters.values()), before=day)
    later = next_readings(list(meters.values()), after=day) if day < today() else {}
    taken = _taken(list(meters), day)
    accepted = []
    # Always in one order: two senders of the same meters must not wait for each other.
    for new in sorted(readings, key=lambda one: one.meter_pk):
        meter = meters.get(new.meter_pk)
        if meter is None:
            raise ReadingRefused(new.meter_pk, "meter")
        if meter.pk in taken:
            raise ReadingRefused(meter.pk, "taken")
        last = earlier.get(meter.pk)
        _check(new, meter, last, later.get(meter.pk))
        values = {
            "value": new.value,
            "previous_value": last.value if last else None,
            "source": channel,
            "lower_reason": new.lower_reason,
            "subscriber_id": subscriber_id,
            "received_at": now,
        }
        accepted.append(_write(meter, day, values, typed_at))
    outgoing_note("readings", [reading.pk for reading in accepted])
    photos_attach(submission=submission, photo_ids=photo_ids)
    submission_confirm(submission=submission, readings=accepted)
    return submission


def _taken(meter_pks: list[int], day: datetime.date) -> set[int]:
    """Meters whose reading of the day billing has. Locked, so that it is not taken at this moment."""
    sent = Reading.objects.select_for_update().filter(
        meter__in=meter_pks, taken_on=day, origin=Reading.Origin.PORTAL
    )
    readings = list(sent.order_by("meter_id"))
    taken = readings_taken(readings)
    return {reading.meter_id for reading in readings if reading.pk in taken}


def _write(
    meter: Meter, day: datetime.date, values: dict[str, Any], typed_at: datetime.datetime | None
) -> Reading:
    """The day's reading of the portal, new or corrected; looked at again when nobody else can change it."""
    reading, is_new = Reading.objects.get_or_create(
        meter=meter, taken_on=day, origin=Reading.Origin.PORTAL, defaults=values
    )
    if is_new:
        return reading
    reading = Reading.objects.select_for_update().get(pk=reading.pk)
    if typed_at and reading.received_at > typed_at and reading.value != values["value"]:
        raise ReadingRefused(meter.pk, "newer")
    for name, value in values.items():
        setattr(reading, name, value)
    reading.save()
    return reading


def _check(new: NewReading, meter: Meter, last: Reading | None, later: Reading | None) -> None:
    if not 0 <= new.value < 10**meter.digits:
        raise ReadingRefused(meter.pk, "digits")
    is_lower = last is not None and Decimal(new.value) < last.value
    if is_lower and new.lower_reason not in Reading.LowerReason.values:
        raise ReadingRefused(meter.pk, "lower")
    # After a dial went over its zero, or a meter was replaced, an earlier day's reading is the higher one.
    if later is not None and not later.lower_reason and Decimal(new.value) > later.value:
        raise ReadingRefused(meter.pk, "later")
