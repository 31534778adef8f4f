"""Who of the staff may log in by password, and whose session goes on."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from portal.staff.login import limits
from portal.staff.models import StaffUser

STAFF_BACKEND = "portal.staff.login.backends.StaffBackend"


class StaffBackend(ModelBackend):
    """Django's own, with rate limits, and with the end of a central admin's hour in a company."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> StaffUser | None:
        """Return whose password it is.

        A guess beyond the limits is not looked at, be it the right one: raises PermissionDenied. A central
        admin comes into a company by the hand-off alone.
        """
        if request is None or not username or password is None:
            return None
        if not limits.login_allowed(request, username):
            raise PermissionDenied
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(user, StaffUser) or user.central_actor:
            limits.login_failed(request)
            return None
        limits.login_succeeded(username)
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Tell whether the row lets its owner in; asked at each request, too."""
        return super().user_can_authenticate(user) and not user.central_is_over
