"""The Celery application. Every task runs in the schema named in its header, or not at all."""

import os
from typing import TYPE_CHECKING, Any

from celery.beat import PersistentScheduler
from celery.signals import (
    celeryd_after_setup,
    heartbeat_sent,
    setup_logging,
    task_postrun,
    task_prerun,
)
from tenant_schemas_celery.app import CeleryApp

if TYPE_CHECKING:
    from portal.http.health import Heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = CeleryApp("portal", task_cls="tenants.celery:TenantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_django_logging(**_: Any) -> None:
    """Keep Django's logging: without a receiver Celery would configure it again."""


@task_postrun.connect
def _close_stale_connections(task: Any, **_: Any) -> None:
    """Close a connection that is too old or broken, as Django does after a request.

    One that stays is checked before its next query, which is the next task's.
    """
    from django.db import close_old_connections

    if task.request.is_eager:  # in the caller's transaction
        return
    close_old_connections()


@task_prerun.connect
def _bind_log_context(task_id: str, task: Any, **_: Any) -> None:
    import structlog

    from portal.connection import current_schema

    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, tenant=current_schema())


_heartbeats: list["Heartbeat"] = []


@celeryd_after_setup.connect
def _worker_set_up(instance: Any, **_: Any) -> None:
    from portal.http.health import Heartbeat, worker_part

    queues = instance.app.amqp.queues.consume_from
    _heartbeats.extend(Heartbeat(worker_part(queue)) for queue in queues)


@heartbeat_sent.connect
def _worker_alive(**_: Any) -> None:
    for heartbeat in _heartbeats:
        heartbeat.beat()


class HeartbeatScheduler(PersistentScheduler):
    """Beat's own schedule, whose ticks `/healthz` sees."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from portal.http.health import Heartbeat

        self.heartbeat = Heartbeat("beat")
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self.heartbeat.beat()
        return float(super().tick(*args, **kwargs))
