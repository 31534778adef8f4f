"""Lines that are applied already and whose rows were not written since: they are not staged again.

How a row knows its line: `LineMark` of the declaration. Whatever is unusual, a line that is there
twice for instance, is left to staging the whole file.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from struct import Struct

from psycopg.sql import SQL, Identifier, Literal

from cabinet.exchange.files.declaration import FileDeclaration, LineMark
from cabinet.exchange.package.lines import (
    CHUNK_BYTES,
    HASH_BYTES,
    LineError,
    LineHasher,
    split_fields,
    whole_lines,
)
from cabinet.exchange.package.opening import HashedFile, OpenPackage
from cabinet.exchange.package.sql import (
    FRESH_LINES,
    LINE_HASH,
    bulk_transaction,
    comma,
    execute,
    fetch_row,
    fetch_rows,
    known_lines,
    knows_line,
    of_t,
    sum_of,
    table,
)
from portal.connection import connection

# Beyond that, looking at all lines costs as much, and the numbers of the others cost memory.
_FRESH_PART = 2
_FRESH_LINES = 4_000_000
# A file of fewer lines than that part of the table is staged before the table is read through.
_TABLE_PART = 4
# COPY's binary form: two fields, each with its length.
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ROW = Struct(f">hiii{HASH_BYTES}s")
_COPY_END = b"\xff\xff"


@dataclass(frozen=True)
class Known:
    """The number of known lines, what they add to control sums, and the numbers of all others."""

    rows: int
    sums: dict[str, Decimal]
    fresh: Sequence[int]


def find_known(
    opened: OpenPackage,
    declaration: FileDeclaration,
    report: Callable[[int], None],
) -> Known | None:
    """Find the lines that are applied already; None where the whole file has to be staged.

    Raises PackageRefused when the file cannot be read.
    """
    mark, expected = declaration.mark, opened.manifest.files[declaration.name]
    if mark is None or not _is_worth_it(declaration, mark, expected.rows):
        return None
    with opened.open(declaration.name) as stream, bulk_transaction():
        rows = _copy_hashes(stream, declaration, report)
        # Staging reports what is wrong with the file.
        if not rows or not stream.is_intact():
            return None
        # What comes of the joins is little, which PostgreSQL does not expect: let it use all processes.
        execute(SQL("SET LOCAL parallel_tuple_cost = 0"))
        fresh = _set_fresh_apart(declaration)
        if fresh * _FRESH_PART > rows or fresh > _FRESH_LINES:
            return None
        names = [name for name in declaration.by_name if name in expected.sums]
        known, sums = _count_known(declaration, names)
        if known != rows - fresh:  # some line is there twice, which is an error
            return None
        return Known(known, sums, _fresh_numbers())


def _is_worth_it(declaration: FileDeclaration, mark: LineMark, rows: int) -> bool:
    """Tell whether enough of the table can be in the file, and any stored row has the hash of its line.

    Not by pg_class: Citus has no query of the catalogue beside a company's table, and its coordinator
    does not know the size of a distributed one. Rows are counted only where their keys have gaps.
    """
    most = rows * _TABLE_PART
    is_enough = SQL(
        "SELECT CASE WHEN (SELECT max({pk}) - min({pk}) FROM {table}) < {most} THEN TRUE ELSE"
        " (SELECT count(*) <= {most} FROM (SELECT FROM {table} LIMIT {most} + 1) AS counted) END"
    ).format(pk=Identifier(declaration.primary_key), table=table(declaration), most=Literal(most))
    if fetch_row(is_enough) == (False,):
        return False
    has_hashes = SQL("SELECT EXISTS (SELECT FROM {} t WHERE {} IS NOT NULL)").format(
        table(declaration), of_t(declaration.stored_field(mark.hash_field))
    )
    return fetch_row(has_hashes) == (True,)


def _copy_hashes(
    stream: HashedFile, declaration: FileDeclaration, report: Callable[[int], None]
) -> int:
    """Store each line's number and hash in a table, and return how many there are without the header."""
    lines = known_lines(declaration)
    execute(SQL("DROP TABLE IF EXISTS {}").format(lines))
    execute(SQL("CREATE UNLOGGED TABLE {} (line integer, {} uuid)").format(lines, LINE_HASH))
    statement = SQL("COPY {} FROM STDIN WITH (FORMAT binary, FREEZE)").format(lines)
    rows = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_COPY_HEAD)
        for block in _hashes(stream, declaration):
            rows += len(block)
            copy.write(b"".join(block))
            report(rows)
        copy.write(_COPY_END)
    execute(SQL("SET LOCAL default_statistics_target = 10"))
    execute(SQL("ANALYZE {} ({})").format(lines, LINE_HASH))
    return rows


def _hashes(stream: HashedFile, declaration: FileDeclaration) -> Iterator[list[bytes]]:
    """Yield rows of COPY, block by block."""
    pack, hasher = _COPY_ROW.pack, None
    for first, whole in whole_lines(stream, CHUNK_BYTES):
        number, lines = first, whole
        if hasher is None:
            header, _, lines = whole.partition(b"\n")
            number += 1
            try:
                names = split_fields(header.removesuffix(b"\r").decode())
            except (UnicodeDecodeError, LineError):
                return
            hasher = LineHasher(declaration, names)
        yield [
            pack(2, 4, line, HASH_BYTES, found.digest())
            for line, found in enumerate(hasher.of(lines), number)
        ]


def _set_fresh_apart(declaration: FileDeclaration) -> int:
    """Store the numbers of unseen lines in a table, and return how many there are.

    CREATE TABLE AS may use several processes, a cursor does not.
    """
    execute(SQL("DROP TABLE IF EXISTS {}").format(FRESH_LINES))
    return execute(
        SQL(
            "CREATE UNLOGGED TABLE {fresh} AS SELECT line FROM {lines} l"
            " WHERE NOT EXISTS (SELECT FROM {table} t WHERE {knows})"
        ).format(
            fresh=FRESH_LINES,
            lines=known_lines(declaration),
            table=table(declaration),
            knows=knows_line(declaration),
        )
    )


def _count_known(declaration: FileDeclaration, names: list[str]) -> tuple[int, dict[str, Decimal]]:
    """Count the rows whose lines are known, and add up what is stored: it is what the lines say."""
    sums = [sum_of(of_t(declaration.stored_column(name))) for name in names]
    query = SQL("SELECT {} FROM {} t WHERE EXISTS (SELECT FROM {} l WHERE {})").format(
        comma([SQL("count(*)"), *sums]),
        table(declaration),
        known_lines(declaration),
        knows_line(declaration),
    )
    known, *found = fetch_row(query)
    return known, dict(zip(names, found, strict=True))


def _fresh_numbers() -> Sequence[int]:
    """Return the numbers of unseen lines, that of the header first; four bytes each."""
    rows = fetch_rows(SQL("SELECT line FROM {} ORDER BY line").format(FRESH_LINES))
    return array("i", [1, *(line for (line,) in rows)])
