"""When a reading is billing's: then it is no longer corrected. The app that gives readings away says so."""

from collections.abc import Callable, Sequence

from cabinet.meters.models import Reading

# The keys of those readings that billing has acknowledged; one query for all of them.
TakenCheck = Callable[[Sequence[Reading]], set[int]]
_checks: list[TakenCheck] = []


def taken_check_register(check: TakenCheck) -> None:
    """Called in `AppConfig.ready` by whoever hands readings to billing."""
    if check not in _checks:
        _checks.append(check)


def readings_taken(readings: Sequence[Reading]) -> set[int]:
    """Keys of the readings that billing has acknowledged."""
    return set().union(*(check(readings) for check in _checks)) if readings else set()


def reading_is_taken(reading: Reading) -> bool:
    return reading.pk in readings_taken([reading])
