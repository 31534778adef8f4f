"""One package at a time in a company."""

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import Error
from psycopg.sql import SQL, Literal

from cabinet.exchange.exceptions import PackageBusy
from cabinet.exchange.sql.run import fetch_row
from portal.connection import current_schema

_EXCHANGE = 7_305_002
_RETRY_SECONDS = 0.2


def lock_numbers() -> tuple[int, int]:
    """The two numbers of PostgreSQL's advisory lock for the company whose schema is entered."""
    return _EXCHANGE, zlib.crc32(current_schema().encode()) - 2**31


@contextmanager
def import_lock(*, patience: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Held by the session, so that a killed process lets go of it. `patience` in seconds.

    `waiting` is called when another import holds it. Raises PackageBusy when patience runs out.
    """
    numbers = SQL("({}, {})").format(*map(Literal, lock_numbers()))
    end = time.monotonic() + patience
    is_told = False
    while fetch_row(SQL("SELECT pg_try_advisory_lock{}").format(numbers)) == (False,):
        if time.monotonic() >= end:
            raise PackageBusy(
                "Загружается другой пакет этой компании, и он всё не кончается. "
                "Повторите, когда он загрузится."
            )
        if not is_told:
            waiting()
        is_told = True
        time.sleep(_RETRY_SECONDS)
    try:
        yield
    finally:
        with suppress(Error):  # the connection is gone, and the lock with it
            fetch_row(SQL("SELECT pg_advisory_unlock{}").format(numbers))
