"""The first page of the admin: actions that are often needed, and tasks to be done once.

Apps above register their sources in `AppConfig.ready`; each sees the request and leaves out what this
person may not do.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from portal.connection import current_schema
from portal.desk.access import DeskRequest
from portal.staff.login.second_factor import second_factor_of
from portal.staff.models import StaffUser
from portal.staff.selectors import may_manage

_QUEUED = _("в\u00a0очереди")


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button. `icon` is a name of Wagtail's; `waiting` says how many wait there, in the words `said`."""

    title: str | Promise
    url: str
    icon: str
    waiting: int = 0
    said: str | Promise = _QUEUED


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do once; shown until it is `done`."""

    title: str | Promise
    hint: str | Promise
    url: str
    done: bool


ItemSource = Callable[[Any], Iterable[Action | Task]]  # of a request in the admin
_items: list[ItemSource] = []


def admin_home_items_add(source: ItemSource) -> None:
    """Put the actions and tasks of an app on the first page."""
    if source not in _items:
        _items.append(source)


class StartPanel(Component):
    name = "start"
    template_name = "staff/start.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        offered = [one for source in _items for one in source(request)]
        actions = [one for one in offered if isinstance(one, Action)]
        # What waits for an answer stands first.
        self.actions = sorted(actions, key=lambda one: not one.waiting)
        self.tasks = [one for one in offered if isinstance(one, Task)]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "actions": self.actions,
            "tasks": [task for task in self.tasks if not task.done],
            "done": sum(task.done for task in self.tasks),
            "all": len(self.tasks),
        }


def staff_home_items(request: DeskRequest) -> Iterator[Action | Task]:
    """Offer managers to invite colleagues, and other staff to set up a second factor."""
    if may_manage(request.user):
        yield Action(title=_("Пригласить сотрудника"), url=reverse("staff_invite"), icon="group")
        if current_schema() != "public":
            people = StaffUser.objects.filter(central_actor="")
            yield Task(
                title=_("Пригласите коллег"),
                hint=_("Редактор пишет новости, модератор проверяет и публикует."),
                url=reverse("staff_invite"),
                done=people.count() > 1,
            )
    elif not request.user.central_actor:
        yield Task(
            title=_("Защитите вход вторым фактором"),
            hint=_("С ним чужой человек не войдёт, даже если узнает ваш пароль."),
            url=reverse("staff_second_factor"),
            done=second_factor_of(request.user) is not None,
        )
