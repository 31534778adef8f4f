"""Stream the files of a package into staging tables.

The tables are UNLOGGED, not TEMPORARY: temporary ones stay on Citus's coordinator. Their names are
fixed, since a company applies one package at a time; what a killed import left is dropped first.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

from django.db import transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.exceptions import PackageRefused, Problem
from cabinet.exchange.files.declaration import STAGING_PREFIX, Column, FileDeclaration
from cabinet.exchange.package.known_lines import Known, find_known
from cabinet.exchange.package.lines import (
    BadLine,
    Block,
    LineError,
    read_blocks,
    split_fields,
)
from cabinet.exchange.package.manifest import ManifestFile
from cabinet.exchange.package.opening import OpenPackage
from cabinet.exchange.package.records import Intake, header_problems
from cabinet.exchange.package.sql import (
    KEY_HASH,
    LINE_HASH,
    PROBLEMS,
    Staged,
    comma,
    execute,
    fetch_row,
    key_hash,
    staging,
    sum_of,
)
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
    opened: OpenPackage,
    declaration: FileDeclaration,
    report: Callable[[int], None],
) -> Staged:
    """Fill the file's staging table; `report` is called with the number of rows that have passed.

    Rows that no table could hold go to the table of problems instead, and lines that are known may stay
    where they are. Raises PackageRefused when the file is not the one that the manifest describes, or
    cannot be read at all; then it is not staged.
    """
    known = find_known(opened, declaration, report)
    return _stage(opened, declaration, report, known)


def stage_again(
    opened: OpenPackage,
    declaration: FileDeclaration,
    report: Callable[[int], None],
) -> Staged:
    """Stage all lines of a file of which only the unknown ones were staged. Raises PackageRefused."""
    execute(SQL("DROP TABLE {}").format(staging(declaration)))
    its_problems = SQL("DELETE FROM {} WHERE file = {}")
    execute(its_problems.format(PROBLEMS, Literal(declaration.name)))
    return _stage(opened, declaration, report, None)


def _stage(
    opened: OpenPackage,
    declaration: FileDeclaration,
    report: Callable[[int], None],
    known: Known | None,
) -> Staged:
    with opened.open(declaration.name) as stream, transaction.atomic():
        blocks = read_blocks(stream, only=known.fresh if known else None)
        names, blocks, problems = _header(declaration, blocks)
        if problems:
            deque(blocks, maxlen=0)  # to the end: a file cut short may have another reason
            stream.assert_intact()
            raise PackageRefused(problems)
        with Intake(declaration, [declaration.by_name[name] for name in names]) as intake:
            _create(declaration, [*intake.columns, *_absent_key(declaration, intake.columns)])
            _copy(intake, blocks, report)
            stream.assert_intact()
            _assert_same_figures(intake, opened.manifest.files[declaration.name], known)
            intake.write_problems()
        _analyze(declaration)
        columns = [*intake.columns, *_absent_key(declaration, intake.columns)]
        skipped = known.rows if known else 0
        rows = intake.rows + skipped
        return Staged(
            declaration, columns, rows, intake.bad, intake.nameless, intake.cleaned, skipped
        )


def _header(
    declaration: FileDeclaration, blocks: Iterator[Block | BadLine]
) -> tuple[list[str], Iterator[Block | BadLine], list[Problem]]:
    """Return the names of the columns, the blocks without the header, and what is wrong with it."""
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
    """Return the columns that are staged after the file's own, empty in every row."""
    return [column for column in declaration.spare_key if column not in columns]


def _create(declaration: FileDeclaration, columns: Sequence[Column]) -> None:
    """Create the staging table.

    PostgreSQL computes the hash of the key while Python reads on: doubled keys are cheap to find later.
    """
    typed = [
        SQL("{} {}").format(Identifier(column.name), SQL(column.kind.sql_type))
        for column in columns
    ]
    begun: list[Composable] = [SQL("line integer")]
    if declaration.mark:
        begun.append(SQL("{} uuid").format(LINE_HASH))
    names = [column.name for column in columns]
    keys = declaration.number_keys_of(names)
    begun += [SQL("{} text").format(Identifier(key)) for key in keys]
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {} ({}, {} bigint GENERATED ALWAYS AS ({}) STORED)"
            " WITH (autovacuum_enabled = false)"
        ).format(staging(declaration), comma([*begun, *typed]), KEY_HASH, key_hash(declaration))
    )


def _analyze(declaration: FileDeclaration) -> None:
    """Analyze the columns by which rows are found; a sample of 3000 rows is enough to choose a join.

    The file has those of its key, and may lack the others.
    """
    keys = comma(Identifier(name) for name in declaration.key)
    execute(SQL("SET LOCAL default_statistics_target = 10"))
    execute(SQL("ANALYZE {} ({})").format(staging(declaration), keys))


def _copy(intake: Intake, blocks: Iterator[Block | BadLine], report: Callable[[int], None]) -> None:
    declaration = intake.declaration
    columns = comma(Identifier(column.name) for column in intake.columns)
    names = [column.name for column in intake.columns]
    keys = map(Identifier, declaration.number_keys_of(names))
    line = comma([Identifier("line"), *([LINE_HASH] if declaration.mark else []), *keys])
    # FORCE_NULL: an empty field is not known, with quotes around it or without. FREEZE, since no other
    # transaction sees the table: its first reader need not write to every page that the rows are committed.
    statement = SQL(
        "COPY {table} ({line}, {columns}) FROM STDIN"
        " WITH (FORMAT csv, FREEZE, DELIMITER ';', FORCE_NULL ({columns}))"
    ).format(table=staging(declaration), line=line, columns=columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for lines in intake.good_lines(blocks, report):
            copy.write(lines)


def _assert_same_figures(intake: Intake, expected: ManifestFile, known: Known | None) -> None:
    """Compare the rows and control sums, bad and known rows included. Raises PackageRefused."""
    reasons = []
    rows = intake.rows + (known.rows if known else 0)
    if rows != expected.rows:
        reasons.append(f"строк {rows}, а в манифесте {expected.rows}")
    sums = _staged_sums(intake, expected)
    if known:
        sums = {name: value + known.sums[name] for name, value in sums.items()}
    for name, wanted in expected.sums.items():
        bad = intake.bad_sums.get(name)
        if name not in sums:
            reasons.append(f"в манифесте есть сумма {name}, а такого столбца в файле нет")
        # What cannot be read cannot be added; such a row is a problem of its own.
        elif bad is not None and sums[name] + bad != wanted:
            reasons.append(f"сумма {name} равна {sums[name] + bad}, а в манифесте {wanted}")
    if reasons:
        raise PackageRefused([Problem(intake.declaration.name, reason) for reason in reasons])


def _staged_sums(intake: Intake, expected: ManifestFile) -> dict[str, Decimal]:
    names = [column.name for column in intake.columns if column.name in expected.sums]
    if not names:
        return {}
    each = comma(sum_of(Identifier(name)) for name in names)
    row = fetch_row(SQL("SELECT {} FROM {}").format(each, staging(intake.declaration)))
    return dict(zip(names, row, strict=True))
