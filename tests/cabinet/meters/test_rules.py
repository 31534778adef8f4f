"""What refuses a reading, whatever way it comes in."""

from decimal import Decimal

import pytest

from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.rules import NewReading, Refusal, reading_refusal


def reading(value: int, lower_reason: str = "") -> Reading:
    return Reading(value=Decimal(value), lower_reason=lower_reason)


@pytest.mark.parametrize(
    ("value", "reason", "last", "later", "refusal"),
    [
        (99_999, "", None, None, None),
        (100_000, "", None, None, Refusal.DIGITS),
        (-1, "", None, None, Refusal.DIGITS),
        (1900, "", reading(1900), None, None),
        (1899, "", reading(1900), None, Refusal.LOWER),
        (1899, "rolled_over", reading(1900), None, None),
        (1899, "by mistake", reading(1900), None, Refusal.LOWER),
        (2000, "", reading(1900), reading(2000), None),
        (2001, "", reading(1900), reading(2000), Refusal.LATER),
        # The later one came after the dial had gone over its zero.
        (99_990, "", reading(99_900), reading(5, "rolled_over"), None),
    ],
)
def test_a_reading_between_its_neighbours(value, reason, last, later, refusal):
    new = NewReading(1, value, reason)
    assert reading_refusal(new, Meter(digits=5), last=last, later=later) == refusal
