"""What can be wrong with a row beside other rows, found by one statement a rule.

Each rule adds to the table of problems. When a file has been looked at, its bad rows leave the staging
table, so that the files after it find there what will be applied, and in the table of problems the
names of what will not.
"""

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import FileDeclaration, Reference
from cabinet.exchange.sql.fragments import (
    PROBLEMS,
    Staged,
    billing_only,
    both,
    comma,
    key_text,
    reference_alias,
    reference_joins,
    reference_name,
    staged_value,
    staging,
    stored_expression,
    table,
)
from cabinet.exchange.sql.run import execute, fetch_row
from cabinet.exchange.staging.records import KEY_SEPARATOR


def check_file(staged: Staged, package: Sequence[Staged], *, reject: bool) -> None:
    """Find the wrong rows, count them in `staged.rejected` and take them out of staging.

    `package`: all files of it. `reject`: rows that name a rejected one are rejected with it;
    otherwise they are no problem of their own, since the package is refused anyway.
    """
    _doubled(staged)
    _incomplete(staged)
    for reference in staged.references:
        _unknown(staged, reference, package)
        if reject:
            _cascade(staged, reference, package)
        if reference.unmovable:
            _moved(staged, reference)
    for check in staged.declaration.row_checks:
        broken = SQL("NOT COALESCE(({}), TRUE)").format(SQL(check.condition))
        _add(staged, check.column, check.reason, where=broken)
    staged.rejected = _set_apart(staged)


def _add(staged: Staged, column: str, reason: str, *, where: Composable) -> None:
    """A problem for each staged row `s` that `where` picks."""
    execute(
        SQL(
            "INSERT INTO {problems} (file, line, position, column_name, reason, key)"
            " SELECT {file}, s.line, {position}, {column}, {reason}, {key}"
            " FROM {staging} s WHERE {where}"
        ).format(
            problems=PROBLEMS,
            file=Literal(staged.declaration.name),
            position=Literal(staged.position(column)),
            column=Literal(column),
            reason=Literal(reason),
            key=key_text(staged.declaration),
            staging=staging(staged.declaration),
            where=where,
        )
    )


def _doubled(staged: Staged) -> None:
    """Every row of a key that the file has twice; bad rows count, if their key can be read."""
    declaration = staged.declaration
    keys = [staged_value(declaration, declaration.by_name[name]) for name in declaration.key]
    if staged.bad == staged.nameless:
        repeated = SQL("SELECT EXISTS (SELECT FROM {} s GROUP BY {} HAVING count(*) > 1)")
        if fetch_row(repeated.format(staging(declaration), comma(keys))) == (False,):
            return
    execute(
        SQL(_DOUBLED).format(
            key=key_text(declaration),
            staging=staging(declaration),
            problems=PROBLEMS,
            file=Literal(declaration.name),
            position=Literal(staged.position(declaration.key[0])),
            column=Literal(",".join(declaration.key)),
            reason=Literal("запись с этим ключом есть в файле не один раз: строки "),
        )
    )


_DOUBLED = """
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


def _incomplete(staged: Staged) -> None:
    """New records in a file without a column that each record needs; stored ones keep what they have."""
    declaration = staged.declaration
    absent = [
        column.name
        for column in declaration.columns
        if column.required and column.name not in staged.names
    ]
    if not absent:
        return
    reason = f"новая запись, а столбцов в файле не хватает: {', '.join(absent)}"
    _add(staged, absent[0], reason, where=SQL("NOT {}").format(_is_stored(declaration)))


def _is_stored(declaration: FileDeclaration) -> Composable:
    """That the portal has the record of the staged row."""
    key_columns = [declaration.by_name[name] for name in declaration.key]
    references = [ref for ref in declaration.references if ref.column in declaration.key]
    same = [
        SQL("t.{} = {}").format(
            Identifier(declaration.stored_column(column.name)),
            stored_expression(declaration, column),
        )
        for column in key_columns
    ]
    return SQL("EXISTS (SELECT FROM {} t {} WHERE {})").format(
        table(declaration),
        # `t` stands before the joins, whose conditions name the staged row only.
        reference_joins(references),
        both([*same, *billing_only(declaration)]),
    )


def _unknown(staged: Staged, reference: Reference, package: Sequence[Staged]) -> None:
    where = both([SQL("NOT {}").format(known) for known in _known(reference, package)])
    rejected = SQL("NOT {}").format(_is_rejected(reference))
    filled = SQL("s.{} IS NOT NULL").format(Identifier(reference.column))
    _add(staged, reference.column, reference.unknown, where=both([filled, where, rejected]))


def _cascade(staged: Staged, reference: Reference, package: Sequence[Staged]) -> None:
    """Rows that name a rejected one. Where several rows bear the name (tariffs), one good is enough."""
    conditions = [_is_rejected(reference)]
    if len(reference.to.key) > 1:
        conditions += [SQL("NOT {}").format(known) for known in _known(reference, package)]
    reason = f"называет запись, которая отклонена ({reference.to.name})"
    _add(staged, reference.column, reason, where=both(conditions))


def _known(reference: Reference, package: Sequence[Staged]) -> list[Composable]:
    """That the portal has the name; that the package has it."""
    stored = SQL("EXISTS (SELECT FROM {} {} WHERE {} = s.{})").format(
        table(reference.to),
        reference_alias(reference),
        reference_name(reference),
        Identifier(reference.column),
    )
    staged = SQL("EXISTS (SELECT FROM {} r WHERE r.{} = s.{})").format(
        staging(reference.to), Identifier(reference.to.key[0]), Identifier(reference.column)
    )
    is_staged = any(file.declaration is reference.to for file in package)
    return [stored, staged] if is_staged else [stored]


def _is_rejected(reference: Reference) -> Composable:
    return SQL(
        "EXISTS (SELECT FROM {} p WHERE p.file = {} AND split_part(p.key, {}, 1) = s.{})"
    ).format(
        PROBLEMS, Literal(reference.to.name), Literal(KEY_SEPARATOR), Identifier(reference.column)
    )


def _moved(staged: Staged, reference: Reference) -> None:
    """Stored rows that named another one."""
    declaration = staged.declaration
    same = [
        SQL("t.{} = s.{}").format(Identifier(declaration.stored_column(name)), Identifier(name))
        for name in declaration.key
    ]
    before = SQL("{}.{} = t.{}").format(
        reference_alias(reference),
        Identifier(reference.to.primary_key),
        Identifier(declaration.stored_column(reference.column)),
    )
    where = SQL("EXISTS (SELECT FROM {} t JOIN {} {} ON {} WHERE {} AND {} <> s.{})").format(
        table(declaration),
        table(reference.to),
        reference_alias(reference),
        before,
        both(same),
        reference_name(reference),
        Identifier(reference.column),
    )
    _add(staged, reference.column, reference.unmovable, where=where)


def _set_apart(staged: Staged) -> int:
    file = Literal(staged.declaration.name)
    lines = SQL("SELECT line FROM {} WHERE file = {}").format(PROBLEMS, file)
    (bad,) = fetch_row(SQL("SELECT count(DISTINCT line) FROM ({}) AS bad").format(lines))
    if bad:
        execute(SQL("DELETE FROM {} WHERE line IN ({})").format(staging(staged.declaration), lines))
    return int(bad)
