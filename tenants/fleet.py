"""Counters of the fleet page. Apps above add theirs in `AppConfig.ready`; a beat task counts."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from tenants.models import FleetSnapshot, GasCompany

log = structlog.get_logger(__name__)

Figure = int | datetime.datetime | None


@dataclass(frozen=True)
class Counter:
    """`count` runs in the company's schema and time zone: a number, a moment (its age is shown), or None.

    `alarm`: more than nothing is bad news. `chart`: drawn over all companies.
    """

    code: str
    label: str
    count: Callable[[GasCompany], Figure]
    order: int
    alarm: bool = False
    chart: bool = False


_counters: dict[str, Counter] = {}


def counter_register(counter: Counter) -> None:
    _counters[counter.code] = counter


def counters() -> list[Counter]:
    return sorted(_counters.values(), key=lambda counter: counter.order)


def fleet_count(company: GasCompany) -> FleetSnapshot:
    """Count everything of one company, whose schema is entered. A counter's failure is its own."""
    figures: dict[str, int | str | None] = {}
    failed = []
    for counter in counters():
        try:
            with transaction.atomic():
                figure = counter.count(company)
        except (DatabaseError, RedisError, OSError):
            log.exception("not counted", counter=counter.code)
            failed.append(counter.code)
            continue
        figures[counter.code] = (
            figure.isoformat() if isinstance(figure, datetime.datetime) else figure
        )
    snapshot, _ = FleetSnapshot.objects.update_or_create(
        company=company,
        defaults={"figures": figures, "failed": failed, "counted_at": timezone.now()},
    )
    return snapshot
