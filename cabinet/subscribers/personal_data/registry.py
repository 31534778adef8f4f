"""Parts of a person's data. Every app that keeps something of people says so in `AppConfig.ready()`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cabinet.subscribers.models import AccountLink

Row = dict[str, Any]
# Its name in the copy, and what it holds; read one by one.
File = tuple[str, bytes]


def _nothing(*_: Any) -> None:
    return None


def _no_files(_: UUID) -> Iterator[File]:
    return iter(())


@dataclass(frozen=True)
class Part:
    """What an app keeps of a person, in the schema that is entered, and what becomes of it.

    `columns`: the keys of a row with their names for people; `export` gives rows of strings and
    numbers, `files` what lies beside the tables. `delete` takes the person out of what the app has, and
    may be called twice. `unlink` is called when a person gives an account up. `stays` says what remains
    by law, and why.
    """

    code: str
    title: str
    columns: dict[str, str]
    export: Callable[[UUID], list[Row]]
    files: Callable[[UUID], Iterator[File]] = _no_files
    delete: Callable[[UUID], None] = _nothing
    unlink: Callable[[AccountLink], None] = _nothing
    stays: str = ""
    in_public: bool = False
    order: int = field(default=100)


_parts: dict[str, Part] = {}


def part_register(part: Part) -> None:
    _parts[part.code] = part


def parts(*, in_public: bool) -> list[Part]:
    """Those of public, or those of each company, in their order."""
    chosen = [part for part in _parts.values() if part.in_public == in_public]
    return sorted(chosen, key=lambda part: (part.order, part.code))


def what_stays() -> list[str]:
    """In words, for the page on which a person decides to go."""
    every = sorted(_parts.values(), key=lambda part: (part.order, part.code))
    return [part.stays for part in every if part.stays]


def account_unlinked(link: AccountLink) -> None:
    """Tell every part that the person has given the account up. Its company's schema is entered."""
    for part in parts(in_public=False):
        part.unlink(link)
