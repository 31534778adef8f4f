"""Pieces of SQL: `s` is a staged row, `t` the stored row, `v` a staged one in its shape.

Names are composed by psycopg.sql; tables are found by the search path, which is the company's schema."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.files.declaration import STAGING_PREFIX, Column, FileDeclaration, Reference
from cabinet.exchange.package.cleaning import Cleaned
from portal.connection import connection


@contextmanager
def bulk_transaction() -> Iterator[None]:
    """Open a transaction for statements over whole tables.

    Without the check of the connection, PostgreSQL would finish a long statement of a killed process
    before it releases its locks.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true),"
            " set_config('client_connection_check_interval', '1s', true)"
        )
        yield


def execute(statement: Composable) -> int:
    """Run a statement and return the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def fetch_row(query: Composable) -> tuple[Any, ...]:
    """Return the one row of a query that always has one."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def fetch_rows(query: Composable) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, a thousand at a time in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(1000):
            yield from rows


# Between the parts of a key in one text; no billing system has it in a code.
KEY_SEPARATOR = "\x1f"
PROBLEMS = Identifier(f"{STAGING_PREFIX}problem")
KEY_HASH = Identifier("key_hash")
LINE_HASH = Identifier("line_hash")
FRESH_LINES = Identifier(f"{STAGING_PREFIX}fresh")


@dataclass
class Staged:
    """A file in its staging table. `columns` in the order of the header; `rows` counts bad ones too.

    `bad` rows were found wrong while reading and never got there; `nameless` are those of them whose key
    cannot be read. `rejected`: all that are wrong, once checked. `known` lines would change nothing and
    are not in the table (known_lines). `cleaned`: what was removed from the texts of others.
    """

    declaration: FileDeclaration
    columns: Sequence[Column]
    rows: int
    bad: int
    nameless: int
    cleaned: Cleaned
    known: int = 0
    rejected: int = 0

    @property
    def good(self) -> int:
        return self.rows - self.rejected

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def references(self) -> list[Reference]:
        return [ref for ref in self.declaration.references if ref.column in self.names]

    def position(self, column: str) -> int:
        """Return the place in the header, from 1; 0 for a column that the file does not have."""
        return self.names.index(column) + 1 if column in self.names else 0


def staging(declaration: FileDeclaration) -> Identifier:
    return Identifier(declaration.staging_table)


def known_lines(declaration: FileDeclaration) -> Identifier:
    """Return the table with number and hash of each line of a file that has a mark."""
    return Identifier(f"{declaration.staging_table}_lines")


def sum_of(value: Composable) -> Composable:
    return SQL("COALESCE(sum({}), 0)").format(value)


def comma(parts: Iterable[Composable]) -> Composable:
    return SQL(", ").join(parts)


def both(parts: Iterable[Composable]) -> Composable:
    return SQL(" AND ").join(parts)


def staged_value(declaration: FileDeclaration, column: Column) -> Composable:
    """Return the value that the staged field is stored as, foreign keys apart."""
    value = SQL(column.kind.stored).format(SQL("s.{}").format(Identifier(column.name)))
    empty = declaration.empty_of(column)
    if empty is None or column.required:
        return value
    return SQL("COALESCE({}, {})").format(value, Literal(empty))


def key_hash(declaration: FileDeclaration) -> Composable:
    """Compose a hash of the key of a row of the staging table, in eight bytes.

    Equal for equal keys, and hardly ever else.
    """
    mixed: Composable = Literal(0)
    for name in declaration.key:
        column = declaration.by_name[name]
        field: Composable = Identifier(name)
        if not column.required:
            field = SQL("COALESCE({}, {})").format(field, Literal(column.empty or ""))
        mixed = SQL(column.kind.hashed).format(field, mixed)
    return mixed


def staged_key(declaration: FileDeclaration) -> Composable:
    """Compose the key of a staged row in one text, like `Record.key`."""
    parts = []
    for name in declaration.key:
        column = declaration.by_name[name]
        field = SQL(column.kind.as_text).format(SQL("s.{}").format(Identifier(name)))
        empty = Literal(column.empty or "")
        parts.append(field if column.required else SQL("COALESCE({}, {})").format(field, empty))
    return SQL("concat_ws({}, {})").format(Literal(KEY_SEPARATOR), comma(parts))


def table(declaration: FileDeclaration) -> Identifier:
    return Identifier(declaration.table)


def of_t(stored_column: str) -> Composable:
    return SQL("t.{}").format(Identifier(stored_column))


def alias(reference: Reference) -> Identifier:
    """Return the alias of the row that a reference names."""
    return Identifier(f"to_{reference.column}")


def its_key(reference: Reference) -> Composable:
    return SQL("{}.{}").format(alias(reference), Identifier(reference.to.primary_key))


def its_name(reference: Reference) -> Composable:
    """Return the stored column that holds the name: the first one of its key."""
    name = reference.to.stored_column(reference.to.key[0])
    return SQL("{}.{}").format(alias(reference), Identifier(name))


def reference_joins(references: Iterable[Reference]) -> Composable:
    """Compose the joins that find the rows which a staged one's foreign keys name.

    LEFT: a name that slipped through the checks ends the import at NOT NULL, and not in silence.
    """
    return SQL(" ").join(
        SQL("LEFT JOIN {} {} ON {} = s.{}").format(
            table(reference.to), alias(reference), its_name(reference), Identifier(reference.column)
        )
        for reference in references
        if reference.foreign_key
    )


