"""Pieces of SQL that checks and merge share. `s` is the staged row, `t` the stored one.

Names are composed by psycopg.sql; tables are found by the search path, which is the company's schema.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import STAGING_PREFIX, Column, FileDeclaration, Reference
from cabinet.exchange.staging.records import KEY_SEPARATOR

PROBLEMS = Identifier(STAGING_PREFIX + "problem")


@dataclass
class Staged:
    """A file in its staging table. `columns` in the order of the header; `rows` counts bad ones too.

    `bad` rows were found wrong while reading and never got there; `nameless` are those of them of
    which nobody can tell which record they meant. `rejected`: all that are wrong, once checked.
    """

    declaration: FileDeclaration
    columns: Sequence[Column]
    rows: int
    bad: int
    nameless: int
    rejected: int = 0

    @property
    def good(self) -> int:
        return self.rows - self.rejected

    @property
    def names(self) -> set[str]:
        return {column.name for column in self.columns}

    @property
    def references(self) -> list[Reference]:
        return [ref for ref in self.declaration.references if ref.column in self.names]

    def position(self, column: str) -> int:
        """From 1, in the header; 0 for a column that the file does not have."""
        names = [each.name for each in self.columns]
        return names.index(column) + 1 if column in names else 0


def staging(declaration: FileDeclaration) -> Identifier:
    return Identifier(declaration.staging_table)


def table(declaration: FileDeclaration) -> Identifier:
    return Identifier(declaration.table)


def comma(parts: Iterable[Composable]) -> Composable:
    return SQL(", ").join(parts)


def both(parts: Iterable[Composable]) -> Composable:
    return SQL(" AND ").join(parts)


def staged_value(declaration: FileDeclaration, column: Column) -> Composable:
    """What the staged field is stored as, references apart."""
    name = SQL("s.{}").format(Identifier(column.name))
    value = SQL(column.kind.stored).format(name)
    empty = declaration.empty_of(column)
    if empty is None or column.required:
        return value
    return SQL("COALESCE({}, {})").format(value, Literal(empty))


def key_text(declaration: FileDeclaration) -> Composable:
    """The key of a staged row in one text, as `records.Record.key` has it."""
    parts = []
    for name in declaration.key:
        column = declaration.by_name[name]
        field = SQL(column.kind.as_text).format(SQL("s.{}").format(Identifier(name)))
        empty = Literal(column.empty or "")
        parts.append(field if column.required else SQL("COALESCE({}, {})").format(field, empty))
    return SQL("concat_ws({}, {})").format(Literal(KEY_SEPARATOR), comma(parts))


def reference_alias(reference: Reference) -> Identifier:
    return Identifier(f"to_{reference.column}")


def reference_name(reference: Reference) -> Composable:
    """The stored column of the referred row that holds the name: the first one of its key."""
    target = reference.to.stored_column(reference.to.key[0])
    return SQL("{}.{}").format(reference_alias(reference), Identifier(target))


def reference_joins(references: Iterable[Reference]) -> Composable:
    """Joins that find the rows which a staged one's foreign keys name."""
    return SQL(" ").join(
        SQL("JOIN {table} {alias} ON {name} = s.{column}").format(
            table=table(reference.to),
            alias=reference_alias(reference),
            name=reference_name(reference),
            column=Identifier(reference.column),
        )
        for reference in references
        if reference.foreign_key
    )


def stored_expression(declaration: FileDeclaration, column: Column) -> Composable:
    """The value for the stored column, with the joins of `reference_joins` in place."""
    reference = declaration.reference_of(column.name)
    if reference and reference.foreign_key:
        primary_key = Identifier(reference.to.primary_key)
        return SQL("{}.{}").format(reference_alias(reference), primary_key)
    return staged_value(declaration, column)


def billing_only(declaration: FileDeclaration) -> list[Composable]:
    """What tells billing's rows from the portal's own in `t`."""
    return [
        SQL("t.{} = {}").format(Identifier(name), Literal(value))
        for name, value in declaration.billing_only.items()
    ]


def key_is_rejected(declaration: FileDeclaration) -> Composable:
    """That a rejected row of the file meant the stored row `t`."""
    return SQL("EXISTS (SELECT FROM {} p WHERE p.file = {} AND p.key = {})").format(
        PROBLEMS, Literal(declaration.name), _stored_key_text(declaration)
    )


def _stored_key_text(declaration: FileDeclaration) -> Composable:
    parts = []
    for name in declaration.key:
        column = declaration.by_name[name]
        field: Composable = SQL("t.{}").format(Identifier(declaration.stored_column(name)))
        reference = declaration.reference_of(name)
        if reference and reference.foreign_key:
            field = SQL("(SELECT {} FROM {} {} WHERE {}.{} = {})").format(
                reference_name(reference),
                table(reference.to),
                reference_alias(reference),
                reference_alias(reference),
                Identifier(reference.to.primary_key),
                field,
            )
        parts.append(SQL(column.kind.as_text).format(field))
    return SQL("concat_ws({}, {})").format(Literal(KEY_SEPARATOR), comma(parts))
