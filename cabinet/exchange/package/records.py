"""Check lines against the declaration: good ones go to COPY, bad ones to the table of problems."""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import TracebackType
from typing import Self

from psycopg.sql import SQL

from cabinet.exchange.exceptions import Problem, shown
from cabinet.exchange.files.columns import Kind
from cabinet.exchange.files.declaration import Column, FileDeclaration
from cabinet.exchange.package.cleaning import Cleaned, are_clean, is_clean, joined
from cabinet.exchange.package.lines import BadLine, Block, LineError, LineHasher, split_fields
from cabinet.exchange.package.sql import KEY_SEPARATOR, PROBLEMS
from portal.connection import connection
from portal.formats.text import number_key

EMPTY_LINE = "пустая строка: каждая строка — запись"
MUST_BE_FILLED = "поле должно быть заполнено"


def header_problems(declaration: FileDeclaration, names: Sequence[str]) -> list[Problem]:
    """Return what is wrong with a header: unknown and doubled columns, no column of the key."""
    found = []
    for name, times in Counter(names).items():
        if name not in declaration.by_name:
            found.append((name, "неизвестный столбец"))
        elif times > 1:
            found.append((name, "столбец указан дважды"))
    found += [
        (name, "нет столбца, по которому узнаётся запись")
        for name in declaration.key
        if name not in names and declaration.by_name[name].required
    ]
    return [Problem(declaration.name, reason, line=1, column=shown(name)) for name, reason in found]


@dataclass(frozen=True)
class BadField:
    """A field of a record that may not be stored; `position` from 1, 0 for the record as a whole."""

    position: int
    column: str
    reason: str


@dataclass(frozen=True)
class Record:
    """A line that was checked field by field. `key` is None where it cannot be read."""

    problems: list[BadField]
    key: str | None
    fields: list[str]


class RecordReader:
    """A reader of one file, whose columns stand in the order of its header."""

    def __init__(self, declaration: FileDeclaration, columns: Sequence[Column]) -> None:
        self.columns = columns
        names = [column.name for column in columns]
        self._key = [
            (names.index(name) if name in names else None, declaration.by_name[name])
            for name in declaration.key
        ]
        # Most lines have no quotes and nothing wrong: one match, and the line goes to COPY as it is.
        plain = ";".join(map(_bare, columns))
        self.is_plain = re.compile(plain).fullmatch
        self._plain_lines = re.compile(f"(?:{plain}\n)*+").match
        self.cleaned = Cleaned()

    @cached_property
    def _fields(self) -> "list[re.Pattern[str]]":
        return [re.compile(column.kind.pattern) for column in self.columns]

    def are_plain(self, text: str) -> bool:
        """Tell whether all lines are plain, in a quarter less time than one by one."""
        found = self._plain_lines(text)
        return found is not None and found.end() == len(text)

    def read(self, number: int, line: str) -> Record:
        """Check a line that is not plain (quotes, or something is wrong) field by field."""
        if not line:
            return Record([BadField(0, "", EMPTY_LINE)], None, [])
        try:
            fields = split_fields(line)
        except LineError as error:
            return Record([BadField(0, "", str(error))], None, [])
        if len(fields) != len(self.columns):
            reason = f"полей {len(fields)}, а столбцов {len(self.columns)}"
            return Record([BadField(0, "", reason)], None, [])
        if not is_clean(line):
            fields = self.cleaned.fields(number, self.columns, fields)
        problems = []
        for position, (column, pattern, field) in enumerate(
            zip(self.columns, self._fields, fields, strict=True), start=1
        ):
            reason = _reason(column, pattern, field)
            if reason:
                problems.append(BadField(position, column.name, reason))
        return Record(problems, self._key_of(fields), fields)

    def _key_of(self, fields: list[str]) -> str | None:
        key = [
            (fields[index] if index is not None else "") or column.empty or ""
            for index, column in self._key
        ]
        if not all(
            part or not column.required for part, (_, column) in zip(key, self._key, strict=True)
        ):
            return None
        return KEY_SEPARATOR.join(key)


def _reason(column: Column, pattern: "re.Pattern[str]", field: str) -> str:
    if not field:
        return MUST_BE_FILLED if column.required else ""
    if pattern.fullmatch(field):
        return ""
    damage = (reason for pattern, reason in column.kind.damage if re.fullmatch(pattern, field))
    return next(damage, column.kind.reason)


def _bare(column: Column) -> str:
    """Return the pattern of a field without quotes.

    Atomic: a field ends at the separator, so a shorter match is never the right one, and remembering
    that there might be one takes a third of the time.
    """
    kind: Kind = column.kind
    return f"(?>{kind.bare_pattern})" if column.required else f"(?>(?:{kind.bare_pattern})?)"


def _number_key(line: str, place: int) -> str:
    fields = split_fields(line) if line else [""] * (place + 1)
    return number_key(fields[place])


_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")
_SPOOL_BYTES = 4 * 1024 * 1024


class Intake:
    """The rows of one file on their way into staging.

    `rows` counts every line after the header, `bad` those held back, `nameless` those without a key.
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
        self._number_keys = [
            (names.index(column), declaration.field(field).max_length)
            for field, column in declaration.number_keys_of(names).items()
        ]
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

    @property
    def cleaned(self) -> Cleaned:
        return self._reader.cleaned

    def good_lines(
        self, blocks: Iterable[Block | BadLine], report: Callable[[int], None]
    ) -> Iterator[str]:
        """Yield the lines as COPY takes them, many in one text.

        They are numbered, and have their hashes if the file has a mark.
        """
        for block in blocks:
            if isinstance(block, BadLine):
                self.rows += 1
                self._hold(block.number, Record([BadField(0, "", block.reason)], None, []))
                continue
            lines = self._good(block)
            starts = self._starts(block, lines)
            self.rows += len(lines)
            yield "".join(
                [f"{start};{line}\n" for start, line in zip(starts, lines, strict=True) if line]
            )
            report(self.rows)

    def _good(self, block: Block) -> list[str]:
        """Return the lines as they are staged, an empty one in the place of each that is held back."""
        are_clean_lines = are_clean(block.raw, block.text)
        if are_clean_lines and self._reader.are_plain(block.text):
            return block.lines
        is_plain = self._reader.is_plain
        return [
            line
            if is_plain(line) and (are_clean_lines or is_clean(line))
            else self._read(number, line)
            for number, line in zip(block.numbers, block.lines, strict=True)
        ]

    def _starts(self, block: Block, lines: list[str]) -> Sequence[object]:
        """Return what stands before each line: its number, its hash or its key where the file has one."""
        starts: Sequence[object] = block.numbers
        if self._hasher:
            hashes = self._hasher.of(block.raw)
            starts = [
                f"{start};{found.hexdigest()}" for start, found in zip(starts, hashes, strict=True)
            ]
        for place, length in self._number_keys:
            starts = [
                f"{start};{_number_key(line, place)[:length]}"
                for start, line in zip(starts, lines, strict=True)
            ]
        return starts

    def _read(self, number: int, line: str) -> str:
        """Return a line that is not plain as it is staged; empty where it is held back."""
        record = self._reader.read(number, line)
        if record.problems:
            self._hold(number, record)
            return ""
        return line if is_clean(line) else joined(record.fields)

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
        """Copy the bad rows into the table of problems, once the first COPY has ended."""
        if not self.bad:
            return
        self._spool.seek(0)
        statement = SQL(
            "COPY {} (file, line, position, column_name, reason, key) FROM STDIN"
        ).format(PROBLEMS)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in self._spool:
                copy.write_row((self.declaration.name, *json.loads(row)))
