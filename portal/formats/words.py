"""Durations and small counts in words, as a sentence wants them: «сутки», «14 дней», «пять цифр»."""

import datetime
import math

from django.utils.translation import gettext, ngettext

from portal.formats.numbers import NO_BREAK, grouped

_MASCULINE = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_FEMININE = ("одна", "две", *_MASCULINE[2:])
_OF = ("одного", "двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти")


def count_word(number: int, words: tuple[str, ...] = _MASCULINE) -> str:
    """Return a count up to nine in words, a larger one in digits: «пять», «10»."""
    return words[number - 1] if 1 <= number <= len(words) else grouped(number)


def feminine_count_word(number: int) -> str:
    """Return the same before a feminine noun: «две цифры»."""
    return count_word(number, _FEMININE)


def counted_digits(number: int) -> str:
    """Return how many black digits a dial shows: «пять чёрных цифр»."""
    words = ngettext("%(n)s чёрная цифра", "%(n)s чёрных цифр", number)
    return words % {"n": feminine_count_word(number)}


def duration(length: datetime.timedelta) -> str:
    """Return a duration as it stands after «через» and «действует»: «час», «сутки», «14 дней».

    What is no whole number of its unit is rounded up.
    """
    count, unit = _measured(length)
    if unit == "days":
        one, words = gettext("сутки"), ngettext("%(n)s день", "%(n)s дней", count)
    elif unit == "hours":
        one, words = gettext("час"), ngettext("%(n)s час", "%(n)s часов", count)
    else:
        one, words = gettext("минуту"), ngettext("%(n)s минуту", "%(n)s минут", count)
    number = feminine_count_word(count) if unit == "minutes" else count_word(count)
    return one if count == 1 else (words % {"n": number}).replace(" ", NO_BREAK)


def duration_of(length: datetime.timedelta) -> str:
    """Return a duration as it stands after «в течение» and «больше»: «часа», «суток», «трёх дней»."""
    count, unit = _measured(length)
    if unit == "days":
        one, words = gettext("суток"), ngettext("%(n)s дня", "%(n)s дней", count)
    elif unit == "hours":
        one, words = gettext("часа"), ngettext("%(n)s часа", "%(n)s часов", count)
    else:
        one, words = gettext("минуты"), ngettext("%(n)s минуты", "%(n)s минут", count)
    number = count_word(count, _OF)
    return one if count == 1 else (words % {"n": number}).replace(" ", NO_BREAK)


def minutes(count: int) -> str:
    return duration(datetime.timedelta(minutes=count))


def minutes_of(count: int) -> str:
    return duration_of(datetime.timedelta(minutes=count))


def hours(count: int) -> str:
    return duration(datetime.timedelta(hours=count))


def days(count: int) -> str:
    return duration(datetime.timedelta(days=count))


def days_of(count: int) -> str:
    return duration_of(datetime.timedelta(days=count))


def working_days_of(count: int) -> str:
    """Return a term as it stands after «в течение»: «одного рабочего дня», «трёх рабочих дней»."""
    words = ngettext("%(n)s рабочего дня", "%(n)s рабочих дней", count)
    return (words % {"n": count_word(count, _OF)}).replace(" ", NO_BREAK)


def working_hours_of(count: int) -> str:
    """Return a term as it stands after «в течение»: «одного рабочего часа», «трёх рабочих часов»."""
    words = ngettext("%(n)s рабочего часа", "%(n)s рабочих часов", count)
    return (words % {"n": count_word(count, _OF)}).replace(" ", NO_BREAK)


def _measured(length: datetime.timedelta) -> tuple[int, str]:
    whole = max(1, math.ceil(length.total_seconds() / 60))
    if whole < 60:
        return whole, "minutes"
    if whole < 24 * 60:
        return math.ceil(whole / 60), "hours"
    return math.ceil(whole / (24 * 60)), "days"
