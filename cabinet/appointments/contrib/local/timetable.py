"""Which windows of which desks are free: the centre's hours cut into pieces of a service's length.

No database. A window begins at the opening, or at the end of the break, and then every so many minutes.
"""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator

from cabinet.appointments.base import Window
from cms_pages.centres.schedule import Shift

# A desk from one moment to another, in seconds since 1970.
Busy = tuple[int, int, int]
A_DAY = datetime.timedelta(days=1)


def moments_of(day: datetime.date, time: datetime.time, zone: datetime.tzinfo) -> tuple[int, int]:
    """Return the first and the last moment that a clock on the wall shows as this, in seconds since 1970.

    They differ where the clocks change: of an hour that comes twice, and of one that is left out.
    """
    local = datetime.datetime.combine(day, time, zone)
    found = sorted(int(local.replace(fold=fold).timestamp()) for fold in (0, 1))
    return found[0], found[1]


class Timetable:
    """The windows of some days. Each desk has a number with a bit for each window that it cannot take."""

    def __init__(
        self,
        *,
        shifts: Iterable[tuple[datetime.date, Shift]],
        zone: datetime.tzinfo,
        length: datetime.timedelta,
        desks: Collection[int],
        busy: Iterable[Busy],
        earliest: datetime.datetime,
    ) -> None:
        self.zone, self._length = zone, int(length.total_seconds())
        self._starts = list(_starts(shifts, zone, self._length))
        past = (1 << bisect_left(self._starts, earliest.timestamp())) - 1
        self._taken = dict.fromkeys(desks, past)
        for desk, start, end in busy:
            first = bisect_right(self._starts, start - self._length)
            last = bisect_left(self._starts, end)
            if desk in self._taken and first < last:
                self._taken[desk] |= ((1 << (last - first)) - 1) << first

    def windows(self) -> list[Window]:
        """Return the windows that any desk can take, in order."""
        none_free = (1 << len(self._starts)) - 1
        for taken in self._taken.values():
            none_free &= taken
        if not self._taken:
            return []
        return [
            Window(self._moment(start), self._moment(start + self._length))
            for number, start in enumerate(self._starts)
            if not none_free >> number & 1
        ]

    def desks_at(self, starts_at: datetime.datetime) -> list[int]:
        """Return the desks that can take the window that begins then, in their order."""
        start = int(starts_at.timestamp())
        number = bisect_left(self._starts, start)
        if number == len(self._starts) or self._starts[number] != start:
            return []
        return [desk for desk, taken in self._taken.items() if not taken >> number & 1]

    def _moment(self, seconds: int) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(seconds, self.zone)


def _starts(
    shifts: Iterable[tuple[datetime.date, Shift]], zone: datetime.tzinfo, length: int
) -> Iterator[int]:
    for day, shift in shifts:
        for opens, closes in shift.spans():
            _, start = moments_of(day, opens, zone)
            end, _ = moments_of(day, closes, zone)
            yield from range(start, end - length + 1, length)
