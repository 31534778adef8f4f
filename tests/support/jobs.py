"""Durable jobs without a broker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from portal.celery import app


@contextmanager
def enqueued() -> Iterator[list[tuple[Any, ...]]]:
    """Collect what is enqueued meanwhile: the task's name and its arguments."""
    tasks: list[tuple[Any, ...]] = []

    def collect(name: str, *args: Any, queue: str | None = None) -> None:
        tasks.append((name, *args))

    with mock.patch("portal.jobs.enqueue_on_commit", collect):
        yield tasks


def swept(sweep: Callable[[], Any]) -> int:
    """Run the sweep, and the tasks that it enqueues, here. Return how many tasks there were."""
    with enqueued() as tasks:
        sweep()
    for name, *args in tasks:
        app.tasks[name](*args)
    return len(tasks)
