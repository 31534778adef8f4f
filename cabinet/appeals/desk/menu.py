"""The queue in the admin's menu."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.sidebar import LinkMenuItem

from cabinet.appeals.desk.queue import COUNTED, counted, open_appeals
from portal.desk.menu import DeskMenuItem


class AppealsMenuItem(DeskMenuItem):
    """The queue, with the number of appeals that wait for an answer."""

    def render_component(self, request: HttpRequest) -> Any:
        waiting = counted(open_appeals())
        said = f"{waiting}+" if waiting == COUNTED else str(waiting)
        label = f"{self.label} ({said})" if waiting else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)
