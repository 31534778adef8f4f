"""From lines to records of a declared file: the header, and what each field may hold."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cabinet.exchange.columns import Kind
from cabinet.exchange.declaration import Column, FileDeclaration
from cabinet.exchange.exceptions import Problem, shown
from cabinet.exchange.sql.staged import KEY_SEPARATOR
from cabinet.exchange.staging.lines import LineError, split_fields

EMPTY_LINE = "пустая строка: каждая строка — запись"
MUST_BE_FILLED = "поле должно быть заполнено"


def header_problems(declaration: FileDeclaration, names: Sequence[str]) -> list[Problem]:
    """What keeps a header from being read: unknown and doubled columns, a key that is not there."""
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
    """A line that was looked at field by field. `key` is None where it cannot be read."""

    problems: list[BadField]
    key: str | None
    fields: list[str]


class RecordReader:
    """Reads the lines of one file, whose columns stand in the order of its header."""

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

    @cached_property
    def _fields(self) -> "list[re.Pattern[str]]":
        return [re.compile(column.kind.pattern) for column in self.columns]

    def are_plain(self, text: str) -> bool:
        """Whether all lines are, by one match for a quarter less time than one by one."""
        found = self._plain_lines(text)
        return found is not None and found.end() == len(text)

    def read(self, line: str) -> Record:
        """Field by field, for a line that is not plain: quotes, or something is wrong."""
        if not line:
            return Record([BadField(0, "", EMPTY_LINE)], None, [])
        try:
            fields = split_fields(line)
        except LineError as error:
            return Record([BadField(0, "", str(error))], None, [])
        if len(fields) != len(self.columns):
            reason = f"полей {len(fields)}, а столбцов {len(self.columns)}"
            return Record([BadField(0, "", reason)], None, [])
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
    return "" if pattern.fullmatch(field) else column.kind.reason


def _bare(column: Column) -> str:
    """Atomic: what a field may hold ends at the separator, so a shorter match is never the right one,
    and a third of the time goes into remembering that there might be one.
    """
    kind: Kind = column.kind
    return f"(?>{kind.bare_pattern})" if column.required else f"(?>(?:{kind.bare_pattern})?)"
