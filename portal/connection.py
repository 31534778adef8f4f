"""The database connection, typed as what it is: one that stands in a schema."""

from typing import TYPE_CHECKING, cast

from django.db import connection as _connection

if TYPE_CHECKING:
    from tenants.database.base import DatabaseWrapper

connection = cast("DatabaseWrapper", _connection)


def current_schema() -> str:
    return str(connection.schema_name)
