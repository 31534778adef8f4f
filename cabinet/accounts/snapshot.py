from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from portal.connection import connection


@contextmanager
def billing_snapshot() -> Iterator[None]:
    """One state of the database for everything that is read inside: during an import a page shows the
    old figures or the new ones, never some of each. Nothing can be written.

    Inside a transaction of the caller it is that transaction, whose level cannot be changed any more.
    """
    if connection.in_atomic_block:
        yield
        return
    # A cursor sets the search path: inside, it would be lost with a rolled-back transaction.
    connection.cursor().close()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
