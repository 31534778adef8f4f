"""Merge staged rows into the portal's tables, inside the caller's transaction.

Only rows that differ are written, and nothing is locked that a reading or payment needs: the portal's
reading points at its meter with FOR KEY SHARE, which an update that leaves the key alone does not
hold up.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.files.declaration import STAGING_PREFIX, FileDeclaration, Prune, Watch
from cabinet.exchange.package.sql import (
    LINE_HASH,
    Staged,
    billing_only,
    both,
    comma,
    execute,
    fetch_row,
    fetch_rows,
    is_same_row,
    key_is_rejected,
    of_t,
    table,
    value_columns,
    values,
)
from portal.connection import connection
from portal.formats.text import fold
from portal.jobs import enqueue_on_commit

CHANGED_ROWS = Identifier(f"{STAGING_PREFIX}changed")
WRITTEN_BY = Identifier("written_by")


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
        every_row = SQL("(SELECT v.*{} FROM {} v)").format(_written_by(staged), values(staged))
        updated, inserted = 0, _insert(staged, every_row)
    else:
        _find_changed_rows(staged)
        for watch in staged.declaration.watches:
            _note_changes(staged, watch)
        updated = _update(staged)
        new_rows = SQL("(SELECT * FROM {} WHERE stored_pk IS NULL)").format(CHANGED_ROWS)
        inserted = _insert(staged, new_rows)
        execute(SQL("DROP TABLE {}").format(CHANGED_ROWS))
    return FileCounts(
        inserted=inserted,
        updated=updated,
        unchanged=staged.good - inserted - updated,
        closed=prune_file(staged, prune_day) if prune_day else 0,
    )


def _is_empty(declaration: FileDeclaration) -> bool:
    """Tell whether the table is empty: a first package, the largest, needs no comparison."""
    return fetch_row(SQL("SELECT NOT EXISTS (SELECT FROM {})").format(table(declaration))) == (
        True,
    )


def _find_changed_rows(staged: Staged) -> None:
    """Store the rows that differ from the stored ones in a table.

    One pass over both sides for two writes; CREATE TABLE AS may use several processes, a write may not.
    """
    declaration = staged.declaration
    changing = _changing(staged)
    differs = SQL("ROW({}) IS DISTINCT FROM ROW({})").format(
        comma(map(of_t, changing)), comma(map(_of_v, changing))
    )
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {changed} WITH (autovacuum_enabled = false) AS"
            " SELECT v.*, t.{pk} AS stored_pk{written_by} FROM {values} v LEFT JOIN {table} t ON {same}"
            " WHERE t.{pk} IS NULL OR {differs}"
        ).format(
            changed=CHANGED_ROWS,
            pk=Identifier(declaration.primary_key),
            written_by=_written_by(staged),
            values=values(staged),
            table=table(declaration),
            same=is_same_row(declaration),
            differs=differs if changing else SQL("FALSE"),
        )
    )
    # How many rows there are, and how many of them are new, is all that its readers plan by.
    execute(SQL("ANALYZE {} (stored_pk)").format(CHANGED_ROWS))


def _changing(staged: Staged) -> list[str]:
    """Return the stored columns that the file may change."""
    declaration = staged.declaration
    keys = {declaration.stored_column(name) for name in declaration.key}
    return [name for name in value_columns(staged) if name not in keys]


def _of_v(stored_column: str) -> Composable:
    return SQL("v.{}").format(Identifier(stored_column))


def _note_changes(staged: Staged, watch: Watch) -> None:
    """Write changed values into the outbox, and send its task when the package is committed."""
    if watch.column not in staged.names:
        return
    declaration = staged.declaration
    key, stored = (declaration.stored_column(name) for name in (declaration.key[0], watch.column))
    other = SQL(
        "SELECT {named}, {before}, {after} FROM {changed} v JOIN {table} t ON t.{pk} = v.stored_pk"
        " WHERE {before} IS DISTINCT FROM {after}"
    ).format(
        named=of_t(key),
        before=of_t(stored),
        after=_of_v(stored),
        changed=CHANGED_ROWS,
        table=table(declaration),
        pk=Identifier(declaration.primary_key),
    )
    now = timezone.now()
    changes = [
        watch.outbox(**{key: named, "changed_at": now})
        for named, before, after in fetch_rows(other)
        if fold(before) != fold(after)
    ]
    watch.outbox._default_manager.bulk_create(changes, batch_size=1000)
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
            CHANGED_ROWS,
            Identifier(declaration.primary_key),
        )
    )


def _always_new(declaration: FileDeclaration) -> dict[str, Composable]:
    """Return, by stored column, what a row gets whenever it is written."""
    new: dict[str, Composable] = {
        declaration.stored_field(name): SQL("now()") for name in declaration.stamped
    }
    mark = declaration.mark
    if mark:
        new[declaration.stored_field(mark.hash_field)] = SQL("v.{}").format(LINE_HASH)
        new[declaration.stored_field(mark.transaction_field)] = SQL("v.{}").format(WRITTEN_BY)
    return new


def _written_by(staged: Staged) -> Composable:
    """Select the number that `xmin` of the written row will have, if the file has a mark.

    Right unless this is a part of a larger transaction. Selected with the rows, not computed by the
    UPDATE: there Citus would give the number of its coordinator's transaction.
    """
    if not staged.declaration.mark:
        return SQL("")
    return SQL(", pg_current_xact_id()::xid AS {}").format(WRITTEN_BY)


def _insert(staged: Staged, source: Composable) -> int:
    """Insert the rows of `source`, a subquery in the shape of the stored table.

    WITH, for Citus: the rows come with joins, and the time of import is a STABLE function.
    """
    declaration = staged.declaration
    given: dict[str, Composable] = {name: _of_v(name) for name in value_columns(staged)}
    for name, value in declaration.billing_only.items():
        given[declaration.stored_field(name)] = Literal(value)
    given |= _always_new(declaration)
    for name, value in _defaults(declaration).items():
        given.setdefault(name, Literal(value))
    return execute(
        SQL("WITH v AS {} INSERT INTO {} ({}) SELECT {} FROM v").format(
            source, table(declaration), comma(map(Identifier, given)), comma(given.values())
        )
    )


def _defaults(declaration: FileDeclaration) -> dict[str, Any]:
    """Return Django's default, by stored column, of those that cannot be NULL."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in declaration.meta.concrete_fields
        if not field.null and not field.primary_key
    }


def prune_preview(staged: Staged) -> tuple[int, int]:
    """Count the stored rows that are in force, and those of them that pruning would end."""
    in_force = both(_in_force(staged.declaration))
    counting = SQL("SELECT count(*) FROM {} t WHERE {}")
    stored = table(staged.declaration)
    (rows,) = fetch_row(counting.format(stored, in_force))
    # As a condition, which can be one join; as a FILTER it would be asked of every row by itself.
    (unnamed,) = fetch_row(counting.format(stored, both([in_force, _is_unnamed(staged)])))
    return int(rows), int(unnamed)


def prune_file(staged: Staged, day: datetime.date) -> int:
    """Mark with the day or delete, as the declaration says, what is not named; return the number."""
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
    """Compose the condition that no row of the file means `t`.

    Rejected rows name it all the same.
    """
    named = SQL("EXISTS (SELECT FROM {} v WHERE {})").format(
        values(staged), is_same_row(staged.declaration)
    )
    if not staged.rejected:
        return SQL("NOT {}").format(named)
    return SQL("NOT {} AND NOT {}").format(named, key_is_rejected(staged.declaration))
