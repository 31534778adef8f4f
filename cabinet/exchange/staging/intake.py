"""Sorting the lines of one file: the good go to COPY, the bad to the table of problems."""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Self

from psycopg.sql import SQL

from cabinet.exchange.declaration import Column, FileDeclaration
from cabinet.exchange.sql.staged import PROBLEMS
from cabinet.exchange.staging.hashes import LineHasher
from cabinet.exchange.staging.lines import BadLine, Block
from cabinet.exchange.staging.records import BadField, Record, RecordReader
from portal.connection import connection

_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")
_SPOOL_BYTES = 4 * 1024 * 1024


class Intake:
    """`rows` counts every line after the header, `bad` those held back, `nameless` those without a key.

    `bad_sums` has, for each column with numbers, what the bad rows add to its sum; None once one of
    them cannot be added. Bad rows wait on disk: COPY has the connection, and there may be millions.
    """

    def __init__(self, declaration: FileDeclaration, columns: Sequence[Column]) -> None:
        self.declaration, self.columns = declaration, columns
        self.rows = self.bad = self.nameless = 0
        self.bad_sums: dict[str, Decimal | None] = {
            column.name: Decimal(0) for column in columns if column.kind.is_number
        }
        self._reader = RecordReader(declaration, columns)
        names = [column.name for column in columns]
        self._hasher = LineHasher(declaration, names) if declaration.mark else None
        self._spool = tempfile.SpooledTemporaryFile(  # noqa: SIM115 — closed by __exit__
            _SPOOL_BYTES, "w+", encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.close()

    def good_lines(
        self, blocks: Iterable[Block | BadLine], report: Callable[[int], None]
    ) -> Iterator[str]:
        """The lines as COPY takes them, numbered, with their hashes if the file has a mark, many in one
        text.
        """
        is_plain = self._reader.is_plain
        for block in blocks:
            if isinstance(block, BadLine):
                self.rows += 1
                self._hold(block.number, Record([BadField(0, "", block.reason)], None, []))
                continue
            are_plain = self._reader.are_plain(block.text)
            good = [
                f"{start};{line}\n"
                for number, start, line in zip(
                    block.numbers, self._starts(block), block.lines, strict=True
                )
                if are_plain or is_plain(line) or self._is_good(number, line)
            ]
            self.rows += len(block.lines)
            yield "".join(good)
            report(self.rows)

    def _starts(self, block: Block) -> Sequence[object]:
        if not self._hasher:
            return block.numbers
        hashes = self._hasher.of(block.raw)
        return [
            f"{number};{found.hexdigest()}"
            for number, found in zip(block.numbers, hashes, strict=True)
        ]

    def _is_good(self, number: int, line: str) -> bool:
        record = self._reader.read(line)
        if record.problems:
            self._hold(number, record)
        return not record.problems

    def _hold(self, number: int, record: Record) -> None:
        self.bad += 1
        self.nameless += record.key is None
        self._add_up(record.fields)
        for bad in record.problems:
            row = [number, bad.position, bad.column, bad.reason, record.key]
            self._spool.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _add_up(self, fields: list[str]) -> None:
        for index, column in enumerate(self.columns):
            sum_so_far = self.bad_sums.get(column.name)
            if sum_so_far is None:
                continue
            field = fields[index] if fields else None
            if field:
                readable = _NUMBER.fullmatch(field)
                self.bad_sums[column.name] = sum_so_far + Decimal(field) if readable else None
            elif field is None:
                self.bad_sums[column.name] = None

    def write_problems(self) -> None:
        """Once COPY has let go of the connection."""
        if not self.bad:
            return
        self._spool.seek(0)
        statement = SQL(
            "COPY {} (file, line, position, column_name, reason, key) FROM STDIN"
        ).format(PROBLEMS)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in self._spool:
                copy.write_row((self.declaration.name, *json.loads(row)))
