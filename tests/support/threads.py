"""Threads on connections of their own, for tests of races."""

import threading
from collections.abc import Callable

from django.db import connections


def in_threads(*works: Callable[[], None]) -> list[BaseException]:
    """Run at once, each on a connection of its own; what they raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 — handed to the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
