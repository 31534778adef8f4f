from django.http import HttpRequest

from tenants.models import GasCompany


class TenantRequest(HttpRequest):
    """A request on a company's host."""

    tenant: GasCompany
