from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cms_pages.models import BrandSettings
from cms_pages.selectors import brand_version
from tenants.models import GasCompany


def company(request: HttpRequest) -> dict[str, Any]:
    """`company`, `brand` and the address of its colours; None on the base host."""
    tenant = getattr(request, "tenant", None)
    if not isinstance(tenant, GasCompany):
        return {"company": None, "brand": None, "brand_css_url": ""}
    brand = SimpleLazyObject(lambda: BrandSettings.for_request(request))
    return {
        "company": tenant,
        "brand": brand,
        "brand_css_url": SimpleLazyObject(
            lambda: f"{reverse('brand_css')}?v={brand_version(brand)}"  # type: ignore[arg-type]
        ),
    }
