"""From staging to the portal's tables, inside the caller's transaction.

Only rows that differ are written, and nothing is locked that a reading or payment needs: the portal's
reading points at its meter with FOR KEY SHARE, which an update that leaves the key alone does not
hold up.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import STAGING_PREFIX, FileDeclaration, Watch
from cabinet.exchange.loading.prune import prune_file
from cabinet.exchange.sql.run import execute, fetch_row
from cabinet.exchange.sql.staged import LINE_HASH, Staged, comma
from cabinet.exchange.sql.stored import is_same_row, of_t, table, value_columns, values
from portal.connection import connection
from portal.outbox import enqueue_on_commit

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
    if _is_empty(staged.declaration):
        updated, inserted = 0, _insert(staged, values(staged))
    else:
        _find_news(staged)
        for watch in staged.declaration.watches:
            _note_changes(staged, watch)
        updated = _update(staged)
        news = SQL("(SELECT * FROM {} WHERE stored_pk IS NULL)").format(NEWS)
        inserted = _insert(staged, news)
        execute(SQL("DROP TABLE {}").format(NEWS))
    return FileCounts(
        inserted=inserted,
        updated=updated,
        unchanged=staged.good - inserted - updated,
        closed=prune_file(staged, prune_day) if prune_day else 0,
    )


def _is_empty(declaration: FileDeclaration) -> bool:
    """A first package, which is the largest, needs no comparison."""
    return fetch_row(SQL("SELECT NOT EXISTS (SELECT FROM {})").format(table(declaration))) == (
        True,
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
    # How many rows there are, and how many of them are new, is all that its readers plan by.
    execute(SQL("ANALYZE {} (stored_pk)").format(NEWS))


def _changing(staged: Staged) -> list[str]:
    """The stored columns that the file may change."""
    declaration = staged.declaration
    keys = {declaration.stored_column(name) for name in declaration.key}
    return [name for name in value_columns(staged) if name not in keys]


def _of_v(stored_column: str) -> Composable:
    return SQL("v.{}").format(Identifier(stored_column))


def _note_changes(staged: Staged, watch: Watch) -> None:
    """Into the outbox, and a task for it when the package is committed."""
    if watch.column not in staged.names:
        return
    declaration = staged.declaration
    stored = declaration.stored_column(watch.column)
    outbox = watch.outbox._meta  # noqa: SLF001 — documented, for all its underscore
    compared = SQL(watch.as_compared)
    changes = execute(
        SQL(
            "INSERT INTO {outbox} ({key}, changed_at)"
            " SELECT t.{key}, now() FROM {news} v JOIN {table} t ON t.{pk} = v.stored_pk"
            " WHERE {before} IS DISTINCT FROM {after}"
        ).format(
            outbox=Identifier(outbox.db_table),
            key=Identifier(declaration.stored_column(declaration.key[0])),
            news=NEWS,
            table=table(declaration),
            pk=Identifier(declaration.primary_key),
            before=compared.format(of_t(stored)),
            after=compared.format(_of_v(stored)),
        )
    )
    if changes:
        enqueue_on_commit(watch.task)


def _update(staged: Staged) -> int:
    declaration = staged.declaration
    new: dict[str, Composable] = {name: _of_v(name) for name in _changing(staged)}
    if not new:
        return 0
    new |= _always_new(declaration)
    return execute(
        SQL("UPDATE {} t SET {} FROM {} v WHERE t.{} = v.stored_pk").format(
            table(declaration),
            comma(SQL("{} = {}").format(Identifier(name), value) for name, value in new.items()),
            NEWS,
            Identifier(declaration.primary_key),
        )
    )


def _always_new(declaration: FileDeclaration) -> dict[str, Composable]:
    """By stored column, what a row gets whenever it is written."""
    new: dict[str, Composable] = {
        declaration.stored_field(name): SQL("now()") for name in declaration.stamped
    }
    mark = declaration.mark
    if mark:
        new[declaration.stored_field(mark.hash_field)] = SQL("v.{}").format(LINE_HASH)
        # As the row's own xmin will be, unless this is a part of a larger transaction.
        written_by = SQL("pg_current_xact_id()::xid")
        new[declaration.stored_field(mark.transaction_field)] = written_by
    return new


def _insert(staged: Staged, source: Composable) -> int:
    declaration = staged.declaration
    given: dict[str, Composable] = {name: _of_v(name) for name in value_columns(staged)}
    for name, value in declaration.billing_only.items():
        given[declaration.stored_field(name)] = Literal(value)
    given |= _always_new(declaration)
    for name, value in _defaults(declaration).items():
        given.setdefault(name, Literal(value))
    return execute(
        SQL("INSERT INTO {} ({}) SELECT {} FROM {} v").format(
            table(declaration), comma(map(Identifier, given)), comma(given.values()), source
        )
    )


def _defaults(declaration: FileDeclaration) -> dict[str, Any]:
    """By stored column, for those that cannot be NULL, what Django would store."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in declaration.meta.concrete_fields
        if not field.null and not field.primary_key
    }
