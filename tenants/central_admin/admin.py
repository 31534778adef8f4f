"""The central office, on the base host only."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from portal.desk.modeladmin import CentralAdmin, ReadOnly
from portal.staff.admin_home_items import Action
from tenants.central_admin import companies, fleet, runs
from tenants.central_admin.urls import company_urls, run_urls
from tenants.models import Domain, GasCompany, ProvisioningRun


class OpenOnly(ReadOnly):
    """Only creation is allowed: a form of our own opens a company, in the background."""

    def user_can_create(self, user: Any) -> bool:
        return bool(user.has_perm("tenants.add_gascompany"))


class GasCompanyAdmin(CentralAdmin):
    model = GasCompany
    add_to_admin_menu = False
    inspect_view_enabled = True
    permission_helper_class = OpenOnly

    def index_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show the one list of companies."""
        return fleet.fleet(request)

    def more_urls(self) -> tuple[URLPattern, ...]:
        return company_urls()

    def create_view(self, request: HttpRequest) -> HttpResponseBase:
        return runs.company_create(request)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        return companies.company_show(request, int(instance_pk))


class ProvisioningRunAdmin(CentralAdmin):
    model = ProvisioningRun
    add_to_admin_menu = False
    index_template_name = "tenants/central_admin/runs.html"
    inspect_view_enabled = True
    permission_helper_class = ReadOnly
    list_display = ("__str__", "schema_name", "state", "requested_by", "created_at")
    list_filter = ("state",)
    search_fields = ("schema_name", "requested_by")

    def more_urls(self) -> tuple[URLPattern, ...]:
        return run_urls()

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        return runs.run_show(request, int(instance_pk))


class DomainAdmin(CentralAdmin):
    model = Domain
    add_to_admin_menu = False
    index_template_name = "tenants/central_admin/domains.html"
    permission_helper_class = ReadOnly
    list_display = ("__str__", "company", "which")
    list_select_related = ("tenant",)
    search_fields = ("domain",)

    def company(self, domain: Domain) -> str:
        """Return the company; django-tenants names the field itself."""
        return str(domain.tenant)

    company.short_description = _("компания")  # type: ignore[attr-defined]
    company.admin_order_field = "tenant"  # type: ignore[attr-defined]

    def which(self, domain: Domain) -> str:
        """Tell in words: Django's icons of a boolean are files of django.contrib.admin."""
        return str(_("основной") if domain.is_primary else _("дополнительный"))

    which.short_description = _("какой")  # type: ignore[attr-defined]
    which.admin_order_field = "is_primary"  # type: ignore[attr-defined]


def central_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer the central office's pages; in a company `StaffUser.has_perm` grants none of these."""
    if request.user.has_perm("tenants.add_gascompany"):
        url = reverse("tenants_gascompany_modeladmin_create")
        yield Action(title=_("Открыть компанию"), url=url, icon="plus")
    if request.user.has_perm("tenants.view_gascompany"):
        yield Action(title=_("Компании"), url=reverse("fleet"), icon="table")
