"""What apps above add to the section «Показания»: a template and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cabinet.accounts.access import AccountAccess
from cabinet.subscribers.http import SubscriberRequest


@dataclass(frozen=True)
class PagePart:
    """`template` is included with `context(request, access)` as `part`."""

    template: str
    context: Callable[[SubscriberRequest, AccountAccess], dict[str, Any]]


_parts: list[PagePart] = []


def page_part_register(part: PagePart) -> None:
    if part not in _parts:
        _parts.append(part)


def page_parts(request: SubscriberRequest, access: AccountAccess) -> list[dict[str, Any]]:
    return [{"template": part.template, **part.context(request, access)} for part in _parts]
