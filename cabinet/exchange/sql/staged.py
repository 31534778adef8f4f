"""Pieces of SQL about staged rows. `s` is always the staged row.

Names are composed by psycopg.sql; tables are found by the search path, which is the company's schema.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import STAGING_PREFIX, Column, FileDeclaration, Reference

# Between the parts of a key in one text; no billing system has it in a code.
KEY_SEPARATOR = "\x1f"
PROBLEMS = Identifier(f"{STAGING_PREFIX}problem")
KEY_HASH = Identifier("key_hash")
LINE_HASH = Identifier("line_hash")
FRESH_LINES = Identifier(f"{STAGING_PREFIX}fresh")


@dataclass
class Staged:
    """A file in its staging table. `columns` in the order of the header; `rows` counts bad ones too.

    `bad` rows were found wrong while reading and never got there; `nameless` are those of them of
    which nobody can tell which record they meant. `rejected`: all that are wrong, once checked.
    `known` lines would change nothing and are not in the table (staging.known).
    """

    declaration: FileDeclaration
    columns: Sequence[Column]
    rows: int
    bad: int
    nameless: int
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
        """From 1, in the header; 0 for a column that the file does not have."""
        return self.names.index(column) + 1 if column in self.names else 0


def staging(declaration: FileDeclaration) -> Identifier:
    return Identifier(declaration.staging_table)


def known_lines(declaration: FileDeclaration) -> Identifier:
    """Number and hash of each line of a file that has a mark, known ones and others."""
    return Identifier(f"{declaration.staging_table}_lines")


def sum_of(value: Composable) -> Composable:
    return SQL("COALESCE(sum({}), 0)").format(value)


def comma(parts: Iterable[Composable]) -> Composable:
    return SQL(", ").join(parts)


def both(parts: Iterable[Composable]) -> Composable:
    return SQL(" AND ").join(parts)


def staged_value(declaration: FileDeclaration, column: Column) -> Composable:
    """What the staged field is stored as, foreign keys apart."""
    value = SQL(column.kind.stored).format(SQL("s.{}").format(Identifier(column.name)))
    empty = declaration.empty_of(column)
    if empty is None or column.required:
        return value
    return SQL("COALESCE({}, {})").format(value, Literal(empty))


def key_hash(declaration: FileDeclaration) -> Composable:
    """The key of a row of the staging table in eight bytes: equal for equal keys, and hardly ever else."""
    mixed: Composable = Literal(0)
    for name in declaration.key:
        column = declaration.by_name[name]
        field: Composable = Identifier(name)
        if not column.required:
            field = SQL("COALESCE({}, {})").format(field, Literal(column.empty or ""))
        mixed = SQL(column.kind.hashed).format(field, mixed)
    return mixed


def staged_key(declaration: FileDeclaration) -> Composable:
    """The key of a staged row in one text, as `staging.records.Record.key` has it."""
    parts = []
    for name in declaration.key:
        column = declaration.by_name[name]
        field = SQL(column.kind.as_text).format(SQL("s.{}").format(Identifier(name)))
        empty = Literal(column.empty or "")
        parts.append(field if column.required else SQL("COALESCE({}, {})").format(field, empty))
    return SQL("concat_ws({}, {})").format(Literal(KEY_SEPARATOR), comma(parts))
