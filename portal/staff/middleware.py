from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

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
    """In /admin/: who has a second factor verifies it, who needs one and has none sets it up."""

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
