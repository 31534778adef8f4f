"""Rules about a row beside other rows, each of them one statement.

Each rule adds to the table of problems. When a file has been checked, its bad rows leave the staging
table, so that the files after it find there what will be applied, and in the table of problems the
names of what will not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.files.declaration import STAGING_PREFIX, FileDeclaration, Reference
from cabinet.exchange.package.sql import (
    KEY_HASH,
    KEY_SEPARATOR,
    LINE_HASH,
    PROBLEMS,
    Staged,
    alias,
    both,
    execute,
    fetch_row,
    is_same_row,
    is_stored,
    its_key,
    its_name,
    known_lines,
    mark_of_t,
    of_t,
    staged_key,
    staging,
    table,
    to_be_stored,
    values,
)

DOUBLED = "запись с этим ключом есть в файле не один раз: строки "


def check_file(staged: Staged, package: Sequence[Staged], *, reject: bool) -> None:
    """Find the wrong rows, count them in `staged.rejected` and delete them from staging.

    `package`: all files of it. `reject`: rows that name a rejected one are rejected with it;
    otherwise they are no problem of their own, since the package is refused anyway.
    """
    _doubled(staged)
    _incomplete(staged)
    for broken in broken_references(staged, package, reject=reject):
        _add(staged, broken.column, broken.reason, where=broken.where)
    for check in staged.declaration.row_checks:
        values = {name: to_be_stored(staged, name) for name in check.names}
        where = SQL("NOT COALESCE(({}), TRUE)").format(SQL(check.condition).format(**values))
        _add(staged, check.column, check.reason, where=where)
    staged.rejected = _set_apart(staged)


def needs_all_lines(staged: Staged, *, reject: bool) -> bool:
    """Tell whether known lines, which were not staged, may be wrong as well.

    They are as they were when they were applied, but for two things: another row of the file may have
    the same key, and a row that they name may be rejected now.
    """
    if not staged.known:
        return False
    if staged.rejected:
        return True
    if reject and fetch_row(SQL("SELECT EXISTS (SELECT FROM {})").format(PROBLEMS)) == (True,):
        return True
    return _names_known(staged)


def _names_known(staged: Staged) -> bool:
    """Tell whether a staged row has the key of a known line.

    By way of a table, whose size PostgreSQL knows: where it guesses that of the join, it may read all
    lines once for each row.
    """
    declaration = staged.declaration
    marks = Identifier(f"{STAGING_PREFIX}marks")
    execute(
        SQL(
            "CREATE UNLOGGED TABLE {marks} AS SELECT {mark} AS {line_hash}"
            " FROM {values} v JOIN {table} t ON {same}"
        ).format(
            marks=marks,
            mark=mark_of_t(declaration),
            line_hash=LINE_HASH,
            values=values(staged),
            table=table(declaration),
            same=is_same_row(declaration),
        )
    )
    execute(SQL("ANALYZE {}").format(marks))
    both_name = SQL("SELECT count(*) FROM {} m JOIN {} l USING ({})").format(
        marks, known_lines(declaration), LINE_HASH
    )
    (found,) = fetch_row(both_name)
    execute(SQL("DROP TABLE {}").format(marks))
    return bool(found)


def _add(staged: Staged, column: str, reason: str, *, where: Composable) -> None:
    """Add a problem for each staged row `s` that `where` picks.

    Mostly there is none, and counting may use several processes where a statement that writes has one.
    WITH: concat_ws is STABLE, and Citus deparses an INSERT … SELECT with such a function wrongly.
    """
    picked = SQL("SELECT count(*) FROM {} s WHERE {}").format(staging(staged.declaration), where)
    if fetch_row(picked) == (0,):
        return
    execute(
        SQL(
            "WITH found AS (SELECT s.line, {key} AS key FROM {staging} s WHERE {where})"
            " INSERT INTO {problems} (file, line, position, column_name, reason, key)"
            " SELECT {file}, line, {position}, {column}, {reason}, key FROM found"
        ).format(
            problems=PROBLEMS,
            file=Literal(staged.declaration.name),
            position=Literal(staged.position(column)),
            column=Literal(column),
            reason=Literal(reason),
            key=staged_key(staged.declaration),
            staging=staging(staged.declaration),
            where=where,
        )
    )


_DOUBLED_ROWS = """
WITH keys AS (
    SELECT s.line, {key} AS key FROM {staging} s
    UNION SELECT line, key FROM {problems} WHERE file = {file} AND key IS NOT NULL
), doubled AS (
    SELECT key FROM keys GROUP BY key HAVING count(*) > 1
), lines AS (
    SELECT key, array_agg(line ORDER BY line) AS lines
    FROM keys JOIN doubled USING (key) GROUP BY key
)
INSERT INTO {problems} (file, line, position, column_name, reason, key)
SELECT {file}, line, {position}, {column},
    {reason} || array_to_string(lines[:5], ', ') || CASE WHEN lines[6] > 0 THEN '…' ELSE '' END, key
