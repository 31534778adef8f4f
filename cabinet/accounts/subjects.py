"""What a person was looking at when he began to write to the company; apps say it of their own pages."""

from collections.abc import Callable
from uuid import UUID

from cabinet.accounts.access import AccountAccess

# A finder returns one line about what the page has shown, of what this person may see: nothing of others.
Finder = Callable[[AccountAccess, UUID, str], str]

_finders: dict[str, Finder] = {}


def subject_register(source: str, finder: Finder) -> None:
    """Let a section say what it shows; `source` is its name in the address of the new appeal."""
    _finders[source] = finder


def subject_of(source: str, access: AccountAccess, person: UUID, about: str) -> str:
    """Return what the section `source` says about `about`, or an empty string."""
    finder = _finders.get(source)
    return finder(access, person, about) if finder else ""


def account_said(access: AccountAccess, person: UUID, about: str) -> str:
    """Return the account itself, for the page «Информация»."""
    return f"Лицевой счёт №\u00a0{access.account.account_number}, {access.account.address}"
