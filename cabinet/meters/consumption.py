"""What a reading means in m³ and roubles. `portal/assets/js/consumption.js` follows the same rules; both are
checked against one table, `tests/cabinet/consumption_vectors.json`."""

from decimal import ROUND_HALF_UP, Decimal


def consumption(last: Decimal, new: Decimal, digits: int, *, rolled_over: bool = False) -> Decimal:
    """m³ between two readings; over the zero of a dial of `digits` digits where it rolled over.

    99 998 → 00 003 on five digits is 5 m³. Raises ValueError when `new` is lower and it did not, and for a
    last one that this dial could not have shown.
    """
    if new >= last and not rolled_over:
        return new - last
    if rolled_over and new <= last < Decimal(10) ** digits:
        return new + Decimal(10) ** digits - last
    raise ValueError("a lower reading needs a reason")


def cost(volume: Decimal, price: Decimal) -> Decimal:
    """«К оплате по счётчику», ₽: m³ by the price of one, rounded half up to kopecks."""
    return (volume * price).quantize(Decimal("0.01"), ROUND_HALF_UP)


def consumption_or_none(
    last: Decimal, new: Decimal, digits: int, *, rolled_over: bool = False
) -> Decimal | None:
    """The same; None where the meter was replaced or billing corrected, so that the two do not tell."""
    try:
        return consumption(last, new, digits, rolled_over=rolled_over)
    except ValueError:
        return None
