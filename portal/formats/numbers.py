"""Money, volumes and plain decimals as people read them. Template filters: `{% load formats %}`."""

from decimal import Decimal

_NO_BREAK = "\u00a0"
_MINUS = "\u2212"


def rubles(amount: Decimal) -> str:
    """Format an amount of ₽ with kopecks: `−1 234,50 ₽`, never broken over lines."""
    figure = f"{abs(amount):,.2f}".replace(",", _NO_BREAK).replace(".", ",")
    sign = _MINUS if amount < 0 else ""
    return f"{sign}{figure}{_NO_BREAK}₽"


def deducted(amount: Decimal) -> str:
    """Format ₽ that are taken off a sum, with a minus: a column of such figures adds up."""
    return rubles(-amount)


def plain_decimal(number: Decimal) -> str:
    """Format a number with a decimal comma and no more decimals than it has: `1091,4`."""
    return f"{number.normalize():f}".replace(".", ",")


def cubic_metres(volume: Decimal) -> str:
    """Format m³ with as many decimals as there are: `1091,4 м³`."""
    return f"{plain_decimal(volume)}{_NO_BREAK}м³"
