"""What apps above put into the pages of an account: parts of their frame, and the account's own page."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink

Part = Callable[[PersonalAccount, AccountLink], dict[str, Any]]
Home = Callable[..., HttpResponseBase]

_parts: list[Part] = []
_home: list[Home] = []


def frame_part_register(part: Part) -> None:
    """`part` gives what its template in the frame shows; asked on every page of an account."""
    if part not in _parts:
        _parts.append(part)


def frame_parts(account: PersonalAccount, link: AccountLink) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for part in _parts:
        shown |= part(account, link)
    return shown


def home_register(view: Home) -> None:
    """The page at `/cabinet/{link}/`."""
    _home[:] = [view]


def home_view() -> Home | None:
    return _home[0] if _home else None
