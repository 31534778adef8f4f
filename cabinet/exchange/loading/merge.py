"""From staging to the portal's tables, inside the caller's transaction.

Only rows that differ are written, and nothing is locked that a reading or payment needs: the portal's
reading points at its meter with FOR KEY SHARE, which an update that leaves the key alone does not
hold up.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import STAGING_PREFIX, FileDeclaration
from cabinet.exchange.loading.prune import prune_file
from cabinet.exchange.sql.run import execute
from cabinet.exchange.sql.staged import Staged, comma
from cabinet.exchange.sql.stored import is_same_row, of_t, table, value_columns, values
from portal.connection import connection

NEWS = Identifier(f"{STAGING_PREFIX}news")


@dataclass(frozen=True)
class FileCounts:
    """Rows of a file by what became of them; `closed`: stored rows that it no longer names."""

    inserted: int
    updated: int
    unchanged: int
    closed: int


def merge_file(staged: Staged, *, prune_day: datetime.date | None) -> FileCounts:
    """Update and insert; with `prune_day`, prune what the file does not name, as of that day."""
    _find_news(staged)
    updated = _update(staged)
    inserted = _insert(staged)
    execute(SQL("DROP TABLE {}").format(NEWS))
    return FileCounts(
        inserted=inserted,
        updated=updated,
        unchanged=staged.good - inserted - updated,
        closed=prune_file(staged, prune_day) if prune_day else 0,
    )


def _find_news(staged: Staged) -> None:
    """The rows that are not stored as they are, in a table: one pass over both sides for two writes,
    and by CREATE TABLE AS, which may use several processes where a write may not.
    """
    declaration = staged.declaration
    changing = _changing(staged)
    differs = SQL("ROW({}) IS DISTINCT FROM ROW({})").format(
        comma(map(of_t, changing)), comma(map(_of_v, changing))
    )
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {news} WITH (autovacuum_enabled = false) AS"
            " SELECT v.*, t.{pk} AS stored_pk FROM {values} v LEFT JOIN {table} t ON {same}"
            " WHERE t.{pk} IS NULL OR {differs}"
        ).format(
            news=NEWS,
            pk=Identifier(declaration.primary_key),
            values=values(staged),
            table=table(declaration),
            same=is_same_row(declaration),
            differs=differs if changing else SQL("FALSE"),
        )
    )
    execute(SQL("ANALYZE {}").format(NEWS))


def _changing(staged: Staged) -> list[str]:
    """The stored columns that the file may change."""
    declaration = staged.declaration
    keys = {declaration.stored_column(name) for name in declaration.key}
    return [name for name in value_columns(staged) if name not in keys]


def _of_v(stored_column: str) -> Composable:
    return SQL("v.{}").format(Identifier(stored_column))


def _update(staged: Staged) -> int:
    declaration = staged.declaration
    new: dict[str, Composable] = {name: _of_v(name) for name in _changing(staged)}
    if not new:
        return 0
    for name in declaration.stamped:
        new[declaration.stored_field(name)] = SQL("now()")
    return execute(
        SQL("UPDATE {} t SET {} FROM {} v WHERE t.{} = v.stored_pk").format(
            table(declaration),
            comma(SQL("{} = {}").format(Identifier(name), value) for name, value in new.items()),
            NEWS,
            Identifier(declaration.primary_key),
        )
    )


def _insert(staged: Staged) -> int:
    declaration = staged.declaration
    given: dict[str, Composable] = {name: _of_v(name) for name in value_columns(staged)}
    for name, value in declaration.billing_only.items():
        given[declaration.stored_field(name)] = Literal(value)
    for name in declaration.stamped:
        given[declaration.stored_field(name)] = SQL("now()")
    for name, value in _defaults(declaration).items():
        given.setdefault(name, Literal(value))
    return execute(
        SQL("INSERT INTO {} ({}) SELECT {} FROM {} v WHERE v.stored_pk IS NULL").format(
            table(declaration), comma(map(Identifier, given)), comma(given.values()), NEWS
        )
    )


def _defaults(declaration: FileDeclaration) -> dict[str, Any]:
    """By stored column, for those that cannot be NULL, what Django would store."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in declaration.meta.concrete_fields
        if not field.null and not field.primary_key
    }
