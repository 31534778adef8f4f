from django.db.models import QuerySet

from portal.connection import connection
from tenants.models import GasCompany, SharedDelivery
from tenants.routing import is_behind, remembered


def current_company() -> GasCompany | None:
    """Return the company whose schema is entered, or None in public.

    `schema_context` enters a schema without its company and gives None too; see `in_company`.
    """
    tenant = connection.tenant
    return tenant if isinstance(tenant, GasCompany) else None


def company_entered() -> GasCompany:
    """Return the company whose schema is entered, where only companies have what is worked on."""
    company = current_company()
    assert company is not None  # noqa: S101 — a fault of the caller
    return company


def companies_served(kind: str = "") -> QuerySet[GasCompany]:
    """Return the active companies, of one kind if given, with regions and domains prefetched."""
    companies: QuerySet[GasCompany] = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE)
    if kind:
        companies = companies.filter(kind=kind)
    return companies.prefetch_related("regions", "domains")


def companies_by_region(kinds: frozenset[str]) -> dict[str, list[GasCompany]]:
    """Return the active companies of these kinds by their regions' names, in the order of regions.

    Remembered for a few seconds, as hosts are: pages of guests ask in each request. Not to be changed.
    """

    def make() -> dict[str, list[GasCompany]]:
        found: dict[tuple[int, str], list[GasCompany]] = {}
        for company in companies_served():
            if company.kind in kinds:
                for region in company.regions.all():
                    found.setdefault((region.order, region.name), []).append(company)
        return {name: found[order, name] for order, name in sorted(found)}

    by_region: dict[str, list[GasCompany]] = remembered(("regions", kinds), make)
    return by_region


def deliveries_failed(company: GasCompany) -> int:
    """Return how many texts of the central office could not be delivered to the company."""
    failed = SharedDelivery.objects.filter(company=company, state=SharedDelivery.State.FAILED)
    return failed.count()


def company_can_serve(company: GasCompany) -> bool:
    """Tell whether a company is active and its schema is not behind the code's migrations."""
    return company.status == GasCompany.Status.ACTIVE and not is_behind(company.schema_name)
