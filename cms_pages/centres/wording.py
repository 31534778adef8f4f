"""Opening hours in Russian sentences."""

import datetime

from django.utils import formats

from cms_pages.centres.schedule import ALWAYS, LAST, Rule, Schedule, Shift, State

NBSP = "\u00a0"

WEEKDAYS = (
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
)

# «откроется в среду»
ON_WEEKDAY = (
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
)

GENDERS = "ммжммжс"  # of the weekdays: первый вторник, первая среда, первое воскресенье

ORDINALS = {
    1: {"м": "первый", "ж": "первая", "с": "первое"},
    2: {"м": "второй", "ж": "вторая", "с": "второе"},
    3: {"м": "третий", "ж": "третья", "с": "третье"},
    4: {"м": "четвёртый", "ж": "четвёртая", "с": "четвёртое"},
    LAST: {"м": "последний", "ж": "последняя", "с": "последнее"},
}


def clock(time: datetime.time) -> str:
    """Return the time as Russians write it: 8:00."""
    return f"{time.hour}:{time.minute:02}"


def shift_text(shift: Shift | None) -> str:
    """Return «с 9:00 до 18:00, обед с 13:00 до 14:00», or «выходной»."""
    if shift is None:
        return "выходной"
    text = f"с{NBSP}{clock(shift.opens)} до{NBSP}{clock(shift.closes)}"
    if shift.break_from is None or shift.break_to is None:
        return f"{text} без{NBSP}перерыва на{NBSP}обед"
    return f"{text}, обед с{NBSP}{clock(shift.break_from)} до{NBSP}{clock(shift.break_to)}"


def days_text(rule: Rule) -> str:
    """Return «понедельник–пятница», «последняя суббота месяца»."""
    if rule.occurrence == ALWAYS:
        if (rule.first, rule.last) == (0, 6):
            return "ежедневно"
        first = WEEKDAYS[rule.first]
        return first if rule.first == rule.last else f"{first}–{WEEKDAYS[rule.last]}"
    ordinal = ORDINALS[rule.occurrence][GENDERS[rule.first]]
    return f"{ordinal} {WEEKDAYS[rule.first]} месяца"


def date_text(day: datetime.date, today: datetime.date) -> str:
    """Return «4 ноября», with the year when it is another one."""
    text = formats.date_format(day, "j E").replace(" ", NBSP)
    return text if day.year == today.year else f"{text} {day.year}{NBSP}г."


def hours_line(rule: Rule) -> str:
    """Return «Среда: с 8:00 до 20:00 без перерыва на обед»."""
    return f"{days_text(rule).capitalize()}: {shift_text(rule.shift)}"


def hours_lines(schedule: Schedule, today: datetime.date) -> list[str]:
    """Return a sentence a rule, then the exceptions that are not over yet."""
    lines = [hours_line(rule) for rule in schedule.rules]
    for one in schedule.closures:
        if one.last < today:
            continue
        dates = date_text(one.first, today)
        if one.last != one.first:
            dates = f"{dates}{NBSP}– {date_text(one.last, today)}"
        reason = f" ({one.reason})" if one.reason else ""
        lines.append(f"{dates}{reason}: {shift_text(one.shift)}")
    return lines


def state_text(state: State, now: datetime.datetime) -> str:
    """Return «Открыто до 13:00, затем с 14:00 до 18:00», «Закрыто, откроется завтра в 8:00»."""
    if state.is_open and state.until and state.shift:
        text = f"Открыто до{NBSP}{clock(state.until)}"
        if state.shift.break_from == state.until and state.shift.break_to:
            after = f"затем с{NBSP}{clock(state.shift.break_to)}"
            return f"{text}, {after} до{NBSP}{clock(state.shift.closes)}"
        return text
    closed = f"Закрыто: {state.reason}" if state.reason else "Закрыто"
    if state.on_break:
        closed = "Обед"
    if state.next_opening is None:
        return closed
    opens = f"{_day_text(state.next_opening.date(), now.date())} в{NBSP}"
    return f"{closed}, откроется {opens}{clock(state.next_opening.time())}"


def _day_text(day: datetime.date, today: datetime.date) -> str:
    ahead = (day - today).days
    if ahead < 2:
        return ("сегодня", "завтра")[ahead]
    return ON_WEEKDAY[day.weekday()] if ahead < 7 else date_text(day, today)
