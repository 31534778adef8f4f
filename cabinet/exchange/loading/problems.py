"""Reading the table of problems."""

from psycopg.sql import SQL, Literal

from cabinet.exchange.exceptions import PROBLEMS_SHOWN, PackageRefused, Problem
from cabinet.exchange.files import FILES
from cabinet.exchange.sql.run import fetch_row, fetch_rows
from cabinet.exchange.sql.staged import PROBLEMS


def package_refused(more: list[Problem]) -> PackageRefused:
    """With what was found so far in rows; `more`, about whole files, comes first."""
    (count,) = fetch_row(SQL("SELECT count(*) FROM {}").format(PROBLEMS))
    return PackageRefused([*more, *_first_problems()], total=len(more) + count)


def _first_problems() -> list[Problem]:
    """In the order of files, lines and columns."""
    query = SQL(
        "SELECT file, reason, line, column_name FROM {}"
        " ORDER BY array_position({}, file), line, position, reason LIMIT {}"
    ).format(
        PROBLEMS, Literal([declaration.name for declaration in FILES]), Literal(PROBLEMS_SHOWN)
    )
    return [Problem(*row) for row in fetch_rows(query)]
