"""The problems of a package: the first hundred for an answer, all in the file of rejected rows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.sql import SQL, Literal

from cabinet.exchange.exceptions import PROBLEMS_SHOWN, PackageRefused, Problem, RejectsNotWritten
from cabinet.exchange.files import FILES
from cabinet.exchange.package.lines import read_raw_lines
from cabinet.exchange.package.opening import OpenPackage
from cabinet.exchange.package.sql import PROBLEMS, Staged, fetch_row, fetch_rows
from portal.formats.tables import exchange_csv
from portal.uploads.private_files import private_opener

HEADER = ("file", "line", "column", "reason", "row")


@dataclass
class RejectFile:
    """A file written beside its final place; `publish` moves it there at once."""

    path: Path
    unfinished: Path
    stream: IO[str]

    def write(self, opened: OpenPackage, staged: Staged) -> None:
        """Write the rejected rows of one file, in its order, each as it stands in the package."""
        if not staged.rejected:
            return
        name = staged.declaration.name
        with opened.open(name) as stream:
            raw = read_raw_lines(stream)
            for line, column, reason in _rejected(name):
                text = next(text for number, text in raw if number == line)
                self.stream.write(exchange_csv([(name, line, column, reason, text)]))

    def publish(self) -> None:
        """Move the file to its place. Raises RejectsNotWritten."""
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.unfinished.replace(self.path)
        except OSError as error:
            raise _not_written(self.path) from error


@contextmanager
def reject_file(path: Path) -> Iterator[RejectFile]:
    """Open the file of rejected rows before anything else is done: they must have a place.

    Raises RejectsNotWritten. Without `publish` nothing is left.
    """
    unfinished = path.with_name(f".{path.name}.part")
    if path.is_dir():
        raise _not_written(path)
    try:
        stream = open(  # noqa: SIM115
            unfinished, "w", encoding="utf-8", newline="", opener=private_opener
        )
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
    """Yield line, columns and reasons of each rejected row.

    A column with two reasons is named once.
    """
    query = SQL(
        "SELECT line, string_agg(column_name, ',' ORDER BY position),"
        " string_agg(reason, '; ' ORDER BY position)"
        " FROM {} WHERE file = {} GROUP BY line ORDER BY line"
    )
    for line, columns, reasons in fetch_rows(query.format(PROBLEMS, Literal(name))):
        yield line, ",".join(dict.fromkeys(columns.split(","))), reasons


def package_refused(more: list[Problem]) -> PackageRefused:
    """Return the refusal: `more`, about whole files, and then what was found in rows so far."""
    (count,) = fetch_row(SQL("SELECT count(*) FROM {}").format(PROBLEMS))
    return PackageRefused([*more, *_first_problems()], total=len(more) + count)


def _first_problems() -> list[Problem]:
    """Return the first problems, in the order of files, lines and columns."""
    query = SQL(
        "SELECT file, reason, line, column_name FROM {}"
        " ORDER BY array_position({}, file), line, position, reason LIMIT {}"
    ).format(
        PROBLEMS, Literal([declaration.name for declaration in FILES]), Literal(PROBLEMS_SHOWN)
    )
    return [Problem(*row) for row in fetch_rows(query)]
