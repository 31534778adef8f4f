from django.db.models import QuerySet

from portal.connection import connection
from tenants.models import GasCompany
from tenants.routing import is_behind


def current_company() -> GasCompany | None:
    """Return the company whose schema is entered, or None in public.

    `schema_context` enters a schema without its company and gives None too; see `in_company`.
    """
    tenant = connection.tenant
    return tenant if isinstance(tenant, GasCompany) else None


def companies_served(kind: str = "") -> QuerySet[GasCompany]:
    """Return the active companies, of one kind if given, with regions and domains prefetched."""
    companies: QuerySet[GasCompany] = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE)
    if kind:
        companies = companies.filter(kind=kind)
    return companies.prefetch_related("regions", "domains")


def company_can_serve(company: GasCompany) -> bool:
    """Tell whether a company is active and its schema is not behind the code's migrations."""
    return company.status == GasCompany.Status.ACTIVE and not is_behind(company.schema_name)
