"""Windows by hours, breaks, days off and absences, in zones whose clocks stand still and change."""

import datetime
import itertools
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from cabinet.appointments.contrib.local.timetable import Timetable, moments_of
from cabinet.appointments.models import AppointmentSettings, DeskAbsence
from cabinet.appointments.selectors import days_free
from cms_pages.centres.schedule import Shift
from cms_pages.models import CentreClosure
from tenants.models import CalendarDay
from tests.support.appointments import MONDAY, at, booked, make_queue, make_service

A_DAY = datetime.timedelta(days=1)
EVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)

zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Berlin", "Australia/Lord_Howe")
    ]
)
# Round the changes of the clocks in Berlin and on Lord Howe, and any other days.
days = st.one_of(
    st.dates(datetime.date(2026, 3, 27), datetime.date(2026, 4, 7)),
    st.dates(datetime.date(2026, 10, 2), datetime.date(2026, 10, 27)),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)),
)
lengths = st.integers(1, 48).map(lambda fives: datetime.timedelta(minutes=5 * fives))


@st.composite
def shifts(draw) -> Shift:
    times = sorted(
        draw(
            st.lists(
                st.times().map(lambda time: time.replace(second=0, microsecond=0)),
                min_size=4,
                max_size=4,
                unique=True,
            )
        )
    )
    opens, break_from, break_to, closes = times
    if draw(st.booleans()):
        return Shift(opens, closes, break_from, break_to)
    return Shift(opens, closes)


def inside(shift: Shift, start: datetime.datetime, end: datetime.datetime) -> bool:
    """Whether the clock on the wall shows open hours at a window's beginning, and up to its end."""
    last = end - datetime.timedelta(seconds=1)
    return any(opens <= start.time() and last.time() < closes for opens, closes in shift.spans())


@given(shifts(), days, zones, lengths)
def test_windows_lie_in_open_hours_one_after_another(shift, day, zone, length):
    table = Timetable(
        shifts=[(day, shift), (day + A_DAY, shift)],
        zone=zone,
        length=length,
        desks=[1],
        busy=[],
        earliest=EVER,
    )
    windows = table.windows()
    for window in windows:
        took = window.ends_at.timestamp() - window.starts_at.timestamp()
        assert took == length.total_seconds()
        assert inside(shift, window.starts_at, window.ends_at)
        assert table.desks_at(window.starts_at) == [1]
    for one, next_one in itertools.pairwise(windows):
        assert one.ends_at.timestamp() <= next_one.starts_at.timestamp()


@given(
    shifts(),
    days,
    zones,
    lengths,
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 47), st.integers(1, 16)), max_size=12),
)
def test_a_window_is_free_where_any_desk_is(shift, day, zone, length, taken):
    midnight, _late = moments_of(day, datetime.time(), zone)
    busy = [
        (desk, midnight + 1800 * half, midnight + 1800 * half + 900 * quarters)
        for desk, half, quarters in taken
    ]
    every = {"shifts": [(day, shift)], "zone": zone, "length": length, "earliest": EVER}
    all_windows = Timetable(**every, desks=[1, 2], busy=[]).windows()
    table = Timetable(**every, desks=[1, 2], busy=busy)
    free = set(table.windows())
    for window in all_windows:
        start, end = window.starts_at.timestamp(), window.ends_at.timestamp()
        desks = [
            desk
            for desk in (1, 2)
            if not any(one == desk and a < end and b > start for one, a, b in busy)
        ]
        assert table.desks_at(window.starts_at) == desks
        assert (window in free) == bool(desks)


def times(centre, service, day=MONDAY) -> list[str]:
    (found,) = days_free(centre, service, day, day)
    return [f"{one.starts_at:%H:%M}" for one in found.windows]


def test_days_off_closures_absences_and_desks(pskov, clock):
    clock.at("2026-09-10T07:00")
    centre, service = make_queue(desks=2), make_service(minutes=60)
    first, second = centre.desks.order_by("order")
    # The country's day off, unless the centre has said something of the day itself.
    holiday = MONDAY + A_DAY
    CalendarDay.objects.create(day=holiday, kind="moved", source="Постановление")
    assert times(centre, service, holiday) == []
    centre.closures.add(
        CentreClosure(
            first_date=holiday,
            last_date=holiday,
            opens=datetime.time(9),
            closes=datetime.time(10),
        )
    )
    centre.save()
    del centre.schedule
    assert times(centre, service, holiday) == ["09:00"]
    # A desk of one service alone; the other is away for a part of the day.
    other = make_service("Опломбировка", minutes=60)
    second.services.add(other)
    DeskAbsence.objects.create(
        desk=first,
        first_day=MONDAY - A_DAY,
        last_day=MONDAY,
        from_time=datetime.time(9, 30),
        to_time=datetime.time(10),
    )
    assert times(centre, service) == ["10:00"]
    assert times(centre, other) == ["09:00", "10:00"]
    assert booked(centre, other, at("09:00")).desk == second
    assert booked(centre, other, at("10:00")).desk == first
    DeskAbsence.objects.create(desk=first, first_day=MONDAY)
    assert times(centre, service) == [] and times(centre, other) == ["10:00"]
    # Not further ahead than the company says.
    AppointmentSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"days_ahead": 5, "notice_minutes": 0}
    )
    assert days_free(centre, service, MONDAY + 10 * A_DAY, MONDAY + 12 * A_DAY) == []


def test_a_month_costs_as_many_queries_as_a_day(pskov, clock, django_assert_num_queries):
    clock.at("2026-09-10T07:00")
    centre, service = make_queue(), make_service()
    with django_assert_num_queries(9):
        days_free(centre, service, MONDAY, MONDAY)
    for number in range(2, 5):
        desk = centre.desks.create(name=f"Окно {number}")
        desk.services.add(service)
        DeskAbsence.objects.create(desk=desk, first_day=MONDAY)
        booked(centre, service, at("09:00", MONDAY + number * A_DAY))
    with django_assert_num_queries(7):  # of the two for the hours the centre knows the answers now
        days_free(centre, service, MONDAY, MONDAY + 30 * A_DAY)
