"""Tasks that ended with an error, counted by company for two days in Valkey: the rows know only of theirs."""

import datetime
from typing import Any

from celery.signals import task_failure
from django.core.cache import caches
from django.utils import timezone
from redis.exceptions import RedisError

from portal.connection import current_schema
from tenants.celery import WrongSchema
from tenants.models import GasCompany

KEPT = 3 * 24 * 3600  # seconds


def connect() -> None:
    """Called once, in `AppConfig.ready`."""
    task_failure.connect(_count, dispatch_uid="failures of tasks", weak=False)


def tasks_failed(company: GasCompany) -> int:
    """How many tasks of this company failed today and yesterday. Raises RedisError, OSError."""
    today = timezone.now().date()
    days = [_key(company.schema_name, today - datetime.timedelta(days=back)) for back in (0, 1)]
    return sum(caches["shared"].get_many(days).values())


def _count(exception: Any = None, **_: Any) -> None:
    schema = current_schema()
    if schema == "public" or isinstance(exception, WrongSchema):
        return
    key = _key(schema, timezone.now().date())
    try:
        caches["shared"].add(key, 0, KEPT)
        caches["shared"].incr(key)
    except (RedisError, OSError, ValueError):
        pass  # the failure itself is in the log


def _key(schema: str, day: datetime.date) -> str:
    return f"tasks_failed:{schema}:{day}"
