from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.models import GasCompany, Region


def choose_region(request: HttpRequest) -> HttpResponse:
    """Show the base host's front page: every region with its companies."""
    active = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE).prefetch_related("domains")
    regions = (
        Region.objects.filter(companies__status=GasCompany.Status.ACTIVE)
        .prefetch_related(Prefetch("companies", queryset=active))
        .distinct()
    )
    return render(request, "tenants/choose_region.html", {"regions": regions})
