"""Statements that Citus refuses on distributed schemas: none is sent. No test here needs Citus."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlparse
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from portal.connection import connection
from tenants.archives import programs
from tenants.services.clone import schema_copy
from tests.support.factories import make_account


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the strings that are sent to PostgreSQL."""
    sent: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        sent.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def test_a_column_is_added_without_its_check(pskov):
    make_account()
    field = models.PositiveIntegerField(default=1)
    field.set_attributes_from_name("floors")
    field.model = PersonalAccount
    with statements() as sent, connection.schema_editor() as editor:
        editor.add_field(PersonalAccount, field)
    assert not [one for one in sent if "ADD COLUMN" in one and "CHECK" in one]
    assert [one for one in sent if "ADD CONSTRAINT" in one and "CHECK" in one]
    for value, refused in ((2, False), (-1, True)):
        update = f"UPDATE {PersonalAccount._meta.db_table} SET floors = {value}"
        if not refused:
            connection.cursor().execute(update)
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(update)


def test_tables_are_still_created_with_their_checks(pskov):
    class Storey(models.Model):  # noqa: DJ008
        number = models.PositiveIntegerField()

        class Meta:
            app_label = "accounts"
            apps = apps.__class__()

    with connection.schema_editor() as editor:
        editor.create_model(Storey)
    with pytest.raises(IntegrityError), transaction.atomic():
        Storey.objects.create(number=-1)


def test_a_schema_is_copied_one_statement_a_call(db):
    with schema_context("public"), statements() as sent:
        schema_copy(source=settings.TENANT_BASE_SCHEMA, copy="copied")
    assert len(sent) > 300
    assert [one for one in sent if len(sqlparse.split(one)) > 1] == []


def test_migrations_send_one_statement_a_call(db):
    ours = [
        migration
        for migration in MigrationLoader(None).disk_migrations.values()
        if migration.__module__.startswith(("portal.", "tenants.", "cms_pages.", "cabinet."))
    ]
    strings = [
        text
        for migration in ours
        for operation in migration.operations
        if isinstance(operation, RunSQL)
        for text in (operation.sql, operation.reverse_sql)
        if isinstance(text, str)
    ]
    assert ours
    assert [text for text in strings if len(sqlparse.split(text)) > 1] == []


def test_a_restored_schema_is_local(db, settings, tmp_path):
    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\necho "{name} (PostgreSQL) 99.0"\n'
            f'[ "$1" = --version ] || echo "$PGOPTIONS" > "{tmp_path}/{name}.options"\n'
        )
        program.chmod(0o755)
    settings.PG_DUMP = str(tmp_path / "pg_dump")
    programs.pg_restore(file=Path("schema.dump"))
    programs.pg_dump(schema="pskov", file=Path("schema.dump"))
    restored, dumped = (tmp_path / f"{name}.options" for name in ("pg_restore", "pg_dump"))
    assert restored.read_text().strip() == "-c citus.enable_schema_based_sharding=off"
    assert dumped.read_text().strip() == os.environ.get("PGOPTIONS", "")
