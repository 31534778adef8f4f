from typing import Any

from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from portal.desk.menu import DeskMenuItem
from tenants.central_admin import entering
from tenants.central_admin.admin import (
    CalendarDayAdmin,
    DomainAdmin,
    GasCompanyAdmin,
    ProvisioningRunAdmin,
)
from tenants.legal.desk.urls import legal_urls

for admin in (
    GasCompanyAdmin,
    ProvisioningRunAdmin,
    DomainAdmin,
    CalendarDayAdmin,
):
    modeladmin_register(admin)


SEE = "tenants.view_gascompany"


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def entering_urls() -> list[URLPattern]:
    return [path("central-entry/leave/", entering.leave, name="central_entry_leave"), *legal_urls()]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def fleet_menu_item() -> Any:
    return DeskMenuItem(
        SEE, _("Все компании"), reverse_lazy("fleet"), name="fleet", icon_name="table", order=95
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def archives_menu_item() -> Any:
    url = reverse_lazy("company_archives")
    return DeskMenuItem(SEE, _("Архивы"), url, name="archives", icon_name="download", order=130)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def proposals_menu_item() -> Any:
    return DeskMenuItem(
        "tenants.view_proposal",
        _("Ждут подтверждения"),
        reverse_lazy("proposals"),
        name="proposals",
        icon_name="check",
        order=98,
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def legal_menu_item() -> Any:
    return DeskMenuItem(
        "tenants.view_legalrecord",
        _("Правовые нормы"),
        reverse_lazy("legal_office"),
        name="legal-office",
        icon_name="doc-full",
        order=120,
    )
