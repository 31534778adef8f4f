"""The frame of the cabinet's pages: menus that a higher app knows how to fill."""

from collections.abc import Callable
from typing import Any

from cabinet.subscribers.http import SubscriberRequest

Filler = Callable[[SubscriberRequest], dict[str, Any]]
_fillers: list[Filler] = []


def frame_register(filler: Filler) -> None:
    if filler not in _fillers:
        _fillers.append(filler)


def frame_of(request: SubscriberRequest) -> dict[str, Any]:
    """What `cabinet/base.html` needs on a page that belongs to the person, not to one account."""
    context: dict[str, Any] = {}
    for filler in _fillers:
        context |= filler(request)
    return context
