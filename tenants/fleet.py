"""Counters of the fleet page. Apps above add theirs in `AppConfig.ready`; a beat task counts."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from celery.signals import task_failure
from django.core.cache import caches
from django.db import DatabaseError, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from portal.connection import current_schema
from tenants.celery import WrongSchema
from tenants.models import FleetSnapshot, GasCompany
from tenants.opening.checks import checks_of

# What a company in preparation lacks, in words, among the figures of its snapshot.
MISSING = "missing"
_FAILURES_SECONDS = 3 * 24 * 3600

log = structlog.get_logger(__name__)

Figure = int | datetime.datetime | None


@dataclass(frozen=True)
class Counter:
    """`count` runs in the company's schema and time zone: a number, a moment (its age is shown), or None.

    `alarm`: more than nothing is bad news, and so is a moment. `chart`: drawn over all companies. `rows`:
    the URL name of the page of the company's admin that has them, which a central admin may open there;
    `central_rows`: of the office's page of a company that has them.
    """

    code: str
    label: str
    count: Callable[[GasCompany], Figure]
    order: int
    alarm: bool = False
    chart: bool = False
    rows: str = ""
    central_rows: str = ""


COUNTERS: dict[str, Counter] = {}


def counter_register(counter: Counter) -> None:
    COUNTERS[counter.code] = counter


def counters() -> list[Counter]:
    return sorted(COUNTERS.values(), key=lambda counter: counter.order)


def fleet_count(company: GasCompany) -> FleetSnapshot:
    """Count the figures of the company whose schema is entered; a failed counter spoils no other."""
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
    if company.status == GasCompany.Status.PREPARING:
        missing = [str(one.title) for one in checks_of(company) if not one.done]
        figures[MISSING] = "; ".join(missing)
    snapshot, _ = FleetSnapshot.objects.update_or_create(
        company=company,
        defaults={"figures": figures, "failed": failed, "counted_at": timezone.now()},
    )
    return snapshot


def failures_connect() -> None:
    """Count failed tasks from now on. Called once, in `AppConfig.ready`."""
    task_failure.connect(_count_failure, dispatch_uid="failures of tasks", weak=False)


def tasks_failed(company: GasCompany) -> int:
    """Return how many tasks of a company failed today and yesterday.

    Counted in Valkey: rows know only of their own failures. Raises RedisError, OSError.
    """
    today = timezone.now().date()
    days = [
        _failures_key(company.schema_name, today - datetime.timedelta(days=back)) for back in (0, 1)
    ]
    return sum(caches["shared"].get_many(days).values())


def _count_failure(exception: Any = None, **_: Any) -> None:
    schema = current_schema()
    if schema == "public" or isinstance(exception, WrongSchema):
        return
    key = _failures_key(schema, timezone.now().date())
    try:
        caches["shared"].add(key, 0, _FAILURES_SECONDS)
        caches["shared"].incr(key)
    except (RedisError, OSError, ValueError):
        pass  # the failure itself is in the log


def _failures_key(schema: str, day: datetime.date) -> str:
    return f"tasks_failed:{schema}:{day}"
