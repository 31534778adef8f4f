"""Which readings billing has acknowledged: those are no longer corrected."""

from collections.abc import Callable, Sequence

from cabinet.meters.models import Reading

# Returns the keys of those readings that billing has acknowledged, by one query for all of them.
AcknowledgedCheck = Callable[[Sequence[Reading]], set[int]]
_checks: list[AcknowledgedCheck] = []


def acknowledged_check_register(check: AcknowledgedCheck) -> None:
    """Add a check; called in `AppConfig.ready` of the app that exports readings to billing."""
    if check not in _checks:
        _checks.append(check)


def readings_acknowledged(readings: Sequence[Reading]) -> set[int]:
    """Return the keys of the readings that billing has acknowledged."""
    return set().union(*(check(readings) for check in _checks)) if readings else set()
