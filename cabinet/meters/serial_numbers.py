"""How much of a meter's number guests see, and how many guesses the rest is wide.

Numbers count as they are compared: without signs and leading zeros (`typed.serial_number`).
"""

import datetime
import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from cabinet.accounts.typed import serial_number
from portal.formats.text import printed

if TYPE_CHECKING:
    from cabinet.meters.models import Meter

VISIBLE_AT_MOST = 3
HIDDEN_DIGITS = 5  # the first of them is never 0, so four would be 9 000 guesses
# Numbers that begin with their day of production. A meter lives for twenty years.
_DATES = (("%Y%m%d", 8), ("%d%m%Y", 8), ("%y%m%d", 6))
_DAYS = 20 * 366


class Numbered(Protocol):
    """A meter, as far as guests tell it from another one."""

    pk: int
    model: str

    @property
    def masked_number(self) -> str: ...


def visible_end(text: str) -> str:
    """Return the end of a meter's number that guests see: half at most, and five digits stay hidden."""
    number = serial_number(text)
    signs = max(0, min(VISIBLE_AT_MOST, len(number) // 2, _digits(number) - HIDDEN_DIGITS))
    return number[len(number) - signs :]


def hidden_start(text: str) -> str:
    """Return the rest of the number, which guests do not see."""
    return serial_number(text).removesuffix(visible_end(text))


def masked_numbers(meters: Sequence[Numbered]) -> dict[int, str]:
    """Return what guests see of the numbers by the meters' keys; meters that look alike are counted."""
    looks = [(meter.model, meter.masked_number) for meter in meters]
    found = {}
    for place, (meter, look) in enumerate(zip(meters, looks, strict=True)):
        text = meter.masked_number
        if looks.count(look) > 1:
            counted = {"nth": looks[: place + 1].count(look), "all": looks.count(look)}
            text = _("%(number)s (%(nth)d-й из %(all)d)") % {"number": text, **counted}
        found[meter.pk] = text
    return found


def shown_numbers(meters: Sequence["Meter"], *, masked: bool) -> dict[int, str]:
    """Return the numbers by the meters' keys: whole for a holder, masked for guests and delegates."""
    if masked:
        return masked_numbers(meters)
    return {meter.pk: meter.serial_number for meter in meters}


def hidden_width(text: str) -> int:
    """Return how many guesses what is hidden takes by its form alone.

    A letter counts as known: makers use few. 1 for what is no number at all: «б/н», 1234567, 121212.
    """
    number = serial_number(text)
    if is_made_up(number):
        return 1
    hidden = hidden_start(text)
    width = guesses_of(hidden)
    if hidden[:1].isdecimal():
        width = width * 9 // 10
    return min([width, *_widths_of_dates(printed(text).removesuffix(visible_end(text)))])


def guesses_of(text: str) -> int:
    """Return how many texts have other digits in the same places."""
    return int(10 ** _digits(text))


def _digits(text: str) -> int:
    return len(re.findall("[0-9]", text))


def is_made_up(number: str) -> bool:
    """Tell a number that somebody has made up: a repeated piece, or signs in a row."""
    is_repeated = number in (number + number)[1:-1]
    steps = {(ord(b) - ord(a)) % 10 for a, b in itertools.pairwise(number)}
    return is_repeated or steps in ({1}, {9})


def _widths_of_dates(hidden: str) -> list[int]:
    widths = []
    for form, length in _DATES:
        try:
            day = datetime.datetime.strptime(hidden[:length], form)
        except ValueError:
            continue
        if len(hidden) >= length and 1990 <= day.year <= 2050:
            widths.append(_DAYS * guesses_of(hidden[length:]))
    return widths
