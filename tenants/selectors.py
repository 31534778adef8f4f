from django.db.models import QuerySet

from tenants.models import GasCompany
from tenants.routing import is_behind


def companies_served(kind: str = "") -> QuerySet[GasCompany]:
    """Active companies with their regions and hosts; of one kind, if given."""
    companies: QuerySet[GasCompany] = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE)
    if kind:
        companies = companies.filter(kind=kind)
    return companies.prefetch_related("regions", "domains")


def company_can_serve(company: GasCompany) -> bool:
    """Whether its schema may be entered now: active, and not behind the code's migrations."""
    return company.status == GasCompany.Status.ACTIVE and not is_behind(company.schema_name)
