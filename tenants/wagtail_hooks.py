from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from tenants.central_admin import entering
from tenants.central_admin.admin import (
    DomainAdmin,
    GasCompanyAdmin,
    LegalRecordAdmin,
    ProvisioningRunAdmin,
)

for admin in (GasCompanyAdmin, ProvisioningRunAdmin, DomainAdmin, LegalRecordAdmin):
    modeladmin_register(admin)


class FleetMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether to show the item; in a company `StaffUser.has_perm` grants none of these."""
        return request.user.has_perm("tenants.view_gascompany")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def entering_urls() -> list[URLPattern]:
    return [path("central-entry/leave/", entering.leave, name="central_entry_leave")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def fleet_menu_item() -> Any:
    return FleetMenuItem(
        _("Все компании"), reverse_lazy("fleet"), name="fleet", icon_name="table", order=95
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def archives_menu_item() -> Any:
    url = reverse_lazy("company_archives")
    return FleetMenuItem(_("Архивы"), url, name="archives", icon_name="download", order=130)
