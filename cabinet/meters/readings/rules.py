"""The rules of a reading: how it is typed, when it is refused, when it is asked about.

The form, the service, offline drafts and guests all decide by these functions; the scripts mirror them.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from enum import StrEnum
from math import floor

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.meters.history.consumption import consumption_or_none
from cabinet.meters.history.months import NEVER_ASKED_BELOW, max_plausible_consumption
from cabinet.meters.models import Meter, Reading
from cabinet.meters.periods import period_of
from cabinet.meters.readings.capacity import LARGEST_AT_HOME, USUAL_AT_HOME, hourly_maximum
from cabinet.meters.selectors import today
from cabinet.meters.snapshot import Compared, MeterSnapshot
from portal.formats.dates import months_between, months_until
from portal.formats.words import counted_digits

SPACES = re.compile(r"[\s\u00a0\u202f]+")

# A meter in full use day and night is a boiler house: what is unlike a home where nothing else is known.
_UNLIKELY_SHARE = 4
_HOURS_OF_MONTH = 24 * 30
# Two readings of one day may be a day's consumption apart, and a day's reading is of any hour.
_DAYS_OF_SLACK = 1

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
    OPERATOR = "operator"  # an operator has taken the day's reading by telephone
    NEWER = "newer"  # the day's own was sent after this one had been typed
    IMPOSSIBLE = "impossible"  # more than the meter can carry in the time passed
    UNLIKELY = "unlikely"  # unlike the past, and not confirmed


class ReadingRefused(Exception):
    """A reading of the meter `meter_pk` is refused; 0 where no meter is at fault."""

    def __init__(self, meter_pk: int, reason: Refusal) -> None:
        super().__init__(reason)
        self.meter_pk, self.reason = meter_pk, reason


@dataclass(frozen=True)
class NewReading:
    """`value` in whole m³, as on the dial; `lower_reason` where it is lower than the last one.

    `confirmed`: the person has said of this very value that the dial shows it.
    `new_number`: of the new meter, as typed, where the meter was replaced.
    """

    meter_pk: int
    value: int
    lower_reason: str = ""
    confirmed: bool = False
    new_number: str = ""


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
    text = _t("У\u00a0этого счётчика %(digits)s\u00a0— введите только их.")
    return text % {"digits": counted_digits(digits)}


def fits_dial(value: int, digits: int) -> bool:
    return 0 <= value < int(10**digits)


def is_day_accepted(day: datetime.date) -> bool:
    """Return whether a reading of the day is still accepted: today's, or one of the last 31 days."""
    return today() - ACCEPTED_FOR <= day <= today()


# What a person may answer; that billing has calculated the last one is known without.
ANSWERS = (Reading.LowerReason.ROLLED_OVER, Reading.LowerReason.REPLACED)


def is_lower(value: int, last: Reading | None) -> bool:
    """Tell whether a dial that showed `last` has gone back: billing's fraction is on no dial."""
    return last is not None and value < floor(last.value)


def lower_reason_of(new: NewReading, compared: Compared) -> str:
    """Return why the value is lower, as it is stored: what was answered, or that the last was calculated."""
    if is_lower(new.value, compared.true):
        return new.lower_reason
    if compared.is_estimate and is_lower(new.value, compared.last):
        return Reading.LowerReason.ESTIMATED
    return ""


def reading_refusal(
    new: NewReading, meter: Meter, *, last: Reading | None, later: Reading | None = None
) -> Refusal | None:
    """Return why the value cannot stand between what a dial has shown before and after; None if it can."""
    if not fits_dial(new.value, meter.digits):
        return Refusal.DIGITS
    if is_lower(new.value, last) and new.lower_reason not in ANSWERS:
        return Refusal.LOWER
    # After a dial went over its zero, or a meter was replaced, an earlier day's reading is the higher one.
    if later and later.lower_reason not in ANSWERS and Decimal(new.value) > later.value:
        return Refusal.LATER
    return None


def consumption_of(new: NewReading, meter: Meter, compared: Compared) -> Decimal | None:
    """Return m³ since the reading from which billing counts, None where unknown."""
    return _used_since(compared.last, new, meter, lower_reason_of(new, compared))


def _used_since(last: Reading | None, new: NewReading, meter: Meter, reason: str) -> Decimal | None:
    if last is None or reason in (Reading.LowerReason.REPLACED, Reading.LowerReason.ESTIMATED):
        return None
    rolled_over = reason == Reading.LowerReason.ROLLED_OVER
    return consumption_or_none(
        last.value, Decimal(new.value), meter.digits, rolled_over=rolled_over
    )


