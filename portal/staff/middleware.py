import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext_lazy as _
from django.views.defaults import page_not_found

from portal.http.errors import bad_request
from portal.staff.login.second_factor import (
    second_factor_needed,
    second_factor_of,
    session_is_verified,
)
from portal.staff.login.sessions import session_seen
from portal.staff.models import StaffUser, app_lives_here

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

# Staff are managed in `portal.staff` alone. Sites and the one workflow are made with the company.
_CLOSED = {
    "wagtailusers_users",
    "wagtailusers_groups",
    "wagtailsites",
    "wagtailadmin_workflows",
}
# A central admin's row in a company has no password, name or second factor of its own.
_OF_ONESELF = {
    "wagtailadmin_account",
    "staff_second_factor",
    "staff_second_factor_enrol",
    "staff_second_factor_qr",
    "staff_second_factor_verify",
    "staff_second_factor_codes",
    "staff_sessions",
    "staff_session_end",
    "staff_sessions_end_others",
}
_NOT_FOR_CENTRAL = _(
    "Вы здесь из центрального офиса: имя, пароль и второй фактор меняются только там."
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
            if request.user.is_authenticated:
                session_seen(request)
        return self.get_response(request)

    def _missing_step(self, request: HttpRequest) -> str:
        user = request.user
        if not user.is_authenticated or session_is_verified(request):
            return ""
        if second_factor_of(user):
            return "staff_second_factor_verify"
        return "staff_second_factor_enrol" if second_factor_needed(user) else ""


_NO_KEY = re.compile("Field 'id' expected a number")  # Django's words


class AdminAddressMiddleware:
    """Answers for addresses of the admin that Wagtail has and this portal has not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 404 where Wagtail looks a row up by what cannot be its key, such as `2` for a UUID.

        And 400 where a form lacks a field that its page always has.
        """
        if not request.path_info.startswith("/admin/"):
            return None
        is_key = isinstance(error, ValueError) and _NO_KEY.match(str(error))
        if request.method == "GET" and (is_key or isinstance(error, ValidationError)):
            return page_not_found(request, error, template_name="wagtailadmin/404.html")
        if isinstance(error, NoReverseMatch) and "next" in request.GET:
            return redirect("wagtailadmin_home")  # a way back that is no address
        return bad_request(request) if isinstance(error, MultiValueDictKeyError) else None

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Raise Http404 for a NUL, which PostgreSQL refuses, and for what is closed here to everybody.

        Wagtail's pages of settings are on every host, and to a superuser it opens those without a table.
        """
        if not request.path_info.startswith("/admin/"):
            return None
        typed = [request.path_info, *(one for _name, many in request.GET.lists() for one in many)]
        match = request.resolver_match
        namespaces = set(match.namespaces) if match else set()
        is_closed = bool(namespaces & _CLOSED) or (
            "wagtailsettings" in namespaces and not app_lives_here(kwargs.get("app_name", ""))
        )
        of_people = kwargs.get("app_label") == StaffUser._meta.app_label  # actions on many rows
        if any("\0" in one for one in typed) or is_closed or of_people:
            raise Http404
        if getattr(request.user, "central_actor", "") and match and match.url_name in _OF_ONESELF:
            messages.error(request, _NOT_FOR_CENTRAL)
            return redirect("wagtailadmin_home")
        return None