def stored_expression(declaration: FileDeclaration, column: Column) -> Composable:
    """Compose the value for the stored column, with the joins of `reference_joins` in place."""
    reference = declaration.reference_of(column.name)
    if reference and reference.foreign_key:
        return its_key(reference)
    return staged_value(declaration, column)


def values(staged: Staged) -> Composable:
    """Compose the staged rows in the shape of the stored table, as a subquery."""
    declaration = staged.declaration
    parts = [
        SQL("{} AS {}").format(
            stored_expression(declaration, column),
            Identifier(declaration.stored_column(column.name)),
        )
        for column in staged.columns
    ]
    for name, value in declaration.always.items():
        kind = SQL(str(declaration.field(name).db_type(connection)))
        stored = Identifier(declaration.stored_field(name))
        parts.append(SQL("{}::{} AS {}").format(Literal(value), kind, stored))
    # COALESCE: COPY takes an empty key for NULL.
    keys = map(Identifier, declaration.number_keys_of(staged.names))
    parts += [SQL("COALESCE(s.{0}, '') AS {0}").format(key) for key in keys]
    if declaration.mark:
        parts.append(SQL("s.{}").format(LINE_HASH))
    return SQL("(SELECT {} FROM {} s {})").format(
        comma(parts), staging(declaration), reference_joins(staged.references)
    )


def mark_of_t(declaration: FileDeclaration) -> Composable:
    """Compose the hash of the line that `t` was made of; NULL once it was written since."""
    line_hash, transaction = _mark(declaration)
    return SQL("CASE WHEN t.xmin = {} THEN {} END").format(transaction, line_hash)


def knows_line(declaration: FileDeclaration) -> Composable:
    """Compose the condition that `t` was made of the line `l`, and was not written since."""
    line_hash, transaction = _mark(declaration)
    # COALESCE: PostgreSQL would take a bare comparison for one that hardly any row meets.
    return SQL("{} = l.{} AND COALESCE(t.xmin = {}, FALSE)").format(
        line_hash, LINE_HASH, transaction
    )


def _mark(declaration: FileDeclaration) -> tuple[Composable, Composable]:
    mark = declaration.mark
    if mark is None:
        raise TypeError(f"{declaration.name} has no mark")
    fields = (mark.hash_field, mark.transaction_field)
    line_hash, transaction = (of_t(declaration.stored_field(name)) for name in fields)
    return line_hash, transaction


def value_columns(staged: Staged) -> list[str]:
    """Return the stored columns of `values`."""
    declaration = staged.declaration
    named = [declaration.stored_column(name) for name in staged.names]
    also = [*declaration.always, *declaration.number_keys_of(staged.names)]
    return [*named, *(declaration.stored_field(name) for name in also)]


def is_same_row(declaration: FileDeclaration) -> Composable:
    """Compose the condition that `t` is the stored row of `v`."""
    keys = [declaration.stored_column(name) for name in declaration.key]
    same = [SQL("t.{0} = v.{0}").format(Identifier(key)) for key in keys]
    return both([*same, *billing_only(declaration)])


def is_stored(declaration: FileDeclaration) -> Composable:
    """Compose the condition that the portal has the record of the staged row `s`."""
    return SQL("EXISTS (SELECT {})").format(_from_stored(declaration))


def to_be_stored(staged: Staged, name: str) -> Composable:
    """Compose the value that the record of the staged row `s` will have.

    A column that the file lacks keeps what is stored, and in a new record is empty.
    """
    declaration = staged.declaration
    column = declaration.by_name[name]
    if name in staged.names:
        return staged_value(declaration, column)
    return SQL("COALESCE((SELECT {} {}), {})").format(
        of_t(declaration.stored_column(name)),
        _from_stored(declaration),
        Literal(declaration.empty_of(column)),
    )


def _from_stored(declaration: FileDeclaration) -> Composable:
    """Compose FROM and WHERE that find the stored row `t` of the staged row `s`."""
    same = [
        SQL("{} = {}").format(
            of_t(declaration.stored_column(name)),
            stored_expression(declaration, declaration.by_name[name]),
        )
        for name in declaration.key
    ]
    references = [ref for ref in declaration.references if ref.column in declaration.key]
    # The joins stand after `t`, but their conditions name the staged row only.
    return SQL("FROM {} t {} WHERE {}").format(
        table(declaration), reference_joins(references), both([*same, *billing_only(declaration)])
    )


def billing_only(declaration: FileDeclaration) -> list[Composable]:
    """Compose the conditions that tell billing's rows from the portal's own in `t`."""
    return [
        SQL("{} = {}").format(of_t(declaration.stored_field(name)), Literal(value))
        for name, value in declaration.billing_only.items()
    ]


def key_is_rejected(declaration: FileDeclaration) -> Composable:
    """Compose the condition that a rejected row of the file meant the stored row `t`."""
    parts = []
    for name in declaration.key:
        field = of_t(declaration.stored_column(name))
        reference = declaration.reference_of(name)
        if reference and reference.foreign_key:
            field = SQL("(SELECT {} FROM {} {} WHERE {} = {})").format(
                its_name(reference),
                table(reference.to),
                alias(reference),
                its_key(reference),
                field,
            )
        parts.append(SQL(declaration.by_name[name].kind.as_text).format(field))
    return SQL("EXISTS (SELECT FROM {} p WHERE p.file = {} AND p.key = concat_ws({}, {}))").format(
        PROBLEMS, Literal(declaration.name), Literal(KEY_SEPARATOR), comma(parts)
    )
