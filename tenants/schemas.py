"""Entering a schema, and asking what is in it."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.connection import connection
from tenants.models import GasCompany

# One provisioning or one run of migrations at a time in the whole database: a template must not
# change while it is copied.
SCHEMA_CHANGE_LOCK = 7_305_001


def pending_migrations(schema_name: str) -> list[str]:
    """Return `app.name` of each migration that the schema lacks."""
    with schema_context(schema_name):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def has_table(name: str) -> bool:
    """Tell whether the schema that is entered has a table: one of before an app has none of the app's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        return bool(cursor.fetchone()[0] is not None)


def lock_schema_changes() -> None:
    """Wait for other provisionings and migrations; the lock is held until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_CHANGE_LOCK])


@contextmanager
def schema_changes_locked() -> Iterator[None]:
    """Hold the lock of `lock_schema_changes` over several transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_CHANGE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_CHANGE_LOCK])


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
