"""Migrations reach everybody; one company's failure is its own."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_tenants.utils import schema_context

from portal.connection import connection
from tenants.routing import is_behind
from tenants.services import migrate_all
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST


def run(sql: str, schema: str) -> None:
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute(sql)


FORGET = "DELETE FROM django_migrations WHERE app = 'messaging'"
UNDO = """DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r'
        AND relnamespace = current_schema()::regnamespace AND relname LIKE 'messaging\\_%'
    LOOP EXECUTE format('DROP TABLE %I CASCADE', one); END LOOP; END $$"""


def test_one_failure_stops_no_other(own_db, capsys):
    for schema in ("pskov", "novgorod"):
        run(FORGET, schema)
    run(UNDO, "pskov")  # can be migrated again; Novgorod's table is still there, so it fails
    with pytest.raises(CommandError, match="Не обновлено компаний: 1"):
        call_command("tenants_migrate", processes=2)
    report = capsys.readouterr().out
    assert "pskov: миграций:" in report
    assert "novgorod: ошибка" in report
    assert "already exists" in report

    assert not is_behind("pskov")
    assert is_behind("novgorod")
    assert Client(headers={"host": PSKOV_HOST}).get("/").status_code == 200
    assert Client(headers={"host": NOVGOROD_HOST}).get("/").status_code == 503

    run(UNDO, "novgorod")
    call_command("tenants_migrate")
    assert Client(headers={"host": NOVGOROD_HOST}).get("/").status_code == 200


def test_current_schemas_are_left_as_they_are(own_db):
    outcomes = list(migrate_all())
    assert [outcome.schema_name for outcome in outcomes[:2]] == ["public", "tenant_template"]
    assert {outcome.schema_name for outcome in outcomes[2:]} == {"pskov", "novgorod"}
    assert all(not outcome.error and not outcome.applied for outcome in outcomes)
