"""Durable jobs without a broker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from portal.celery import app


@dataclass
class Enqueued:
    schema: str
    name: str
    args: tuple[Any, ...]
    queue: str | None

    def run(self) -> None:
        """Run the task here as a worker would. Raises what it raises."""
        app.loader.import_default_modules()
        app.tasks[self.name].apply(self.args, headers={"_schema_name": self.schema}).get()


@contextmanager
def enqueued() -> Iterator[list[Enqueued]]:
    """Collect what is enqueued meanwhile, committed or not."""
    tasks: list[Enqueued] = []
    with mock.patch("portal.jobs.task_send", lambda *args: tasks.append(Enqueued(*args))):
        yield tasks


def swept(sweep: Callable[[], Any]) -> int:
    """Run the sweep, and the tasks that it enqueues, here. Return how many tasks there were."""
    with enqueued() as tasks:
        sweep()
    for task in tasks:
        task.run()
    return len(tasks)
