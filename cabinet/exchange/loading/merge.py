"""From staging to the portal's tables, inside the caller's transaction.

Only rows that differ are written, and nothing is locked that a reading or payment needs: the portal's
reading points at its meter with FOR KEY SHARE, which an update that leaves the key alone does not
hold up.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import FileDeclaration
from cabinet.exchange.loading.prune import prune_file
from cabinet.exchange.sql.run import execute
from cabinet.exchange.sql.staged import Staged, comma
from cabinet.exchange.sql.stored import is_same_row, of_t, table, value_columns, values
from portal.connection import connection


@dataclass(frozen=True)
class FileCounts:
    """Rows of a file by what became of them; `closed`: stored rows that it no longer names."""

    inserted: int
    updated: int
    unchanged: int
    closed: int


def merge_file(staged: Staged, *, prune_day: datetime.date | None) -> FileCounts:
    """Update and insert; with `prune_day`, prune what the file does not name, as of that day."""
    updated = _update(staged)
    inserted = _insert(staged)
    return FileCounts(
        inserted=inserted,
        updated=updated,
        unchanged=staged.good - inserted - updated,
        closed=prune_file(staged, prune_day) if prune_day else 0,
    )


def _update(staged: Staged) -> int:
    declaration = staged.declaration
    keys = {declaration.stored_column(name) for name in declaration.key}
    changing = [name for name in value_columns(staged) if name not in keys]
    if not changing:
        return 0
    new = {name: SQL("v.{}").format(Identifier(name)) for name in changing}
    stamps = {declaration.stored_field(name): SQL("now()") for name in declaration.stamped}
    return execute(
        SQL(
            "UPDATE {table} t SET {assignments} FROM {values} v"
            " WHERE {same} AND ROW({old}) IS DISTINCT FROM ROW({new})"
        ).format(
            table=table(declaration),
            assignments=comma(
                SQL("{} = {}").format(Identifier(name), value)
                for name, value in [*new.items(), *stamps.items()]
            ),
            values=values(staged),
            same=is_same_row(declaration),
            old=comma(map(of_t, changing)),
            new=comma(new.values()),
        )
    )


def _insert(staged: Staged) -> int:
    declaration = staged.declaration
    given: dict[str, Composable] = {
        name: SQL("v.{}").format(Identifier(name)) for name in value_columns(staged)
    }
    for name, value in declaration.billing_only.items():
        given[declaration.stored_field(name)] = Literal(value)
    for name in declaration.stamped:
        given[declaration.stored_field(name)] = SQL("now()")
    for name, value in _defaults(declaration).items():
        given.setdefault(name, Literal(value))
    return execute(
        SQL(
            "INSERT INTO {table} ({columns}) SELECT {given} FROM {values} v"
            " WHERE NOT EXISTS (SELECT FROM {table} t WHERE {same})"
        ).format(
            table=table(declaration),
            columns=comma(map(Identifier, given)),
            given=comma(given.values()),
            values=values(staged),
            same=is_same_row(declaration),
        )
    )


def _defaults(declaration: FileDeclaration) -> dict[str, Any]:
    """By stored column, for those that cannot be NULL, what Django would store."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in declaration.meta.concrete_fields
        if not field.null and not field.primary_key
    }
