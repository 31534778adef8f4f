"""Money, volumes, counts and plain decimals as people read them. Template filters: `{% load formats %}`."""

from decimal import ROUND_HALF_UP, Decimal

NO_BREAK = "\u00a0"
# Between thousands: narrow, and never broken over lines.
THOUSANDS = "\u202f"
_MINUS = "\u2212"


def grouped(number: Decimal | int) -> str:
    """Format a number with its thousands apart, a decimal comma and as many decimals as it has: `1 091,4`."""
    return _signed(number, f"{abs(Decimal(number)).normalize():,f}")


def rubles(amount: Decimal) -> str:
    """Format an amount of ₽ with kopecks: `−1 234,50 ₽`, never broken over lines."""
    return f"{kopecks(amount)}{NO_BREAK}₽"


def kopecks(amount: Decimal) -> str:
    """Format an amount as a column of ₽ has it, whose heading names the unit: `−1 234,50`."""
    return _signed(amount, f"{abs(amount):,.2f}")


def rubles_unsigned(amount: Decimal) -> str:
    """Format ₽ below a word that says which way they go, such as «Переплата»: without a minus."""
    return rubles(abs(amount))


def estimate(low: Decimal, high: Decimal | None = None) -> str:
    """Format ₽ that are not exact: `около 10 800 ₽`, or with `high` `от 13 600 до 15 400 ₽`."""
    least, most = _rounded(low), _rounded(low if high is None else high)
    if least == most:
        return f"около{NO_BREAK}{grouped(most)}{NO_BREAK}₽"
    return f"от{NO_BREAK}{grouped(least)} до{NO_BREAK}{grouped(most)}{NO_BREAK}₽"


def plain_decimal(number: Decimal) -> str:
    """Format a number as a meter or a table has it, its thousands together: `1091,4`."""
    return f"{number.normalize():f}".replace(".", ",")


def cubic_metres(volume: Decimal) -> str:
    """Format m³ with as many decimals as there are: `1 091,4 м³`."""
    return f"{grouped(volume)}{NO_BREAK}м³"


def _signed(number: Decimal | int, figure: str) -> str:
    sign = _MINUS if number < 0 else ""
    return f"{sign}{figure}".replace(",", THOUSANDS).replace(".", ",")


def _rounded(amount: Decimal) -> Decimal:
    """Return an amount with its first two or three digits; whole ₽ below a hundred."""
    digits = max(0, abs(amount).adjusted() - 2) if abs(amount) >= 1000 else int(abs(amount) >= 100)
    unit = Decimal(10) ** digits
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
