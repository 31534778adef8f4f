"""What a `full` package does to stored rows that its file no longer names."""

import datetime

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import FileDeclaration, Prune
from cabinet.exchange.sql.run import execute, fetch_row
from cabinet.exchange.sql.staged import Staged, both
from cabinet.exchange.sql.stored import (
    billing_only,
    is_same_row,
    key_is_rejected,
    of_t,
    table,
    values,
)


def prune_preview(staged: Staged) -> tuple[int, int]:
    """How many stored rows are in force, and how many of them pruning would take."""
    in_force = both(_in_force(staged.declaration))
    counting = SQL("SELECT count(*) FROM {} t WHERE {}")
    stored = table(staged.declaration)
    (rows,) = fetch_row(counting.format(stored, in_force))
    # As a condition, which can be one join; as a FILTER it would be asked of every row by itself.
    (unnamed,) = fetch_row(counting.format(stored, both([in_force, _is_unnamed(staged)])))
    return int(rows), int(unnamed)


def prune_file(staged: Staged, day: datetime.date) -> int:
    """How many rows were marked with the day, or deleted, as the file's declaration has it."""
    declaration = staged.declaration
    where = both([*_in_force(declaration), _is_unnamed(staged)])
    if declaration.prune is Prune.DELETE:
        return execute(SQL("DELETE FROM {} t WHERE {}").format(table(declaration), where))
    return execute(
        SQL("UPDATE {} t SET {} = {} WHERE {}").format(
            table(declaration),
            Identifier(declaration.stored_field(declaration.prune_field)),
            Literal(day),
            where,
        )
    )


def _in_force(declaration: FileDeclaration) -> list[Composable]:
    conditions = billing_only(declaration)
    if declaration.prune is Prune.MARK:
        field = of_t(declaration.stored_field(declaration.prune_field))
        conditions.append(SQL("{} IS NULL").format(field))
    return conditions or [SQL("TRUE")]


def _is_unnamed(staged: Staged) -> Composable:
    """That no row of the file means `t`, rejected ones included: they name it all the same."""
    named = SQL("EXISTS (SELECT FROM {} v WHERE {})").format(
        values(staged), is_same_row(staged.declaration)
    )
    if not staged.rejected:
        return SQL("NOT {}").format(named)
    return SQL("NOT {} AND NOT {}").format(named, key_is_rejected(staged.declaration))
