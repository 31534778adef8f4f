"""django-tenants' backend, made strict.

PostgreSQL passes over what a search path's first schema lacks, so with public behind a tenant's
schema a missing table is silently somebody else's. Here public is not in a tenant's path, and models
that live only in public name it: `db_table = '"public"."tenants_domain"'`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgreSQLSchemaEditor
from django.db.models import Field, Model
from django_tenants.postgresql_backend import base
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection
from django_tenants.utils import get_public_schema_name


def bare_table_name(name: str) -> str:
    """Return `tenants_domain` for `"public"."tenants_domain"`, as the catalogues have it."""
    return name.rpartition('"."')[2].strip('"')


class DatabaseIntrospection(DatabaseSchemaIntrospection):
    """Reads public tables by their bare names; else altering them fails on names "that already exist"."""

    def get_table_description(self, cursor: Any, table_name: str) -> Any:
        return super().get_table_description(cursor, bare_table_name(table_name))

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> Any:
        return super().get_sequences(cursor, bare_table_name(table_name), table_fields)

    def get_key_columns(self, cursor: Any, table_name: str) -> Any:
        return super().get_key_columns(cursor, bare_table_name(table_name))

    def get_constraints(self, cursor: Any, table_name: str) -> Any:
        return super().get_constraints(cursor, bare_table_name(table_name))


class DatabaseOperations(PostgreSQLOperations):
    def for_update_sql(
        self,
        nowait: bool = False,
        skip_locked: bool = False,
        of: Sequence[str] = (),
        no_key: bool = False,
    ) -> str:
        """Name tables after OF without their schema, as PostgreSQL wants them there."""
        bare = tuple(self.quote_name(bare_table_name(name)) for name in of)
        return str(super().for_update_sql(nowait, skip_locked, bare, no_key))


class DatabaseSchemaEditor(PostgreSQLSchemaEditor):
    def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
        """Add a column, then its CHECK by a statement of its own.

        Citus refuses ADD COLUMN with a CHECK on a table of a distributed schema.
        """
        check = field.db_parameters(connection=self.connection)["check"]
        if not check:
            super().add_field(model, field)
            return
        self.sql_check_constraint = ""  # hides the class's for this one column
        try:
            super().add_field(model, field)
        finally:
            del self.sql_check_constraint
        table = model._meta.db_table
        name = self._create_index_name(table, [field.column], suffix="_check")  # type: ignore[attr-defined]
        self.execute(self._create_check_sql(model, name, check))  # type: ignore[attr-defined]


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.introspection = DatabaseIntrospection(self)

    def _get_cursor_search_paths(self) -> list[str]:
        paths: list[str] = super()._get_cursor_search_paths()
        public = get_public_schema_name()
        return paths if self.schema_name == public else [path for path in paths if path != public]

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        """Run a callback in the schema in which it was registered.

        The commit may come in another one: an image deleted in Pskov took Novgorod's file along.
        """
        tenant = self.tenant

        def in_its_schema() -> None:
            if self.schema_name == tenant.schema_name:
                func()
                return
            current = self.tenant
            self.set_tenant(tenant)
            try:
                func()
            finally:
                self.set_tenant(current)

        super().on_commit(in_its_schema, robust)
