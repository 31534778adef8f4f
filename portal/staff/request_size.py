"""How large a form in /admin/ may be: an editor's page has thousands of fields, a stranger's form has not."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, multipartparser
from django.http import request as http_request

# The way in is open to strangers.
_FOR_ANYBODY = ("/admin/login/", "/admin/password_reset/", "/admin/staff/second-factor/")

_raised: ContextVar[Mapping[str, int]] = ContextVar("raised", default=MappingProxyType({}))


class _RequestSettings:
    """Django's settings, with those in front that are raised for the present request.

    Django's parsers of forms know limits of the whole process only.
    """

    def __getattr__(self, name: str) -> Any:
        raised = _raised.get()
        return raised[name] if name in raised else getattr(settings, name)


def install() -> None:
    """Put it into the place of the parsers' settings. Called once, in `AppConfig.ready`."""
    for module in (http_request, multipartparser):
        module.settings = _RequestSettings()  # type: ignore[attr-defined]


class StaffRequestSizeMiddleware:
    """Takes `STAFF_REQUEST_LIMITS` for forms that signed-in staff send to /admin/.

    It stands behind the second factor, and before anything that reads a form: the token of CSRF is read
    when all middleware has been entered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_of_staff(request):
            return self.get_response(request)
        before = _raised.set(settings.STAFF_REQUEST_LIMITS)
        try:
            return self.get_response(request)
        finally:
            _raised.reset(before)


def _is_of_staff(request: HttpRequest) -> bool:
    path = request.path_info
    in_admin = path.startswith("/admin/") and not path.startswith(_FOR_ANYBODY)
    return request.method == "POST" and in_admin and bool(request.user.is_authenticated)
