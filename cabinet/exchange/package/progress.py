"""The progress of an import: rows, files and time left, for a terminal and, in the cache, for pages."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.cache import cache


class Step(Enum):
    WAITING = "жду: загружается другой пакет"
    READING = "читаю"
    CHECKING = "проверяю"
    APPLYING = "применяю"


@dataclass(frozen=True)
class Progress:
    """`rows` of `rows_total` of `file` are read, the file being number `file_number` of `files`.

    `part` (0 to 1) and `seconds_left` are for the whole package, None as long as they are unknown.
    """

    step: Step
    file: str = ""
    file_number: int = 0
    files: int = 0
    rows: int = 0
    rows_total: int = 0
    part: float | None = None
    seconds_left: float | None = None


Report = Callable[[Progress], None]

# What a row costs in each step, in parts of its way through the package; measured, roughly.
_SHARES = {Step.READING: 0.25, Step.CHECKING: 0.1, Step.APPLYING: 0.65}
_REPORT_SECONDS = 0.1


class ProgressMeter:
    """A counter that turns steps and rows into reports, a few a second."""

    def __init__(self, rows_by_file: dict[str, int], report: Report | None) -> None:
        self._rows_by_file = rows_by_file
        self._report = report or (lambda _: None)
        self._started = time.monotonic()
        self._reported = 0.0
        self._done = 0.0
        self._all = float(sum(rows_by_file.values())) or 1.0

    def waiting(self) -> None:
        self._report(Progress(Step.WAITING))

    def start(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()

    @contextmanager
    def step(self, step: Step, file: str) -> Iterator[Callable[[int], None]]:
        """Report a step of a file; the yielded function takes the number of rows that have passed."""

        def rows(count: int) -> None:
            if time.monotonic() - self._reported >= _REPORT_SECONDS:
                self._send(step, file, count)

        self._send(step, file, 0)
        yield rows
        self._done += self._rows_by_file[file] * _SHARES[step]

    def _send(self, step: Step, file: str, rows: int) -> None:
        self._reported = time.monotonic()
        names = list(self._rows_by_file)
        part = (self._done + rows * _SHARES[step]) / self._all
        elapsed = self._reported - self._started
        self._report(
            Progress(
                step=step,
                file=file,
                file_number=names.index(file) + 1,
                files=len(names),
                rows=rows,
                rows_total=self._rows_by_file[file],
                part=min(part, 1.0),
                seconds_left=elapsed * (1 - part) / part if 0 < part <= 1 else None,
            )
        )


_CACHED_SECONDS = 600
_EVERY_SECONDS = 1
# A cache that does not answer costs its timeout each time: then it is asked less often.
_SLOW_SECONDS, _PAUSE_SECONDS = 0.5, 60


def progress_writer(package_id: int) -> Report:
    """Return a function that writes the progress of a package to the cache.

    Once a second at most, and less often while the cache is slow.
    """
    next_at = 0.0

    def write(progress: Progress) -> None:
        nonlocal next_at
        started = time.monotonic()
        if started < next_at:
            return
        left = progress.seconds_left
        content = {
            "step": progress.step.name.lower(),
            "step_title": progress.step.value,
            "file": progress.file,
            "file_number": progress.file_number,
            "files": progress.files,
            "rows": progress.rows,
            "rows_total": progress.rows_total,
            "percent": None if progress.part is None else round(100 * progress.part),
            "seconds_left": None if left is None else round(left),
        }
        cache.set(_key(package_id), content, _CACHED_SECONDS)
        is_slow = time.monotonic() - started > _SLOW_SECONDS
        next_at = time.monotonic() + (_PAUSE_SECONDS if is_slow else _EVERY_SECONDS)

    return write


def progress_of(package_id: int) -> dict[str, Any] | None:
    """Return the progress as it was written; None when nothing is known. Times in seconds."""
    found: dict[str, Any] | None = cache.get(_key(package_id))
    return found


def _key(package_id: int) -> str:
    return f"exchange:progress:{package_id}"
