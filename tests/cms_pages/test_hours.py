"""Opening hours: figure 32 of manual 1 is the vector; months' ends; a day that is another one far east."""

import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_pages.centres.schedule import LAST, Closure, Rule, Schedule, Shift
from cms_pages.centres.wording import hours_lines, state_text

TIME = datetime.time
FIGURE_32 = Schedule(
    rules=(
        Rule(0, 4, Shift(TIME(8), TIME(19))),
        Rule(2, 2, Shift(TIME(8), TIME(20))),
        Rule(5, 5, Shift(TIME(9), TIME(18), TIME(13), TIME(14)), LAST),
    )
)


def says(schedule: Schedule, moment: str) -> str:
    now = datetime.datetime.fromisoformat(moment)
    return state_text(schedule.state(now), now).replace("\xa0", " ")


def test_figure_32_in_words():
    lines = [
        line.replace("\xa0", " ") for line in hours_lines(FIGURE_32, datetime.date(2026, 5, 1))
    ]
    assert lines == [
        "Понедельник–пятница: с 8:00 до 19:00 без перерыва на обед",
        "Среда: с 8:00 до 20:00 без перерыва на обед",
        "Последняя суббота месяца: с 9:00 до 18:00, обед с 13:00 до 14:00",
    ]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-05-18T08:00", "Открыто до 19:00"),  # a Monday
        ("2026-05-18T18:59", "Открыто до 19:00"),
        ("2026-05-18T07:59", "Закрыто, откроется сегодня в 8:00"),
        ("2026-05-18T19:00", "Закрыто, откроется завтра в 8:00"),
        ("2026-05-20T19:30", "Открыто до 20:00"),  # Wednesday's own hours beat Mon–Fri
        ("2026-05-15T19:00", "Закрыто, откроется в понедельник в 8:00"),
        ("2026-05-23T12:00", "Закрыто, откроется в понедельник в 8:00"),  # not the last Saturday
        ("2026-05-30T12:00", "Открыто до 13:00, затем с 14:00 до 18:00"),
        ("2026-05-30T13:00", "Обед, откроется сегодня в 14:00"),
        ("2026-05-30T14:00", "Открыто до 18:00"),
        ("2026-02-28T10:00", "Открыто до 13:00, затем с 14:00 до 18:00"),
        ("2026-02-27T20:00", "Закрыто, откроется завтра в 9:00"),
        ("2026-01-31T18:00", "Закрыто, откроется в понедельник в 8:00"),
        ("2028-02-26T10:00", "Открыто до 13:00, затем с 14:00 до 18:00"),
    ],
)
def test_figure_32_now(moment, text):
    assert says(FIGURE_32, moment) == text


def test_holidays_beat_the_rules():
    holidays = Closure(datetime.date(2026, 12, 31), datetime.date(2027, 1, 10), None, "Новый год")
    short = Closure(
        datetime.date(2026, 12, 30), datetime.date(2026, 12, 30), Shift(TIME(8), TIME(12))
    )
    schedule = Schedule(FIGURE_32.rules, (holidays, short))
    assert says(schedule, "2026-12-30T11:00") == "Открыто до 12:00"
    assert says(schedule, "2026-12-30T13:00") == "Закрыто, откроется 11 января 2027 г. в 8:00"
    assert (
        says(schedule, "2026-12-31T10:00")
        == "Закрыто: Новый год, откроется 11 января 2027 г. в 8:00"
    )
    lines = [line.replace("\xa0", " ") for line in hours_lines(schedule, datetime.date(2027, 1, 5))]
    assert lines[3] == "31 декабря 2026 г. – 10 января (Новый год): выходной"
    assert len(lines) == 4  # the shortened day is over


def test_nothing_known_is_closed_without_a_promise():
    assert says(Schedule(), "2026-05-18T12:00") == "Закрыто"


@pytest.mark.parametrize(
    ("weekday", "text"),
    [(0, "Последний понедельник"), (2, "Последняя среда"), (6, "Последнее воскресенье")],
)
def test_the_last_day_of_a_month_agrees_in_gender(weekday, text):
    schedule = Schedule((Rule(weekday, weekday, Shift(TIME(9), TIME(12)), LAST),))
    assert hours_lines(schedule, datetime.date(2026, 1, 1))[0].startswith(text)


def test_the_day_is_the_companys_own():
    """Saturday has begun in Kamchatka while it is Friday still in Kaliningrad."""
    moment = datetime.datetime(2026, 5, 29, 21, 30, tzinfo=datetime.UTC)
    in_kamchatka = moment.astimezone(zoneinfo.ZoneInfo("Asia/Kamchatka"))
    in_kaliningrad = moment.astimezone(zoneinfo.ZoneInfo("Europe/Kaliningrad"))
    assert "13:00, затем" in state_text(FIGURE_32.state(in_kamchatka), in_kamchatka)
    assert "завтра" in state_text(FIGURE_32.state(in_kaliningrad), in_kaliningrad)


days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31))


@given(days)
def test_the_last_one_is_the_one_without_a_next_in_its_month(day):
    rule = Rule(0, 6, Shift(TIME(8), TIME(9)), LAST)
    assert rule.covers(day) == ((day + datetime.timedelta(days=7)).month != day.month)


@given(days, st.sampled_from([1, 2, 3, 4]))
def test_the_nth_one_comes_once_a_month(day, occurrence):
    rule = Rule(day.weekday(), day.weekday(), None, occurrence)
    month = [
        one
        for number in range(1, 32)
        if (one := day.replace(day=1) + datetime.timedelta(days=number - 1)).month == day.month
    ]
    assert sum(rule.covers(one) for one in month) == 1


@given(st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2040, 1, 1)))
def test_it_is_open_at_the_time_that_was_promised_and_not_before(moment):
    state = FIGURE_32.state(moment)
    if state.is_open:
        closing = datetime.datetime.combine(moment.date(), state.until)
        assert not FIGURE_32.state(closing).is_open
        assert FIGURE_32.state(closing - datetime.timedelta(microseconds=1)).is_open
    else:
        assert state.next_opening is not None and state.next_opening > moment
        assert FIGURE_32.state(state.next_opening).is_open
        assert not FIGURE_32.state(state.next_opening - datetime.timedelta(microseconds=1)).is_open
