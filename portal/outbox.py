"""From a committed row to a task."""

import logging
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.connection import connection, current_schema

log = logging.getLogger(__name__)


def enqueue_on_commit(task: "Task[Any, Any]", *args: Any) -> None:
    """Send the task when the transaction commits; its schema is the one in force now.

    A broker that is down is logged, not raised: the committed row is the outbox, and a sweeper
    finds it.
    """
    headers = {"_schema_name": current_schema()}

    def send() -> None:
        try:
            task.apply_async(args, headers=headers)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("not enqueued: %s (%s)", task.name, type(error).__name__)

    connection.on_commit(send)
