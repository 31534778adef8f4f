from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from portal.connection import current_schema
from portal.desk.lists import Rows

# Of more nobody needs the exact number, and counting them is work for every page of the admin.
COUNTED = 1000


def counted(rows: Rows) -> int:
    """Return the number of rows, at most COUNTED."""
    return rows.order_by()[:COUNTED].count()


def with_waiting(label: Any, waiting: int) -> str:
    """Return the label of an item with the number of what waits there."""
    said = f"{COUNTED}+" if waiting >= COUNTED else str(waiting)
    return f"{label} ({said})" if waiting else str(label)


class DeskMenuItem(MenuItem):
    """A desk in the admin's menu, for staff with its right."""

    def __init__(self, right: str, label: Any, url: Any, **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.right)


class CompanyMenuItem(DeskMenuItem):
    """A desk of companies only, though its right may be in the central office too."""

    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() != "public" and super().is_shown(request)


class CountedMenuItem(CompanyMenuItem):
    """A desk of a company, with the number of what waits there; `waiting` counts it for each page."""

    def __init__(
        self, right: str, label: Any, url: Any, *, waiting: Callable[[], int], **kwargs: Any
    ) -> None:
        super().__init__(right, label, url, **kwargs)
        self.waiting = waiting

    def render_component(self, request: HttpRequest) -> Any:
        waiting = self.waiting()
        label = with_waiting(self.label, waiting)
        component = LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)
        component.waiting = waiting  # the group that the item stands in adds them up
        return component
