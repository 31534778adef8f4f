"""The Celery application. Every task runs in the schema named in its header, or not at all."""

import os
import time
from typing import Any

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent, setup_logging, task_prerun
from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = CeleryApp("portal", task_cls="tenants.celery:TenantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_django_logging(**_: Any) -> None:
    """Django has configured logging already; without a receiver Celery would do it again."""


@task_prerun.connect
def _bind_log_context(task_id: str, task: Any, **_: Any) -> None:
    import structlog

    from portal.connection import current_schema

    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, tenant=current_schema())


class _Pulse:
    """At most one write in five seconds; Valkey being down must stop neither worker nor beat."""

    def __init__(self, key: str) -> None:
        self.key, self.last = key, 0.0

    def beat(self) -> None:
        from redis.exceptions import RedisError

        from portal.health import heartbeat

        if time.monotonic() - self.last < 5:
            return
        self.last = time.monotonic()
        try:
            heartbeat(self.key)
        except (RedisError, OSError):
            pass


_worker_pulse = _Pulse("health:worker")


@heartbeat_sent.connect
def _worker_alive(**_: Any) -> None:
    _worker_pulse.beat()


class HeartbeatScheduler(PersistentScheduler):
    """Beat's own schedule; tells `/healthz` that it ticks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.pulse = _Pulse("health:beat")
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self.pulse.beat()
        return float(super().tick(*args, **kwargs))
