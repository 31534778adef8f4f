from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.staff.models import app_lives_here
from portal.staff.second_factor import (
    second_factor_needed,
    second_factor_of,
    session_is_verified,
)

# The way in, the way out, and the pages that this sends to.
_OPEN = (
    "/admin/login/",
    "/admin/logout/",
    "/admin/password_reset/",
    "/admin/jsi18n/",
    "/admin/sprite",
    "/admin/staff/second-factor/verify/",
    "/admin/staff/second-factor/enrol/",
)


class SecondFactorMiddleware:
    """In /admin/ requires the second factor of staff who have one, and its set-up where it is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/") and not request.path_info.startswith(_OPEN):
            name = self._missing_step(request)
            if name:
                after = (
                    urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
                )
                return HttpResponseRedirect(f"{reverse(name)}?{after}".rstrip("?"))
        return self.get_response(request)

    def _missing_step(self, request: HttpRequest) -> str:
        user = request.user
        if not user.is_authenticated or session_is_verified(request):
            return ""
        if second_factor_of(user):
            return "staff_second_factor_verify"
        return "staff_second_factor_enrol" if second_factor_needed(user) else ""


class AdminAddressMiddleware:
    """Answers 404 to addresses of the admin that no page of it makes, where Wagtail would fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise Http404 for a NUL, which PostgreSQL refuses, and for settings of other schemas.

        Wagtail's pages of settings are on every host, and to a superuser it opens those without a table.
        """
        if not request.path_info.startswith("/admin/"):
            return
        typed = [request.path_info, *(one for _name, many in request.GET.lists() for one in many)]
        match = request.resolver_match
        is_setting = match is not None and match.namespace == "wagtailsettings"
        if any("\0" in one for one in typed) or (
            is_setting and not app_lives_here(kwargs.get("app_name", ""))
        ):
            raise Http404
