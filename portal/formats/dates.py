"""Days, moments and months: their wording and their arithmetic. A month is its first day."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.formats.numbers import NO_BREAK

_MONTHS_IN = (
    _("январе"),
    _("феврале"),
    _("марте"),
    _("апреле"),
    _("мае"),
    _("июне"),
    _("июле"),
    _("августе"),
    _("сентябре"),
    _("октябре"),
    _("ноябре"),
    _("декабре"),
)


def day_begins(day: datetime.date) -> datetime.datetime:
    """Return the first moment of the day in the time zone in force."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def month_after(month: datetime.date, count: int = 1) -> datetime.date:
    """Return the first day of the month `count` months later; earlier for a negative count."""
    number = month.year * 12 + month.month - 1 + count
    return datetime.date(number // 12, number % 12 + 1, 1)


def months_between(earlier: datetime.date, later: datetime.date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def months_until(last: datetime.date, count: int) -> list[datetime.date]:
    """Return the `count` months up to that of `last`, oldest first."""
    return [month_after(last, -back) for back in range(count - 1, -1, -1)]


def month_name(month: datetime.date) -> str:
    """Format a month as a noun: `ноябрь 2026 г.`."""
    return f"{date_format(month, 'F').lower()}{NO_BREAK}{month.year}{NO_BREAK}г."


def month_title(month: datetime.date) -> str:
    """Format a month as a table has it: `Май 2024`, never broken over lines."""
    return f"{str(date_format(month, 'F')).capitalize()}{NO_BREAK}{month.year}"


def month_in(month: datetime.date) -> str:
    """Format a month to stand after «в»: `мае 2026 г.` Django's month names have no such case."""
    return f"{_MONTHS_IN[month.month - 1]}{NO_BREAK}{month.year}{NO_BREAK}г."


def day_and_month(day: datetime.date | None) -> str:
    """Format a day of which the year is plain: `5 мая`; empty for None."""
    return _together(day, "j E")


def weekday_and_day(day: datetime.date | None) -> str:
    """Format a day to be planned for: `вторник, 1 декабря`; empty for None."""
    local = timezone.localtime(day) if isinstance(day, datetime.datetime) else day
    return f"{str(date_format(local, 'l')).lower()}, {day_and_month(local)}" if local else ""


def long_day(day: datetime.date | None) -> str:
    """Format a day in words, never broken over lines: `5 мая 2026 г.`; empty for None."""
    return _together(day, "j E Y г.")


def long_moment(moment: datetime.datetime | None) -> str:
    """Format a moment in the current time zone: `5 мая 2026 г., 14:05`; empty for None."""
    return f"{long_day(moment)}, {timezone.localtime(moment):%H:%M}" if moment else ""


def moment_said(moment: datetime.datetime) -> str:
    """Format a moment in the current time zone as a sentence has it: `5 мая 2026 г. в 14:05`."""
    return f"{long_day(moment)} в{NO_BREAK}{timezone.localtime(moment):%H:%M}"


def short_day(day: datetime.date) -> str:
    """Format a day in digits: `05.05.2026`."""
    return f"{day:%d.%m.%Y}"


def short_moment(moment: datetime.datetime | None) -> str:
    """Format a moment in the current time zone: `05.05.2026 14:05`; empty for None."""
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else ""


def _together(day: datetime.date | None, form: str) -> str:
    local = timezone.localtime(day) if isinstance(day, datetime.datetime) else day
    return str(date_format(local, form)).replace(" ", NO_BREAK) if local else ""


def weeks_between(since: datetime.date, until: datetime.date) -> list[tuple[datetime.date, str]]:
    """Return each Monday, with the days of its week that belong to the period: `02.11 – 08.11`."""
    weeks, monday = [], since - datetime.timedelta(days=since.weekday())
    while monday <= until:
        first, last = max(monday, since), min(monday + datetime.timedelta(days=6), until)
        weeks.append((monday, f"{first:%d.%m}{NO_BREAK}–{NO_BREAK}{last:%d.%m}"))
        monday += datetime.timedelta(days=7)
    return weeks


# Valid in any time zone: the first night of year 1 in Moscow is BC in the database, and psycopg cannot
# read it back; the last evening of year 9999 there is no moment in Kamchatka.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC)


def check_moment(moment: datetime.datetime | None) -> None:
    """Raise ValidationError, in Russian, for a slip of the year."""
    if moment is not None and moment < EARLIEST:
        raise ValidationError(_("Проверьте год: он меньше 2000."))
    if moment is not None and moment > LATEST:
        raise ValidationError(_("Проверьте год: он больше 2200."))
