from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem


class DeskMenuItem(MenuItem):
    """A desk in the admin's menu, for staff with its right."""

    def __init__(self, right: str, label: Any, url: Any, **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.right)
