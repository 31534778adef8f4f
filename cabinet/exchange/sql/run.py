"""Running composed statements on the company's connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from psycopg.sql import Composable

from portal.connection import connection


@contextmanager
def bulk_transaction() -> Iterator[None]:
    """Open a transaction for statements over whole tables.

    Without the check of the connection, PostgreSQL would finish a long statement of a killed process
    before it releases its locks.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true),"
            " set_config('client_connection_check_interval', '1s', true)"
        )
        yield


def execute(statement: Composable) -> int:
    """The number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def fetch_row(query: Composable) -> tuple[Any, ...]:
    """The one row of a query that always has one."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def fetch_rows(query: Composable) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, however many, a thousand at a time in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(1000):
            yield from rows
