"""What people type to find a month or a payment: «май 24», «05.2024», «2024», «03.05.24», «1 111,10»."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cabinet.billing.proofs import typed_sum
from portal.formats.dates import month_after
from portal.formats.text import fold

Days = tuple[datetime.date, datetime.date]

# What the cases of a month's name have in common, in the form that `fold` gives.
_MONTHS = (
    *("ЯНВАР", "ФЕВРАЛ", "МАРТ", "АПРЕЛ", "МА", "ИЮН"),
    *("ИЮЛ", "АВГУСТ", "СЕНТЯБР", "ОКТЯБР", "НОЯБР", "ДЕКАБР"),
)
_CASES = frozenset("ЬЙЯАЕ")
_SHORTEST = 3  # «янв», «сен»

_YEAR_WORD = re.compile(r"\s*Г(?:ОДА?)?\.?\Z")
_KOPECKS = re.compile(r"[0-9][.,][0-9]|коп", re.IGNORECASE)
_KOPECK = Decimal("0.01")


@dataclass(frozen=True)
class WantedPayment:
    """What a typed text may mean; a payment that fits one of the meanings is wanted.

    `days`: from the first to the last; `every_year`: a day and a month; `amounts`: ₽ from the least to the
    most, of either sign.
    """

    days: tuple[Days, ...] = ()
    every_year: tuple[int, int] | None = None
    amounts: tuple[Decimal, Decimal] | None = None

    def is_met_by(self, paid_on: datetime.date, amount: Decimal) -> bool:
        return (
            any(first <= paid_on <= last for first, last in self.days)
            or self.every_year == (paid_on.day, paid_on.month)
            or (self.amounts is not None and self.amounts[0] <= abs(amount) <= self.amounts[1])
        )


def typed_months(text: str) -> Days | None:
    """Return the first and the last month of a typed month or year; None if it is neither."""
    typed = _YEAR_WORD.sub("", fold(text))
    for pattern, read in _MONTH_READERS:
        if found := pattern.fullmatch(typed):
            return read(*found.groups())
    return None


def typed_payment(text: str) -> WantedPayment | None:
    """Return what is wanted by a typed day, month, year or sum; None if it is none of them.

    A sum without kopecks is of any kopecks: «1111» finds 1 111,10 ₽.
    """
    amounts = typed_amounts(text)
    typed = _YEAR_WORD.sub("", fold(text))
    # «10.20» is a sum; as a month it would find all payments of October 2020 too.
    is_sum_alone = amounts is not None and "." in typed
    days = () if is_sum_alone else tuple(_typed_days(typed))
    every_year = _typed_day_of_any_year(typed)
    if not days and every_year is None and amounts is None:
        return None
    return WantedPayment(days, every_year, amounts)


def typed_amounts(text: str) -> tuple[Decimal, Decimal] | None:
    """Return from which sum to which a typed one reaches, ₽ without a sign; None if it is no sum."""
    try:
        amount = Decimal(typed_sum(text))
    except ValueError:
        return None
    return (amount, amount) if _KOPECKS.search(text) else (amount, amount + 1 - _KOPECK)


def _typed_days(typed: str) -> Iterator[Days]:
    for pattern, read in _DAY_READERS:
        if (found := pattern.fullmatch(typed)) and (day := read(*found.groups())):
            yield day, day
    if months := typed_months(typed):
        yield months[0], month_after(months[1]) - datetime.timedelta(days=1)


def _typed_day_of_any_year(typed: str) -> tuple[int, int] | None:
    if found := re.fullmatch(r"([0-9]{1,2}) ?([А-Я]+)\.?", typed):
        day, month = found[1], _month_number(found[2])
    elif found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{2})", typed):
        day, month = found[1], int(found[2])
    else:
        return None
    # 2024 has a 29th of February.
    return (int(day), month) if month and _day("2024", str(month), day) else None


def _named_month(name: str, year: str) -> Days | None:
    return _numbered_month(str(_month_number(name) or 0), year)


def _numbered_month(number: str, year: str) -> Days | None:
    month = _day(year, number, "1")
    return (month, month) if month else None


def _whole_year(year: str) -> Days | None:
    first, last = _day(year, "1", "1"), _day(year, "12", "1")
    return (first, last) if first and last else None


def _day(year: str, month: str, day: str) -> datetime.date | None:
    """Return the day; None where there is none, or in a year that no account has known."""
    number = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return datetime.date(number, int(month), int(day)) if 1900 <= number < 2200 else None
    except ValueError:
        return None


def _named_day(day: str, name: str, year: str) -> datetime.date | None:
    return _day(year, str(_month_number(name) or 0), day)


def _month_number(name: str) -> int | None:
    """Return the month of a name in any case, or of its first letters."""
    for number, stem in enumerate(_MONTHS, 1):
        is_case = name[:-1] == stem and name[-1] in _CASES
        if name == stem or is_case or (len(name) >= _SHORTEST and stem.startswith(name)):
            return number
    return None


# Of what `fold` has made of the text: in it hyphens are spaces, and apostrophes are gone.
_MONTH_READERS: tuple[tuple[re.Pattern[str], Callable[..., Days | None]], ...] = (
    (re.compile(r"([А-Я]+)[. ]{0,2}([0-9]{4}|[0-9]{2})"), _named_month),
    (re.compile(r"([0-9]{1,2})[. /]([0-9]{4}|[0-9]{2})"), _numbered_month),
    (re.compile(r"([0-9]{4})[. /]([0-9]{1,2})"), lambda year, month: _numbered_month(month, year)),
    (re.compile(r"([0-9]{4})"), _whole_year),
)
_DAY_READERS: tuple[tuple[re.Pattern[str], Callable[..., datetime.date | None]], ...] = (
    (
        re.compile(r"([0-9]{1,2})[. /]([0-9]{1,2})[. /]([0-9]{4}|[0-9]{2})"),
        lambda day, month, year: _day(year, month, day),
    ),
    (re.compile(r"([0-9]{4})[. /]([0-9]{1,2})[. /]([0-9]{1,2})"), _day),
    (re.compile(r"([0-9]{1,2}) ?([А-Я]+)[. ]{0,2}([0-9]{4}|[0-9]{2})"), _named_day),
)