@dataclass(frozen=True)
class Doubt:
    """Why a value is not simply believed: it cannot be, or it is unlike the past.

    `used`: m³ since the day `since`, when a dial was read; None for the first reading of a meter.
    """

    reason: Refusal
    used: Decimal | None = None
    since: datetime.date | None = None


def value_doubt(new: NewReading, meter: Meter, snapshot: MeterSnapshot) -> Doubt | None:
    """Return what is wrong with the consumption that the value makes; None for a plausible one.

    It is counted from what a dial has shown last: a calculated reading says nothing of what can be.
    """
    compared = snapshot.compared(meter.pk)
    known, reason = compared.known, new.lower_reason if is_lower(new.value, compared.true) else ""
    if known is None:
        return _first_doubt(new, meter, snapshot.day)
    used = _used_since(known, new, meter, reason)
    if used is None:
        return None
    if used <= NEVER_ASKED_BELOW * _months_since(known, snapshot):  # without the meter's history
        return None
    found = verdict(
        used,
        days=(snapshot.day - known.taken_on).days,
        hourly=None if compared.true is None else hourly_limit(meter, snapshot),
        usual=usual_limit(meter, snapshot, known),
    )
    return Doubt(found, used, known.taken_on) if found else None


def verdict(
    used: Decimal, *, days: int, hourly: Decimal | None, usual: Decimal | None
) -> Refusal | None:
    """Return whether m³ used in so many days are impossible or unlikely; `usual` is of all these days.

    `js/meter-rules.js` has the same function, checked against the same table.
    """
    if hourly is not None and used > hourly * 24 * (days + _DAYS_OF_SLACK):
        return Refusal.IMPOSSIBLE
    if usual is not None and used > usual:
        return Refusal.UNLIKELY
    return None


def hourly_limit(meter: Meter, snapshot: MeterSnapshot) -> Decimal:
    """Return m³/h above which nothing is believed: what the model carries, or any meter of a home.

    Where the model has no size, an account that has used more is believed twice as much.
    """
    size = hourly_maximum(meter.model)
    if size is not None:
        return size
    highest = max(snapshot.histories[meter.pk].months.values(), default=Decimal())
    own = (2 * highest / _HOURS_OF_MONTH).quantize(Decimal("0.001"), ROUND_UP)
    return max(LARGEST_AT_HOME, own)


def usual_limit(meter: Meter, snapshot: MeterSnapshot, known: Reading) -> Decimal:
    """Return m³ since `known` above which a reading must be confirmed: unlike the past, or unlike a home.

    Each month has its own limit: a winter without readings is not judged by the summer in which it is told.
    """
    months = months_until(snapshot.period.month, _months_since(known, snapshot))
    return sum((_month_limit(meter, snapshot, month) for month in months), Decimal())


def monthly_limit(meter: Meter, snapshot: MeterSnapshot, known: Reading) -> Decimal:
    """Return the `usual_limit` of one month, for a device that counts the months itself."""
    limit = usual_limit(meter, snapshot, known) / _months_since(known, snapshot)
    return limit.quantize(Decimal("0.001"), ROUND_UP)


def _month_limit(meter: Meter, snapshot: MeterSnapshot, month: datetime.date) -> Decimal:
    group = snapshot.groups.get((meter.tariff_code, month.month))
    found = max_plausible_consumption(snapshot.histories[meter.pk], month, group)
    if found is not None:
        return found
    hourly = hourly_maximum(meter.model) or USUAL_AT_HOME
    return hourly * _HOURS_OF_MONTH / _UNLIKELY_SHARE


def _months_since(known: Reading, snapshot: MeterSnapshot) -> int:
    return max(1, months_between(_month(known.taken_on, snapshot), snapshot.period.month))


def _month(day: datetime.date, snapshot: MeterSnapshot) -> datetime.date:
    return period_of(day, snapshot.rules.until_day).month


def _first_doubt(new: NewReading, meter: Meter, day: datetime.date) -> Doubt | None:
    """Ask about a first reading above what has passed since the meter was put up.

    It is not refused: a meter that has served elsewhere begins with what is on its dial.
    """
    if meter.installed_on is None or meter.installed_on > day:
        return None
    hourly = hourly_maximum(meter.model) or LARGEST_AT_HOME
    days = (day - meter.installed_on).days
    found = verdict(Decimal(new.value), days=days, hourly=hourly, usual=None)
    return Doubt(Refusal.UNLIKELY) if found else None
