"""Migrations reach public, the template and every company, several at once."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django_tenants.utils import schema_context, schema_exists

from portal.children import in_children
from portal.staff.roles import central_roles_create
from tenants.legal.calendar_seed import calendar_seed
from tenants.legal.seed import legal_seed
from tenants.models import GasCompany
from tenants.schemas import pending_migrations, schema_changes_locked
from tenants.services.regions import regions_seed


@dataclass(frozen=True)
class MigrationOutcome:
    """What became of one schema; `error` is empty when it is current."""

    schema_name: str
    applied: int
    error: str = ""


def migrate_all(*, processes: int | None = None) -> Iterator[MigrationOutcome]:
    """Migrate public and the template, whose failure raises, then each company.

    A company that fails is reported, stops no other, and answers 503 until it is repaired: see
    `tenants.routing.is_behind`.
    """
    with schema_context("public"), schema_changes_locked():
        yield migrate_schema("public")
        regions_seed()
        legal_seed()
        calendar_seed()
        central_roles_create()
        yield _migrate_template()
        schemas = list(
            GasCompany.objects.exclude(status=GasCompany.Status.ARCHIVED).values_list(
                "schema_name", flat=True
            )
        )
        behind = [schema for schema in schemas if pending_migrations(schema)]
        for schema in sorted(set(schemas) - set(behind)):
            yield MigrationOutcome(schema, 0)
        yield from in_children(
            "tenants.services.migrate.migrate_reporting",
            behind,
            processes=processes or min(os.cpu_count() or 1, 8),
        )


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


def migrate_reporting(schema_name: str) -> MigrationOutcome:
    """Migrate one schema in a process of its own; report a failure as an outcome."""
    try:
        return migrate_schema(schema_name)
    except Exception as error:  # noqa: BLE001 — whatever a migration raises is that company's alone
        return MigrationOutcome(schema_name, 0, f"{type(error).__name__}: {error}".strip())
