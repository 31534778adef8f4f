from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.meters.models import Meter, Reading
from cabinet.meters.selectors import last_readings, today
from cabinet.outgoing import outgoing_note


class ReadingRefused(Exception):
    """`meter_pk` says whose; the reading is none that the meter could show, or nobody may send it."""

    def __init__(self, meter_pk: int, reason: str) -> None:
        super().__init__(reason)
        self.meter_pk, self.reason = meter_pk, reason


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
) -> list[Reading]:
    """Take today's readings of an account's meters: all of them, or none.

    The day is the company's. Sent again on the same day, a reading corrects the first: twice the same
    is there once. Raises ReadingRefused for a meter that is not the account's or is out of use, a value
    with more digits than the dial, or a lower one without a reason.
    """
    meters = {
        meter.pk: meter
        for meter in Meter.objects.filter(
            account_id=account_pk, account__closed_on=None, removed_on=None
        )
    }
    day, now = today(), timezone.now()
    earlier = last_readings(list(meters.values()), before=day)
    accepted = []
    # Always in one order: two senders of the same meters must not wait for each other.
    for new in sorted(readings, key=lambda one: one.meter_pk):
        meter = meters.get(new.meter_pk)
        if meter is None:
            raise ReadingRefused(new.meter_pk, "meter")
        last = earlier.get(meter.pk)
        _check(new, meter, last)
        reading, _ = Reading.objects.update_or_create(
            meter=meter,
            taken_on=day,
            origin=Reading.Origin.PORTAL,
            defaults={
                "value": new.value,
                "previous_value": last.value if last else None,
                "source": channel,
                "lower_reason": new.lower_reason,
                "subscriber_id": subscriber_id,
                "received_at": now,
            },
        )
        accepted.append(reading)
    outgoing_note("readings", [reading.pk for reading in accepted])
    return accepted


def _check(new: NewReading, meter: Meter, last: Reading | None) -> None:
    if not 0 <= new.value < 10**meter.digits:
        raise ReadingRefused(meter.pk, "digits")
    is_lower = last is not None and Decimal(new.value) < last.value
    if is_lower and new.lower_reason not in Reading.LowerReason.values:
        raise ReadingRefused(meter.pk, "lower")
