"""How far a queued package is, for pages and programs that ask: in the cache, since nobody needs it later."""

import time
from typing import Any

from django.core.cache import cache

from cabinet.exchange.progress import Progress, Report

_SECONDS_KEPT = 600
_EVERY_SECONDS = 1
# A cache that does not answer costs its timeout each time: then it is asked less often.
_SLOW_SECONDS, _PAUSE_SECONDS = 0.5, 60


def progress_writer(package_id: int) -> Report:
    """What writes the progress of a package, once a second at most, and never holds it up for long."""
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
        cache.set(_key(package_id), content, _SECONDS_KEPT)
        is_slow = time.monotonic() - started > _SLOW_SECONDS
        next_at = time.monotonic() + (_PAUSE_SECONDS if is_slow else _EVERY_SECONDS)

    return write


def progress_of(package_id: int) -> dict[str, Any] | None:
    """As it was written; None when nothing is known. Times in seconds."""
    found: dict[str, Any] | None = cache.get(_key(package_id))
    return found


def _key(package_id: int) -> str:
    return f"exchange:progress:{package_id}"
