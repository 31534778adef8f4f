from collections.abc import Callable
from traceback import walk_tb
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.core.exceptions import FieldError, ObjectDoesNotExist, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext_lazy as _
from django.views.defaults import page_not_found
from PIL import UnidentifiedImageError

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


# What Wagtail raises at a request that no page of it makes: a key that is none, a form that lacks its own
# fields, a count that is a word.
_ODD_REQUEST = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    AssertionError,
    DataError,
    FieldError,
    ObjectDoesNotExist,
    UnidentifiedImageError,
    ValidationError,
)
_OURS = ("portal", "tenants", "cms_pages", "cabinet")
_GUARDS = ("portal.desk.access", "portal.desk.modeladmin")

log = structlog.get_logger(__name__)


def _is_wagtails_own(error: Exception) -> bool:
    """Tell whether an error was raised below a view of Wagtail's, with nothing of ours but guards.

    Forms of ours that read their rows are no guards, but a row that was sent without its key is not theirs.
    """
    modules = [frame.f_globals.get("__name__", "") for frame, _line in walk_tb(error.__traceback__)]
    if isinstance(error, MultiValueDictKeyError) and "modelcluster.forms" in modules[-2:]:
        return True
    ours = [name for name in modules if name.partition(".")[0] in _OURS and name not in _GUARDS]
    return not ours and any(name.startswith("wagtail") for name in modules)


class AdminAddressMiddleware:
    """Answers for addresses of the admin that Wagtail has and this portal has not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 404 or 400 where Wagtail fails at a request that none of its pages makes.

        Wagtail trusts staff: it looks rows up by what cannot be a key, and takes for granted the
        fields of its own forms. The error is logged with its traceback, because a fault of Wagtail's
        that a true form meets would look the same.
        """
        if not request.path_info.startswith("/admin/"):
            return None
        if isinstance(error, NoReverseMatch) and "next" in request.GET:
            return redirect("wagtailadmin_home")  # a way back that is no address
        if not isinstance(error, _ODD_REQUEST) or not _is_wagtails_own(error):
            return None
        log.warning("odd request of staff", path=request.path_info, exc_info=error)
        if request.method in ("GET", "HEAD"):
            return page_not_found(request, error, template_name="wagtailadmin/404.html")
        return bad_request(request)

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
        if match and match.url_name == "wagtailadmin_logout" and request.method != "POST":
            # Wagtail's view refuses it and drops the session's cookie all the same: a picture on
            # somebody's page would log staff out.
            return redirect("wagtailadmin_home")
        if getattr(request.user, "central_actor", "") and match and match.url_name in _OF_ONESELF:
            messages.error(request, _NOT_FOR_CENTRAL)
            return redirect("wagtailadmin_home")
        return None
