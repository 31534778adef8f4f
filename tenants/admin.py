"""The central office, on the base host only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from portal.connection import current_schema
from tenants.models import Domain, GasCompany


def central_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 on a company's host, whatever the permissions: addresses of the admin are global."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if current_schema() != "public":
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


class CentralAdmin(ModelAdmin):
    """For what lives in public. Every address of a subclass is wrapped in `central_only`."""

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        patterns = tuple(super().get_admin_urls_for_registration())
        for pattern in patterns:
            pattern.callback = central_only(pattern.callback)
        return patterns


class ReadOnly(PermissionHelper):
    """A company is opened by the provisioning service alone; a form that saves the row would not do."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class GasCompanyAdmin(CentralAdmin):
    model = GasCompany
    menu_icon = "site"
    menu_order = 100
    inspect_view_enabled = True
    permission_helper_class = ReadOnly
    list_display = ("name", "schema_name", "kind", "status", "time_zone", "site")
    list_filter = ("kind", "status")
    search_fields = ("name", "schema_name")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("domains")

    def site(self, company: GasCompany) -> str:
        return company.url

    site.short_description = _("сайт")  # type: ignore[attr-defined]


class DomainAdmin(CentralAdmin):
    model = Domain
    menu_icon = "link"
    menu_order = 110
    permission_helper_class = ReadOnly
    list_display = ("domain", "tenant", "is_primary")
    search_fields = ("domain",)
