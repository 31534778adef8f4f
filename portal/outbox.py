"""From a committed row to a task."""

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.connection import connection, current_schema

log = logging.getLogger(__name__)


def enqueue_on_commit(task_name: str, *args: Any) -> None:
    """Send the task, named by its dotted path, when the transaction commits.

    Its schema is the one in force now. A broker that is down is logged, not raised: the committed row
    is the outbox, and a sweeper finds it.
    """
    headers = {"_schema_name": current_schema()}

    def send() -> None:
        try:
            current_app.send_task(task_name, args, headers=headers)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("not enqueued: %s (%s)", task_name, type(error).__name__)

    connection.on_commit(send)
