from decimal import Decimal


def consumption(last: Decimal, new: Decimal, digits: int, *, rolled_over: bool = False) -> Decimal:
    """m³ between two readings; over the zero of a dial of `digits` digits where it rolled over.

    99 998 → 00 003 on five digits is 5 m³. Raises ValueError when `new` is lower and it did not.
    """
    if new >= last and not rolled_over:
        return new - last
    if rolled_over and new <= last:
        return new + Decimal(10) ** digits - last
    raise ValueError("a lower reading needs a reason")
