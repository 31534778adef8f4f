"""The rules of a reading: how it is typed, when it is refused, when it is asked about.

The form, the service, offline drafts and guests all decide by these functions; the scripts mirror them.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.meters.history.consumption import consumption_or_none
from cabinet.meters.history.months import NEVER_ASKED_BELOW, max_plausible_consumption
from cabinet.meters.models import Meter, Reading
from cabinet.meters.periods import period_of
from cabinet.meters.selectors import today
from cabinet.meters.snapshot import MeterSnapshot
from portal.formats.dates import months_between

_BLACK_DIGITS = (
    _("одна чёрная цифра"),
    _("две чёрные цифры"),
    _("три чёрные цифры"),
    _("четыре чёрные цифры"),
    _("пять чёрных цифр"),
    _("шесть чёрных цифр"),
    _("семь чёрных цифр"),
    _("восемь чёрных цифр"),
    _("девять чёрных цифр"),
)
SPACES = re.compile(r"[\s\u00a0\u202f]+")

# How late a device that had no signal may bring what was typed on it. `js/offline/` counts the same days.
ACCEPTED_FOR = datetime.timedelta(days=31)


class Refusal(StrEnum):
    """Why a reading is refused."""

    METER = "meter"  # there is none, it is not the account's, or it is out of use
    DIGITS = "digits"  # more digits than the dial has
    LOWER = "lower"  # lower than the last one, without a reason
    LATER = "later"  # higher than that of a later day
    DAY = "day"  # a day to come, or too long ago
    ACKNOWLEDGED = "acknowledged"  # billing has the day's reading already
    NEWER = "newer"  # the day's own was sent after this one had been typed


class ReadingRefused(Exception):
    """A reading of the meter `meter_pk` is refused; 0 where no meter is at fault."""

    def __init__(self, meter_pk: int, reason: Refusal) -> None:
        super().__init__(reason)
        self.meter_pk, self.reason = meter_pk, reason


@dataclass(frozen=True)
class NewReading:
    """`value` in whole m³, as on the dial; `lower_reason` where it is lower than the last one."""

    meter_pk: int
    value: int
    lower_reason: str = ""


def reading_value(text: str, digits: int) -> int | None:
    """Return whole m³ from what was typed; None for an empty box.

    Raises ValidationError in Russian.
    """
    typed = SPACES.sub("", text)
    if not typed:
        return None
    if typed.startswith(("-", "−", "–")):
        raise ValidationError(_("Показание не бывает отрицательным. Введите цифры со счётчика."))
    if re.fullmatch(r"[0-9]+[.,][0-9]*", typed):
        raise ValidationError(_("Введите только целые кубометры — цифры до запятой."))
    if not re.fullmatch(r"[0-9]+", typed):
        raise ValidationError(_("Введите показание цифрами, как на счётчике."))
    value = int(typed)
    if not fits_dial(value, digits):
        raise ValidationError(too_many_digits(digits))
    return value


def too_many_digits(digits: int) -> str:
    """Return what to do about a number that is longer than the dial, for a page that sees it typed."""
    black = _BLACK_DIGITS[digits - 1]
    return _t("У\u00a0этого счётчика %(black)s\u00a0— введите только их.") % {"black": black}


def fits_dial(value: int, digits: int) -> bool:
    return 0 <= value < int(10**digits)


def is_day_accepted(day: datetime.date) -> bool:
    """Return whether a reading of the day is still accepted: today's, or one of the last 31 days."""
    return today() - ACCEPTED_FOR <= day <= today()


def is_lower(value: int, last: Reading | None) -> bool:
    return last is not None and Decimal(value) < last.value


def reading_refusal(
    new: NewReading, meter: Meter, *, last: Reading | None, later: Reading | None = None
) -> Refusal | None:
    """Return why the value is impossible after `last` and before `later`; None for a possible one."""
    if not fits_dial(new.value, meter.digits):
        return Refusal.DIGITS
    if is_lower(new.value, last) and new.lower_reason not in Reading.LowerReason.values:
        return Refusal.LOWER
    # After a dial went over its zero, or a meter was replaced, an earlier day's reading is the higher one.
    if later is not None and not later.lower_reason and Decimal(new.value) > later.value:
        return Refusal.LATER
    return None


def consumption_of(new: NewReading, meter: Meter, last: Reading | None) -> Decimal | None:
    """Return m³ since `last`, None where unknown."""
    if last is None or new.lower_reason == Reading.LowerReason.REPLACED:
        return None
    rolled_over = new.lower_reason == Reading.LowerReason.ROLLED_OVER
    return consumption_or_none(
        last.value, Decimal(new.value), meter.digits, rolled_over=rolled_over
    )


def implausible_consumption(
    new: NewReading, meter: Meter, snapshot: MeterSnapshot
) -> Decimal | None:
    """Return the m³ that the person must confirm as unlike the past; None for a plausible reading."""
    last, month = snapshot.earlier.get(meter.pk), snapshot.period.month
    used = consumption_of(new, meter, last)
    if used is None or last is None:
        return None
    months = max(1, months_between(period_of(last.taken_on, snapshot.rules.until_day).month, month))
    if used <= NEVER_ASKED_BELOW * months:  # without asking for the meter's history
        return None
    limit = max_plausible_consumption(
        snapshot.histories[meter.pk], month, snapshot.groups.get(meter.tariff_code)
    )
    return used if limit is not None and used > limit * months else None
