"""The first page of the admin: what is often done, and what is still to be done once.

Apps above say in `AppConfig.ready` what they have to source; each sees the request and leaves out what
this person may not do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from wagtail.admin.ui.components import Component


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button. `icon` is a name of Wagtail's."""

    title: str | Promise
    url: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do once; shown until it is `done`."""

    title: str | Promise
    hint: str | Promise
    url: str
    done: bool


ItemSource = Callable[
    [Any], Iterable[Action | Task]
]  # of a request of somebody who is in the admin
_items: list[ItemSource] = []


def admin_home_items_add(source: ItemSource) -> None:
    """Let an app put its actions and tasks on the first page."""
    if source not in _items:
        _items.append(source)


class StartPanel(Component):
    name = "start"
    template_name = "staff/start.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        offered = [one for source in _items for one in source(request)]
        self.actions = [one for one in offered if isinstance(one, Action)]
        self.tasks = [one for one in offered if isinstance(one, Task)]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "actions": self.actions,
            "tasks": [task for task in self.tasks if not task.done],
            "done": sum(task.done for task in self.tasks),
            "all": len(self.tasks),
        }