FROM keys JOIN lines USING (key)
"""


def _doubled(staged: Staged) -> None:
    """Add a problem for every row of a key that the file has twice, bad rows with a key included."""
    declaration = staged.declaration
    if staged.bad == staged.nameless:
        # Two equal hashes are looked at below, and mostly there are none. Sorted, not grouped: numbers
        # are sorted in half the time in which groups are made of them.
        once = SQL("SELECT count(*) = count(DISTINCT {}) FROM {}")
        if fetch_row(once.format(KEY_HASH, staging(declaration))) == (True,):
            return
    execute(
        SQL(_DOUBLED_ROWS).format(
            key=staged_key(declaration),
            staging=staging(declaration),
            problems=PROBLEMS,
            file=Literal(declaration.name),
            position=Literal(staged.position(declaration.key[0])),
            column=Literal(",".join(declaration.key)),
            reason=Literal(DOUBLED),
        )
    )


def _incomplete(staged: Staged) -> None:
    """Add a problem for new records in a file without a column that each record needs.

    Stored ones keep what they have.
    """
    declaration = staged.declaration
    absent = [
        column.name
        for column in declaration.columns
        if column.required and column.name not in staged.names
    ]
    if absent:
        reason = f"новая запись, а столбцов в файле не хватает: {', '.join(absent)}"
        _add(staged, absent[0], reason, where=SQL("NOT {}").format(is_stored(declaration)))


def _set_apart(staged: Staged) -> int:
    lines = SQL("SELECT line FROM {} WHERE file = {}").format(
        PROBLEMS, Literal(staged.declaration.name)
    )
    (bad,) = fetch_row(SQL("SELECT count(DISTINCT line) FROM ({}) AS bad").format(lines))
    if bad:
        execute(SQL("DELETE FROM {} WHERE line IN ({})").format(staging(staged.declaration), lines))
    return int(bad)


@dataclass(frozen=True)
class Broken:
    """A rule about a reference: `where` picks the staged rows `s` that break it."""

    column: str
    reason: str
    where: Composable


def broken_references(
    staged: Staged, package: Sequence[Staged], *, reject: bool
) -> Iterator[Broken]:
    for reference in staged.references:
        known = _known(reference, package)
        rejected = _is_rejected(reference)
        yield Broken(reference.column, reference.unknown, _unknown(reference, known, rejected))
        if reject:
            reason = f"называет запись, которая отклонена ({reference.to.name})"
            yield Broken(reference.column, reason, _named_rejected(reference, known, rejected))
        if reference.unmovable:
            moved = _moved(staged.declaration, reference)
            yield Broken(reference.column, reference.unmovable, moved)


def _unknown(reference: Reference, known: list[Composable], rejected: Composable) -> Composable:
    filled = SQL("s.{} IS NOT NULL").format(Identifier(reference.column))
    return both([filled, *map(_no, known), _no(rejected)])


def _named_rejected(
    reference: Reference, known: list[Composable], rejected: Composable
) -> Composable:
    """Tell whether the named row is rejected.

    Where several rows bear a name, as those of a tariff do, one good one is enough.
    """
    return rejected if len(reference.to.key) == 1 else both([rejected, *map(_no, known)])


def _no(condition: Composable) -> Composable:
    return SQL("NOT {}").format(condition)


def _known(reference: Reference, package: Sequence[Staged]) -> list[Composable]:
    """Return two conditions: that the portal has the name, and that the package has it."""
    column = Identifier(reference.column)
    stored = SQL("EXISTS (SELECT FROM {} {} WHERE {} = s.{})").format(
        table(reference.to), alias(reference), its_name(reference), column
    )
    if all(file.declaration is not reference.to for file in package):
        return [stored]
    staged = SQL("EXISTS (SELECT FROM {} r WHERE r.{} = s.{})").format(
        staging(reference.to), Identifier(reference.to.key[0]), column
    )
    return [stored, staged]


def _is_rejected(reference: Reference) -> Composable:
    return SQL(
        "EXISTS (SELECT FROM {} p WHERE p.file = {} AND split_part(p.key, {}, 1) = s.{})"
    ).format(
        PROBLEMS, Literal(reference.to.name), Literal(KEY_SEPARATOR), Identifier(reference.column)
    )


def _moved(declaration: FileDeclaration, reference: Reference) -> Composable:
    """Compose the condition that the stored row of the key named another one."""
    same = [
        SQL("{} = s.{}").format(of_t(declaration.stored_column(name)), Identifier(name))
        for name in declaration.key
    ]
    before = SQL("{} = {}").format(
        its_key(reference), of_t(declaration.stored_column(reference.column))
    )
    return SQL("EXISTS (SELECT FROM {} t JOIN {} {} ON {} WHERE {} AND {} <> s.{})").format(
        table(declaration),
        table(reference.to),
        alias(reference),
        before,
        both(same),
        its_name(reference),
        Identifier(reference.column),
    )
