"""Processes that are killed at a chosen SQL statement, and waiting for them."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections


def forked(work: Callable[[], object]) -> int:
    """The number of a process that does this. It shares no connection with us."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            assert not any(one.connection for one in connections.all(initialized_only=True))
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def die_before(number: int) -> Callable[..., Any]:
    """For Django's connection: no statement after so many others."""
    count = 0

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(*arguments)

    return execute


def wait_for(found: Callable[[], object]) -> None:
    """A busy machine is slow, not wrong: a minute is for what never comes."""
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def is_waiting(onlooker: psycopg.Connection[Any]) -> bool:
    """Whether anybody in this database waits for a row."""
    found = onlooker.execute(
        "SELECT FROM pg_locks waits JOIN pg_locks other USING (pid)"
        " JOIN pg_database ON pg_database.oid = other.database"
        " WHERE NOT waits.granted AND datname = current_database()"
    )
    return found.fetchone() is not None
