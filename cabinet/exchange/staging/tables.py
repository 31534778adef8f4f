"""Streaming the files of a package into staging tables.

The tables are UNLOGGED, not TEMPORARY: temporary ones stay on Citus's coordinator. Their names are
fixed, since a company applies one package at a time; what a killed import left is dropped first.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from django.db import transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import STAGING_PREFIX, Column, FileDeclaration
from cabinet.exchange.exceptions import PackageRefused, Problem
from cabinet.exchange.package.manifest import ManifestFile
from cabinet.exchange.package.opening import PackageSource
from cabinet.exchange.sql.run import execute
from cabinet.exchange.sql.staged import (
    KEY_HASH,
    LINE_HASH,
    PROBLEMS,
    Staged,
    comma,
    key_hash,
    staging,
)
from cabinet.exchange.staging.hashes import HashingStream
from cabinet.exchange.staging.intake import Intake
from cabinet.exchange.staging.known import Known, find_known
from cabinet.exchange.staging.lines import (
    BadLine,
    Block,
    LineError,
    read_blocks,
    split_fields,
)
from cabinet.exchange.staging.records import header_problems
from cabinet.exchange.staging.verify import assert_same_figures, assert_same_hash
from portal.connection import connection


def staging_prepare() -> None:
    """Drop what a killed import left, and make the table of problems."""
    staging_drop()
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {} (file text NOT NULL, line integer NOT NULL,"
            " position integer NOT NULL, column_name text NOT NULL, reason text NOT NULL, key text)"
        ).format(PROBLEMS)
    )


def staging_drop() -> None:
    """Drop the staging tables that are there, whichever version of the portal made them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = current_schema() AND starts_with(tablename, %s)",
            [STAGING_PREFIX],
        )
        names = [name for (name,) in cursor.fetchall()]
    if names:
        execute(SQL("DROP TABLE {}").format(comma(map(Identifier, names))))


def stage_file(
    source: PackageSource,
    declaration: FileDeclaration,
    expected: ManifestFile,
    report: Callable[[int], None],
) -> Staged:
    """Fill the file's staging table; `report` hears how many rows have passed.

    Rows that no table could hold go to the table of problems instead, and lines that are known may stay
    where they are. Raises PackageRefused when the file is not the one that the manifest describes, or
    cannot be read at all; then it is not staged.
    """
    known = find_known(source, declaration, expected, report)
    return _stage(source, declaration, expected, report, known)


def stage_again(
    source: PackageSource,
    declaration: FileDeclaration,
    expected: ManifestFile,
    report: Callable[[int], None],
) -> Staged:
    """All lines of a file of which only those that are not known were staged. Raises PackageRefused."""
    execute(SQL("DROP TABLE {}").format(staging(declaration)))
    its_problems = SQL("DELETE FROM {} WHERE file = {}")
    execute(its_problems.format(PROBLEMS, Literal(declaration.name)))
    return _stage(source, declaration, expected, report, None)


def _stage(
    source: PackageSource,
    declaration: FileDeclaration,
    expected: ManifestFile,
    report: Callable[[int], None],
    known: Known | None,
) -> Staged:
    with source.open(declaration.name) as raw, transaction.atomic():
        stream = HashingStream(raw)
        blocks = read_blocks(stream, only=known.fresh if known else None)
        names, blocks, problems = _header(declaration, blocks)
        if problems:
            deque(blocks, maxlen=0)  # to the end: a file cut short may have another reason
            assert_same_hash(declaration.name, stream.hexdigest, expected)
            raise PackageRefused(problems)
        with Intake(declaration, [declaration.by_name[name] for name in names]) as intake:
            _create(declaration, [*intake.columns, *_absent_key(declaration, intake.columns)])
            _copy(intake, blocks, report)
            assert_same_hash(declaration.name, stream.hexdigest, expected)
            assert_same_figures(intake, expected, known)
            intake.write_problems()
        _analyze(declaration)
        columns = [*intake.columns, *_absent_key(declaration, intake.columns)]
        skipped = known.rows if known else 0
        rows = intake.rows + skipped
        return Staged(declaration, columns, rows, intake.bad, intake.nameless, skipped)


def _header(
    declaration: FileDeclaration, blocks: Iterator[Block | BadLine]
) -> tuple[list[str], Iterator[Block | BadLine], list[Problem]]:
    """The names of the columns, the blocks without the header, and what is wrong with it."""
    first = next(blocks, None)
    if first is None:
        return (
            [],
            blocks,
            [Problem(declaration.name, "файл пуст: нет строки с названиями столбцов")],
        )
    if isinstance(first, BadLine):
        return [], blocks, [Problem(declaration.name, first.reason, line=1)]
    header = first.lines[0]
    rest = first.without_first()
    blocks = chain([rest], blocks) if rest.lines else blocks
    try:
        names = split_fields(header)
    except LineError as error:
        return [], blocks, [Problem(declaration.name, str(error), line=1)]
    return names, blocks, header_problems(declaration, names)


def _absent_key(declaration: FileDeclaration, columns: Sequence[Column]) -> list[Column]:
    """Staged after the file's own columns, empty in every row."""
    return [column for column in declaration.spare_key if column not in columns]


def _create(declaration: FileDeclaration, columns: Sequence[Column]) -> None:
    """The hash is made by PostgreSQL while Python reads on: looking for doubled keys later is cheap."""
    typed = [
        SQL("{} {}").format(Identifier(column.name), SQL(column.kind.sql_type))
        for column in columns
    ]
    begun: list[Composable] = [SQL("line integer")]
    if declaration.mark:
        begun.append(SQL("{} uuid").format(LINE_HASH))
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {} ({}, {} bigint GENERATED ALWAYS AS ({}) STORED)"
            " WITH (autovacuum_enabled = false)"
        ).format(staging(declaration), comma([*begun, *typed]), KEY_HASH, key_hash(declaration))
    )


def _analyze(declaration: FileDeclaration) -> None:
    """The columns by which rows are found; the file has those of its key, and may lack the others.

    A sample of 3000 rows is enough to choose a join.
    """
    keys = comma(Identifier(name) for name in declaration.key)
    execute(SQL("SET LOCAL default_statistics_target = 10"))
    execute(SQL("ANALYZE {} ({})").format(staging(declaration), keys))


def _copy(intake: Intake, blocks: Iterator[Block | BadLine], report: Callable[[int], None]) -> None:
    declaration = intake.declaration
    columns = comma(Identifier(column.name) for column in intake.columns)
    line = comma([Identifier("line"), *([LINE_HASH] if declaration.mark else [])])
    # FORCE_NULL: an empty field is not known, with quotes around it or without. FREEZE, since nobody else
    # sees the table: the first who reads it need not write to every page that its rows are committed.
    statement = SQL(
        "COPY {table} ({line}, {columns}) FROM STDIN"
        " WITH (FORMAT csv, FREEZE, DELIMITER ';', FORCE_NULL ({columns}))"
    ).format(table=staging(declaration), line=line, columns=columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for lines in intake.good_lines(blocks, report):
            copy.write(lines)
