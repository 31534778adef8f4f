"""What apps above add to «Подписки»: a template and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cabinet.subscribers.http import SubscriberRequest


@dataclass(frozen=True)
class SubscriptionPart:
    """`template` is included with `context(request)` as `part`; `order`: its place."""

    template: str
    context: Callable[[SubscriberRequest], dict[str, Any]]
    order: int


_parts: list[SubscriptionPart] = []


def subscription_part_register(part: SubscriptionPart) -> None:
    if part not in _parts:
        _parts.append(part)
        _parts.sort(key=lambda one: one.order)


def subscription_parts(request: SubscriberRequest) -> list[dict[str, Any]]:
    return [{"template": part.template, **part.context(request)} for part in _parts]
