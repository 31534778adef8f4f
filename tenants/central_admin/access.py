from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.staff.models import StaffUser


class CentralRequest(HttpRequest):
    """A request of a central admin on the base host."""

    user: StaffUser


def may(permission: str) -> Callable[..., Callable[..., HttpResponse]]:
    """For the views of the central office: `add_gascompany` and its like. Others are refused.

    That the host is the base host is seen to by `tenants.admin.CentralAdmin`, for every view at once.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: CentralRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(f"tenants.{permission}"):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
