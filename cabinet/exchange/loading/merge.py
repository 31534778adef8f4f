"""From staging to the portal's tables, inside the caller's transaction.

Only rows that differ are written, and nothing is locked that a reading or payment needs: the portal's
reading points at its meter with FOR KEY SHARE, which an update that leaves the key alone does not
hold up.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import FileDeclaration, Prune
from cabinet.exchange.sql.fragments import (
    Staged,
    billing_only,
    both,
    comma,
    key_is_rejected,
    reference_joins,
    staging,
    stored_expression,
    table,
)
from cabinet.exchange.sql.run import execute, fetch_row
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
        closed=_prune(staged, prune_day) if prune_day else 0,
    )


def prune_preview(staged: Staged) -> tuple[int, int]:
    """How many stored rows are in force, and how many of them pruning by this file would take."""
    open_rows, unnamed = fetch_row(
        SQL("SELECT count(*), count(*) FILTER (WHERE {}) FROM {} t WHERE {}").format(
            _is_unnamed(staged), table(staged.declaration), both(_in_force(staged.declaration))
        )
    )
    return open_rows, unnamed


def _values(staged: Staged) -> Composable:
    """The staged rows as rows of the stored table."""
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
    return SQL("(SELECT {} FROM {} s {})").format(
        comma(parts), staging(declaration), reference_joins(staged.references)
    )


def _stored_columns(staged: Staged) -> list[str]:
    declaration = staged.declaration
    named = [declaration.stored_column(column.name) for column in staged.columns]
    return [*named, *(declaration.stored_field(name) for name in declaration.always)]


def _is_same_row(declaration: FileDeclaration) -> Composable:
    """That `t` is the stored row of `v`."""
    keys = [declaration.stored_column(name) for name in declaration.key]
    same = [SQL("t.{0} = v.{0}").format(Identifier(key)) for key in keys]
    return both([*same, *billing_only(declaration)])


def _update(staged: Staged) -> int:
    declaration = staged.declaration
    keys = {declaration.stored_column(name) for name in declaration.key}
    changing = [Identifier(name) for name in _stored_columns(staged) if name not in keys]
    if not changing:
        return 0
    news = [SQL("{0} = v.{0}").format(column) for column in changing]
    news += [
        SQL("{} = now()").format(Identifier(declaration.stored_field(name)))
        for name in declaration.stamped
    ]
    return execute(
        SQL(
            "UPDATE {table} t SET {news} FROM {values} v"
            " WHERE {same} AND ROW({old}) IS DISTINCT FROM ROW({new})"
        ).format(
            table=table(declaration),
            news=comma(news),
            values=_values(staged),
            same=_is_same_row(declaration),
            old=comma(SQL("t.{}").format(column) for column in changing),
            new=comma(SQL("v.{}").format(column) for column in changing),
        )
    )


def _insert(staged: Staged) -> int:
    declaration = staged.declaration
    given: dict[str, Composable] = {
        name: SQL("v.{}").format(Identifier(name)) for name in _stored_columns(staged)
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
            values=_values(staged),
            same=_is_same_row(declaration),
        )
    )


def _defaults(declaration: FileDeclaration) -> dict[str, Any]:
    """By stored column, for those that cannot be NULL, what Django would store."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in declaration.meta.concrete_fields
        if not field.null and not field.primary_key
    }


def _prune(staged: Staged, day: datetime.date) -> int:
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
        column = Identifier(declaration.stored_field(declaration.prune_field))
        conditions.append(SQL("t.{} IS NULL").format(column))
    return conditions or [SQL("TRUE")]


def _is_unnamed(staged: Staged) -> Composable:
    """That no row of the file means `t`, rejected ones included: they name it all the same."""
    named = SQL("EXISTS (SELECT FROM {} v WHERE {})").format(
        _values(staged), _is_same_row(staged.declaration)
    )
    if not staged.rejected:
        return SQL("NOT {}").format(named)
    return SQL("NOT ({} OR {})").format(named, key_is_rejected(staged.declaration))
