"""Which staff and which hosts may open a page of a desk."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from portal.connection import current_schema

if TYPE_CHECKING:
    from portal.staff.models import StaffUser

View = Callable[..., HttpResponseBase]
# A permission as `app.codename`, or a rule about the member of staff.
Right = str | Callable[["StaffUser"], bool]


class DeskRequest(HttpRequest):
    """A request of a member of staff."""

    user: "StaffUser"


def desk_view(right: Right, *, hidden: bool = True) -> Callable[[View], View]:
    """Let only staff with the right open a view.

    Others get 404, so that they do not learn of the page; with `hidden=False` they get Wagtail's
    refusal (PermissionDenied). The host is checked by `central_only` and `company_only`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not _has(request.user, right):
                raise Http404 if hidden else PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def desk_action(right: Right, *, hidden: bool = True) -> Callable[[View], View]:
    """Let only staff with the right call a view, and only by POST."""
    return lambda view: require_POST(desk_view(right, hidden=hidden)(view))


def central_only(view: View) -> View:
    """Answer 404 on companies' hosts, whatever the permissions: addresses of the admin are global."""
    return _on_host(view, central=True)


def company_only(view: View) -> View:
    """Answer 404 on the base host, whatever the permissions: addresses of the admin are global."""
    return _on_host(view, central=False)


def _on_host(view: View, *, central: bool) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (current_schema() == "public") != central:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def _has(user: "StaffUser", right: Right) -> bool:
    return user.has_perm(right) if isinstance(right, str) else right(user)
