"""Rows that name what there is not, what was rejected, or another one than before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Identifier, Literal

from cabinet.exchange.declaration import FileDeclaration, Reference
from cabinet.exchange.sql.staged import KEY_SEPARATOR, PROBLEMS, Staged, both, staging
from cabinet.exchange.sql.stored import alias, its_key, its_name, of_t, table


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
    """Where several rows bear a name, as those of a tariff do, one good one is enough."""
    return rejected if len(reference.to.key) == 1 else both([rejected, *map(_no, known)])


def _no(condition: Composable) -> Composable:
    return SQL("NOT {}").format(condition)


def _known(reference: Reference, package: Sequence[Staged]) -> list[Composable]:
    """That the portal has the name; that the package has it."""
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
    """That the stored row of the key named another one."""
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
