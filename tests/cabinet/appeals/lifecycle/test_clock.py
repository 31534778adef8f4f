"""The clock of terms: working time by hours, breaks, closures and days off, in each zone of Russia."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.appeals.lifecycle.clock import USUAL, Clock, clock_of, due_of, left_of, urgency_of
from cabinet.appeals.models import Appeal
from cms_pages.centres.schedule import ALWAYS, LAST, Closure, Rule, Schedule, Shift
from cms_pages.models import CentreClosure, OpeningHours
from tests.cms_pages.conftest import make_centre

MOSCOW, KALININGRAD, KAMCHATKA = (
    ZoneInfo(f"{name}") for name in ("Europe/Moscow", "Europe/Kaliningrad", "Asia/Kamchatka")
)
A_DAY = datetime.timedelta(days=1)

times = st.integers(0, 95).map(lambda one: datetime.time(one // 4, one % 4 * 15))
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 1, 31))
zones = st.sampled_from([MOSCOW, KALININGRAD, KAMCHATKA, ZoneInfo("Asia/Yekaterinburg")])


@st.composite
def shifts(draw):
    moments = sorted(draw(st.sets(times, min_size=4, max_size=4)))
    if draw(st.booleans()):
        return Shift(moments[0], moments[3], moments[1], moments[2])
    return Shift(moments[0], moments[3])


@st.composite
def rules(draw):
    first, last = sorted((draw(st.integers(0, 6)), draw(st.integers(0, 6))))
    occurrence = draw(st.sampled_from([ALWAYS, ALWAYS, 1, LAST]))
    return Rule(first, last, draw(st.none() | shifts()), occurrence)


@st.composite
def closures(draw):
    first = draw(days)
    return Closure(first, first + draw(st.integers(0, 12)) * A_DAY, draw(st.none() | shifts()))


@st.composite
def clocks(draw):
    schedule = Schedule(
        (*draw(st.lists(rules(), max_size=3)), Rule(1, 2, draw(shifts()))),
        tuple(draw(st.lists(closures(), max_size=4))),
    )
    return Clock(schedule, draw(st.dictionaries(days, st.booleans(), max_size=12)), draw(zones))


moments = st.builds(
    lambda day, second, zone: (
        datetime.datetime.combine(day, datetime.time(), zone) + datetime.timedelta(seconds=second)
    ),
    days,
    st.integers(0, 86399),
    zones,
)
amounts = st.integers(0, 40 * 3600)


def is_open(clock: Clock, moment: datetime.datetime) -> bool:
    """The closing moment counts: «до 18:00»."""
    local = moment.astimezone(clock.zone)
    shift = clock.shift_on(local.date())
    return shift is not None and any(
        opens <= local.time() <= closes for opens, closes in shift.spans()
    )


@given(clocks(), moments, amounts)
def test_what_is_added_is_what_is_measured(clock, start, seconds):
    end = clock.add(start, seconds)
    assert clock.between(start, end) == seconds
    assert is_open(clock, end)
    assert end >= start
    assert clock.between(end, start) == 0


@given(clocks(), moments, amounts, amounts)
def test_a_pause_takes_no_time(clock, start, worked, paused):
    """Stopped with what is left and started again, there is as much left, whenever that is."""
    due = clock.add(start, 40 * 3600)
    stopped = start + datetime.timedelta(seconds=worked)
    left = clock.between(stopped, due)
    again = stopped + datetime.timedelta(seconds=paused)
    due_again = clock.add(again, left)
    assert clock.between(again, due_again) == left


@given(
    clocks(),
    moments,
    st.integers(1, 30),
    st.sampled_from(["hours", "working_days", "calendar_days"]),
)
def test_no_deadline_is_outside_of_open_hours(clock, start, term, unit):
    due = due_of(term, unit, clock, start)
    assert is_open(clock, due) and due >= start
    if unit == "calendar_days":
        assert clock.local_day(due) >= clock.local_day(start) + term * A_DAY
    if unit == "working_days":
        first, last = clock.local_day(start), clock.local_day(due)
        open_days = [
            first + number * A_DAY
            for number in range(1, (last - first).days + 1)
            if clock.shift_on(first + number * A_DAY)
        ]
        assert len(open_days) == term


@given(clocks(), moments, moments, moments)
def test_time_adds_up(clock, one, two, three):
    first, second, third = sorted((one, two, three))
    assert clock.between(first, second) + clock.between(second, third) == clock.between(
        first, third
    )


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


LUNCH = Clock(
    Schedule(
        (
            Rule(
                0,
                3,
                Shift(datetime.time(8), datetime.time(17), datetime.time(12), datetime.time(13)),
            ),
            Rule(4, 4, Shift(datetime.time(8), datetime.time(16))),
        ),
        (Closure(datetime.date(2026, 12, 30), datetime.date(2026, 12, 30)),),
    ),
    {datetime.date(2026, 12, 31): False, datetime.date(2026, 12, 26): True},
)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-12-01T11:30", 1, "2026-12-01T13:30"),  # over the break
        ("2026-12-01T12:20", 1, "2026-12-01T14:00"),  # in it
        ("2026-12-03T16:30", 8, "2026-12-04T15:30"),  # into the shorter Friday
        ("2026-12-04T15:00", 2, "2026-12-07T09:00"),  # over the weekend
        ("2026-12-25T15:00", 2, "2026-12-26T09:00"),  # into a Saturday that is worked, as Friday is
        ("2026-12-29T16:00", 2, "2027-01-01T09:00"),  # over a closure and a day off
        ("2026-12-05T03:00", 9, "2026-12-08T09:00"),  # written at night of a Saturday
    ],
)
def test_hours(start, hours, due):
    assert due_of(hours, "hours", LUNCH, at(start)) == at(due)


@pytest.mark.parametrize("zone", [KALININGRAD, KAMCHATKA, MOSCOW])
def test_the_day_is_the_companys(zone):
    """22:30 of Moscow is the next morning in Kamchatka and the same evening in Kaliningrad."""
    clock = Clock(USUAL, {}, zone)
    start = at("2026-12-01T22:30")
    tomorrow = zone is KAMCHATKA
    day = "2026-12-03T18:00" if tomorrow else "2026-12-02T18:00"
    assert due_of(1, "working_days", clock, start) == at(day, zone)
    assert due_of(2, "hours", clock, start) == at("2026-12-02T11:00", zone)


def test_a_timetable_that_is_never_open_is_not_believed(pskov):
    centre = make_centre()
    centre.hours = [OpeningHours(first_day=0, last_day=6)]
    centre.save()
    assert clock_of(centre).schedule == USUAL
    start = at("2026-12-01T12:00")
    assert Clock(Schedule((Rule(0, 6, None),))).add(start, 3600) > start


def test_the_clock_of_a_centre(pskov, django_assert_max_num_queries):
    """The centre's own closures beat the calendar; the rest of the country's days off count."""
    centre = make_centre()
    hours = {"opens": datetime.time(10), "closes": datetime.time(12)}
    CentreClosure.objects.create(centre=centre, first_date=datetime.date(2027, 1, 4), **hours)
    stored = type(centre).objects.get(pk=centre.pk)
    with django_assert_max_num_queries(3):
        clock = clock_of(stored)
    assert clock.shift_on(datetime.date(2027, 1, 4)) == Shift(datetime.time(10), datetime.time(12))
    assert clock.shift_on(datetime.date(2027, 1, 5)) is None
    assert clock.shift_on(datetime.date(2027, 1, 11)) is not None
    assert clock_of(None).shift_on(datetime.date(2027, 1, 5)) is None


def test_urgency():
    now, border = at("2026-12-01T12:00"), at("2026-12-02T18:00")

    def urgency(due, state="new"):
        return urgency_of(Appeal(state=state, due_at=due and at(due)), now, border)

    assert urgency("2026-12-01T11:59") == "late"
    assert urgency("2026-12-02T18:00") == "soon"
    assert urgency("2026-12-03T09:00") == "ok"
    assert urgency(None, "waiting") == urgency("2026-11-01T09:00", "answered") == "ok"
    assert left_of(Appeal(due_at=at("2026-12-02T10:00")), LUNCH, now) == 6 * 3600
