"""The one way of tests to set the time."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

MOSCOW = "+03:00"


class Clock:
    """The time of Python in this process, standing still. PostgreSQL and Valkey keep their own."""

    def __init__(self) -> None:
        self._travel: time_machine.travel | None = None

    def at(self, moment: str | datetime.datetime, zone: str = MOSCOW) -> None:
        """Set the time to a moment: aware, or an ISO text in `zone`."""
        if isinstance(moment, str):
            moment = datetime.datetime.fromisoformat(f"{moment}{zone}")
        self.stop()
        self._travel = time_machine.travel(moment, tick=False)
        self._travel.start()

    def forward(self, by: datetime.timedelta) -> None:
        """Set the time to so much after what it is."""
        self.at(datetime.datetime.now(datetime.UTC) + by)

    def stop(self) -> None:
        """Let the time be the real one again."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None


@pytest.fixture
def clock() -> Iterator[Clock]:
    it = Clock()
    yield it
    it.stop()
