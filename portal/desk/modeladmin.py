"""wagtail-modeladmin for the desks whose list and form need nothing of their own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import CreateView, EditView

from portal.audit.watching import watch
from portal.connection import current_schema
from portal.desk.access import View, central_only, company_only

# After staff have saved a row of a company by these pages: `sender` is its model, `request` theirs.
saved_by_staff = Signal()


class SaidCreateView(CreateView):
    @transaction.atomic
    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        saved_by_staff.send(self.model, request=self.request)
        return response


class SaidEditView(EditView):
    @transaction.atomic
    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        saved_by_staff.send(self.model, request=self.request)
        return response


def in_words(mark: bool) -> str:
    """Return a mark as a list shows it: the icons for it belong to Django's admin, which is not there."""
    return str(_("да") if mark else _("нет"))


class Buttons(ButtonHelper):
    """«Добавить» without the model's name, which modeladmin would put in the nominative."""

    def add_button(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().add_button(*args, **kwargs), "label": _("Добавить"), "title": ""}


class ReadOnly(PermissionHelper):
    """No form of modeladmin: the rows are only read, or named services change them."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class CompanyPermissions(PermissionHelper):
    def user_has_any_permissions(self, user: Any) -> bool:
        """Tell whether the user has a permission of the model, in a company only.

        modeladmin's own reads a list of permissions that it remembers over all schemas.
        """
        actions = ("add", "change", "delete", "view")
        return current_schema() != "public" and any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in actions
        )


class DeskAdmin(ModelAdmin):
    """A model's pages on every host. Odd addresses get an answer where modeladmin would fail."""

    guards: tuple[Callable[[View], View], ...] = ()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        if not isinstance(self.permission_helper, ReadOnly):
            watch(self.model)

    def more_urls(self) -> tuple[URLPattern, ...]:
        """Return pages besides modeladmin's own, before its more general addresses."""
        return ()

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        own = super().get_admin_urls_for_registration()
        for pattern in own:
            pattern.callback = _listed_only(self)(pattern.callback)
        patterns = (*self.more_urls(), *own)
        for pattern in patterns:
            for guard in (_answers_odd_addresses, *self.guards):
                pattern.callback = guard(pattern.callback)
        return patterns


class CentralAdmin(DeskAdmin):
    """For what lives in public: 404 on companies' hosts."""

    guards = (central_only,)
    button_helper_class = Buttons

    # Wagtail's history reads log entries that these views do not write.
    history_view_enabled = False


class CompanyAdmin(DeskAdmin):
    """For what lives in a company: 404 on the base host."""

    guards = (company_only,)
    permission_helper_class = CompanyPermissions
    create_view_class = SaidCreateView
    edit_view_class = SaidEditView


def _listed_only(admin: ModelAdmin) -> Callable[[View], View]:
    """Let only those who may see the list open any page of modeladmin: its history asks nobody."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not admin.permission_helper.user_can_list(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def _answers_odd_addresses(view: View) -> View:
    """Answer 404 for a row's number that is none, and the whole list for an impossible filter.

    Django's own admin answers the same.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not str(kwargs.get("instance_pk", "0")).isdecimal():
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    return wrapper
