from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail_modeladmin.options import modeladmin_register

from portal.connection import current_schema
from portal.desk.menu import DeskMenuItem
from tenants.announcements.company import announcement_panels, company_urls
from tenants.announcements.office import SEE as SEE_ANNOUNCEMENTS
from tenants.announcements.office import office_urls
from tenants.central_admin import entering
from tenants.central_admin.admin import (
    DomainAdmin,
    GasCompanyAdmin,
    ProvisioningRunAdmin,
)
from tenants.legal.desk.calendar import CalendarDayAdmin
from tenants.legal.desk.urls import legal_urls
from tenants.office.first_page import office_panels
from tenants.office.search import office_search

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
    return [path("central-entry/leave/", entering.leave, name="central_entry_leave")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def fleet_menu_item() -> Any:
    """Show one item for all that is about companies; its pages have tabs for the rest."""
    return DeskMenuItem(SEE, _("Компании"), reverse_lazy("fleet"), name="fleet", icon_name="site")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def proposals_menu_item() -> Any:
    return DeskMenuItem(
        "tenants.view_proposal",
        _("Подтверждения"),
        reverse_lazy("proposals"),
        name="proposals",
        icon_name="check",
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def legal_menu_item() -> Any:
    return DeskMenuItem(
        "tenants.view_legalrecord",
        _("Правовые нормы"),
        reverse_lazy("legal_office"),
        name="legal-office",
        icon_name="doc-full",
    )


hooks.register("construct_homepage_panels", office_panels)
hooks.register("construct_homepage_panels", announcement_panels)
hooks.register("register_admin_urls", legal_urls)
hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_urls", company_urls)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def announcements_menu_item() -> Any:
    return DeskMenuItem(
        SEE_ANNOUNCEMENTS,
        _("Объявления"),
        reverse_lazy("announcements"),
        name="announcements",
        icon_name="info-circle",
    )


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def search_urls() -> list[URLPattern]:
    return [path("tenants/search/", office_search, name="office_search")]


class OfficeSearch(SearchArea):
    """The field above the menu, on the base host; before that of pages, which the office has none of."""

    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() == "public" and request.user.has_perm(SEE)


@hooks.register("register_admin_search_area")  # type: ignore[untyped-decorator]
def search_of_the_office() -> SearchArea:
    return OfficeSearch(_("Офис"), reverse("office_search"), name="office", order=1)
