"""What a reading means in m³ and roubles.

`portal/assets/js/meter-rules.js` follows the same rules; both are checked against one table of vectors.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import floor

from cabinet.meters.models import Reading


def consumption(last: Decimal, new: Decimal, digits: int, *, rolled_over: bool = False) -> Decimal:
    """Return m³ between two readings, over the zero of the dial where it rolled over.

    99 998 → 00 003 on five digits is 5 m³. A dial shows whole m³: 1234 after billing's 1234.567 is none.
    Raises ValueError when `new` is lower and it did not roll over, and for a last one that a dial of `digits`
    digits could not have shown.
    """
    if new >= floor(last) and not rolled_over:
        return max(new - last, Decimal())
    if rolled_over and new <= last < Decimal(10) ** digits:
        return new + Decimal(10) ** digits - last
    raise ValueError("a lower reading needs a reason")


def cost(volume: Decimal, price: Decimal) -> Decimal:
    """Return «К оплате по счётчику», ₽: m³ by the price of one, rounded half up to kopecks."""
    return (volume * price).quantize(Decimal("0.01"), ROUND_HALF_UP)


def consumption_or_none(
    last: Decimal, new: Decimal, digits: int, *, rolled_over: bool = False
) -> Decimal | None:
    """Return the same, or None where a replaced meter or billing's correction leaves it unknown."""
    try:
        return consumption(last, new, digits, rolled_over=rolled_over)
    except ValueError:
        return None


def used_between(last: Reading, reading: Reading, digits: int) -> Decimal | None:
    """Return m³ from one reading of a meter to the next, None where unknown."""
    rolled_over = reading.lower_reason == Reading.LowerReason.ROLLED_OVER
    return consumption_or_none(last.value, reading.value, digits, rolled_over=rolled_over)
