from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.staff.models import StaffUser

SEE, SEND, KEYS = "exchange.view_package", "exchange.add_package", "exchange.manage_keys"


class DeskRequest(HttpRequest):
    """A request of a member of staff of this company."""

    user: StaffUser


def may(permission: str) -> Callable[..., Callable[..., HttpResponse]]:
    """404 for everybody else: they need not know that the page is there."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def page(
    request: HttpRequest, name: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the desk, below its own three headings."""
    content = {"page_title": title, "header_icon": "upload", **context}
    return render(request, f"exchange/desk/{name}.html", content, status=status)
