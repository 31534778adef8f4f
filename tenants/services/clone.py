"""A copy of a schema, by PostgreSQL's own descriptions of what is in it.

The trick is the search path: inside the source schema PostgreSQL describes everything without naming
the schema, so the same statements, run inside the copy, make the same things there, under the same
names. See docs/decisions/0002-schema-copy.md for why not django-tenants' `clone_schema`.
"""

from collections.abc import Iterator

from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql


class NotCopyable(Exception):
    """The source holds something that a copy would lose: a view, a trigger or a function."""


_UNKNOWN = """
SELECT 'relation ' || relname FROM pg_class
WHERE relnamespace = %(schema)s::regnamespace AND relkind NOT IN ('r', 'i', 'S')
UNION ALL
SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
UNION ALL
SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'type ' || typname FROM pg_type
WHERE typnamespace = %(schema)s::regnamespace AND typtype IN ('e', 'd', 'r')
UNION ALL
SELECT 'sequence ' || relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
    AND relkind = 'S' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
            AND deptype = 'i')
"""

# Columns in their order. An identity column brings its sequence by name: a table that was renamed
# keeps the sequence of its old name. From PostgreSQL 18 on NOT NULL has a name too.
_TABLES = """
SELECT relname, string_agg(
    format('%%I %%s', attname, format_type(atttypid, atttypmod))
    || CASE WHEN attcollation <> typcollation
        THEN format(' COLLATE %%I', (SELECT collname FROM pg_collation WHERE oid = attcollation))
        ELSE '' END
    || CASE
        WHEN attidentity <> '' THEN format(
            ' GENERATED %%s AS IDENTITY (SEQUENCE NAME %%s INCREMENT %%s'
            ' MINVALUE %%s MAXVALUE %%s START %%s CACHE %%s)',
            CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
            pg_get_serial_sequence(quote_ident(relname), attname)::regclass,
            seqincrement, seqmin, seqmax, seqstart, seqcache)
        WHEN attgenerated = 's'
            THEN format(' GENERATED ALWAYS AS (%%s) STORED', pg_get_expr(adbin, adrelid))
        WHEN adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(adbin, adrelid)
        ELSE '' END
    || CASE WHEN attnotnull
        THEN coalesce(format(' CONSTRAINT %%I', not_null.conname), '') || ' NOT NULL'
        ELSE '' END,
    ', ' ORDER BY attnum)
FROM pg_class
JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type ON pg_type.oid = atttypid
LEFT JOIN pg_attrdef ON adrelid = pg_class.oid AND adnum = attnum
LEFT JOIN pg_sequence ON attidentity <> ''
    AND seqrelid = pg_get_serial_sequence(quote_ident(relname), attname)::regclass
LEFT JOIN pg_constraint not_null
    ON not_null.conrelid = pg_class.oid AND contype = 'n' AND conkey = ARRAY[attnum]
WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r'
GROUP BY relname ORDER BY relname
"""

_DATA_COLUMNS = """
SELECT relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r'
    AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname ORDER BY relname
"""

_SEQUENCES = """
SELECT relname FROM pg_class
WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'S' ORDER BY relname
"""

# Keys before foreign keys, which refer to them.
_CONSTRAINTS = """
SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
    conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE connamespace = %(schema)s::regnamespace AND conrelid <> 0 AND contype IN ('p', 'u', 'c', 'x', 'f')
ORDER BY contype = 'f', conrelid::regclass::text, conname
"""

_INDEXES = """
SELECT pg_get_indexdef(indexrelid, 0, true)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = %(schema)s::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
ORDER BY relname
"""


def schema_copy(*, source: str, copy: str) -> None:
    """Make schema `copy` with the tables, data, sequence values, constraints, indexes of `source`.

    Belongs in the caller's transaction: a failure leaves nothing. Raises NotCopyable.
    """
    with schema_context(source):
        statements = [*_describe(source, copy)]
    with schema_context(copy), connection.cursor() as cursor:
        cursor.execute(_text(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(copy))))
        for statement in statements:  # one a call: Citus prepares what it sends to workers
            cursor.execute(statement)


def _describe(source: str, copy: str) -> Iterator[str]:
    unknown = [name for (name,) in _rows(_UNKNOWN, source)]
    if unknown:
        raise NotCopyable(", ".join(unknown))
    for table, columns in _rows(_TABLES, source):
        yield f"CREATE TABLE {_identifier(table)} ({columns})"
    for table, columns in _rows(_DATA_COLUMNS, source):
        yield (
            f"INSERT INTO {_identifier(table)} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608
            f"SELECT {columns} FROM {_identifier(source, table)}"
        )
    for (sequence,) in _rows(_SEQUENCES, source):
        here = _text(sql.Literal(_identifier(copy, sequence)))
        there = _identifier(source, sequence)
        yield f"SELECT setval({here}, last_value, is_called) FROM {there}"  # noqa: S608
    for query in (_CONSTRAINTS, _INDEXES):
        for (statement,) in _rows(query, source):
            yield statement


def _rows(query: str, schema: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"schema": schema})
        return list(cursor.fetchall())


def _identifier(*names: str) -> str:
    return _text(sql.Identifier(*names))


def _text(composed: sql.Composable) -> str:
    return composed.as_string(None)
