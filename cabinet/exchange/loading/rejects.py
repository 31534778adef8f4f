"""The file of rejected rows: `file;line;column;reason;row`, one line for each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.sql import SQL, Literal

from cabinet.exchange.exceptions import RejectsNotWritten
from cabinet.exchange.package.opening import PackageSource
from cabinet.exchange.sql.run import fetch_rows
from cabinet.exchange.sql.staged import PROBLEMS, Staged
from cabinet.exchange.staging.lines import read_raw_lines
from portal.formats.tables import exchange_csv

HEADER = ("file", "line", "column", "reason", "row")


@dataclass
class RejectFile:
    """Written beside its final place; `publish` puts it there, for good and all at once."""

    path: Path
    unfinished: Path
    stream: IO[str]

    def write(self, source: PackageSource, staged: Staged) -> None:
        """The rejected rows of one file, in its order, each as it stands in the package."""
        if not staged.rejected:
            return
        name = staged.declaration.name
        with source.open(name) as stream:
            raw = read_raw_lines(stream)
            for line, column, reason in _rejected(name):
                text = next(text for number, text in raw if number == line)
                self.stream.write(exchange_csv([(name, line, column, reason, text)]))

    def publish(self) -> None:
        """Raises RejectsNotWritten."""
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.unfinished.replace(self.path)
        except OSError as error:
            raise _not_written(self.path) from error


@contextmanager
def reject_file(path: Path) -> Iterator[RejectFile]:
    """Opened before anything else is done: rejected rows must have a place to go.

    Raises RejectsNotWritten. Without `publish` nothing is left.
    """
    unfinished = path.with_name(f".{path.name}.part")
    if path.is_dir():
        raise _not_written(path)
    try:
        stream = unfinished.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise _not_written(path) from error
    try:
        with stream:
            stream.write(exchange_csv([HEADER]))
            yield RejectFile(path, unfinished, stream)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _not_written(path: Path) -> RejectsNotWritten:
    return RejectsNotWritten(
        f"Файл для отклонённых строк «{path}» не записать: проверьте папку, права и место на диске. "
        "Ничего не изменено."
    )


def _rejected(name: str) -> Iterator[tuple[int, str, str]]:
    """Line, columns and reasons of each rejected row. A column with two reasons is named once."""
    query = SQL(
        "SELECT line, string_agg(column_name, ',' ORDER BY position),"
        " string_agg(reason, '; ' ORDER BY position)"
        " FROM {} WHERE file = {} GROUP BY line ORDER BY line"
    )
    for line, columns, reasons in fetch_rows(query.format(PROBLEMS, Literal(name))):
        yield line, ",".join(dict.fromkeys(columns.split(","))), reasons
