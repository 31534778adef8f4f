"""Entering a schema, and asking what is in it."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.connection import connection
from tenants.models import GasCompany

# One provisioning or one run of migrations at a time in the whole database: a template must not
# change while it is copied, and the copying function is replaced by each copy.
SCHEMA_CHANGE_LOCK = 7_305_001


def pending_migrations(schema_name: str) -> list[str]:
    """`app.name` of each migration that the schema lacks."""
    with schema_context(schema_name):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def lock_schema_changes() -> None:
    """Wait for the other provisioning or migration to end; held until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_CHANGE_LOCK])


@contextmanager
def schema_changes_locked() -> Iterator[None]:
    """The same over several transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_CHANGE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_CHANGE_LOCK])


# What a worker does for minutes: of each kind and row, one at a time.
RUN_WORK = 7_305_003
ARCHIVE_WORK = 7_305_004


@contextmanager
def working_alone(kind: int, number: int) -> Iterator[bool]:
    """Whether nobody else works on this row. Held by the session: a killed worker lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        row = cursor.fetchone()
    mine = row is not None and bool(row[0])
    try:
        yield mine
    finally:
        if mine:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


@contextmanager
def in_company(company: GasCompany) -> Iterator[None]:
    """Work in a company's schema and time zone, whatever host the request came to.

    Evaluate querysets inside: a lazy one reads the schema that is current when it is read.
    """
    before = connection.tenant
    connection.set_tenant(company)
    try:
        with timezone.override(zoneinfo.ZoneInfo(company.time_zone)):
            yield
    finally:
        connection.set_tenant(before)
