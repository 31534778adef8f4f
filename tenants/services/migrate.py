"""Migrations reach public, the template and every company, several at once."""

import io
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django_tenants.utils import schema_context, schema_exists

from tenants.models import GasCompany
from tenants.schemas import pending_migrations, schema_changes_locked


@dataclass(frozen=True)
class MigrationOutcome:
    """What became of one schema; `error` is empty when it is current."""

    schema_name: str
    applied: int
    error: str = ""


def migrate_all(*, processes: int | None = None) -> Iterator[MigrationOutcome]:
    """Public and the template first (their failure raises), then the companies, each on its own.

    A company that fails is reported, stops no other, and answers 503 until it is mended: see
    `tenants.routing.is_behind`.
    """
    with schema_context("public"), schema_changes_locked():
        yield migrate_schema("public")
        yield _migrate_template()
        schemas = list(
            GasCompany.objects.exclude(status=GasCompany.Status.ARCHIVED).values_list(
                "schema_name", flat=True
            )
        )
        behind = [schema for schema in schemas if pending_migrations(schema)]
        for schema in sorted(set(schemas) - set(behind)):
            yield MigrationOutcome(schema, 0)
        yield from _in_parallel(behind, processes or min(os.cpu_count() or 1, 8))


def migrate_schema(schema_name: str) -> MigrationOutcome:
    """Bring one schema to the code's state. Raises what the migration raises."""
    with schema_context(schema_name):
        pending = pending_migrations(schema_name)
        if pending:
            # Django's own command, not django-tenants' one of the same name.
            from django.core.management.commands.migrate import Command as Migrate

            call_command(Migrate(), interactive=False, verbosity=0, stdout=io.StringIO())
    return MigrationOutcome(schema_name, len(pending))


def _migrate_template() -> MigrationOutcome:
    template = settings.TENANT_BASE_SCHEMA
    if not schema_exists(template):
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{template}"')
    return migrate_schema(template)


def _in_parallel(schemas: list[str], processes: int) -> Iterator[MigrationOutcome]:
    if not schemas:
        return
    # Fresh processes: a forked one would share this one's connection.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(processes, len(schemas)),
        mp_context=context,
        initializer=_set_up,
        initargs=(connection.settings_dict["NAME"],),
    ) as pool:
        for done in as_completed([pool.submit(_migrate_reporting, name) for name in schemas]):
            yield done.result()


def _set_up(database_name: str) -> None:
    import django

    django.setup()
    connections["default"].settings_dict["NAME"] = database_name


def _migrate_reporting(schema_name: str) -> MigrationOutcome:
    try:
        return migrate_schema(schema_name)
    except Exception as error:  # noqa: BLE001 — whatever a migration raises is that company's alone
        return MigrationOutcome(schema_name, 0, f"{type(error).__name__}: {error}".strip())
    finally:
        connections.close_all()
