from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cms_pages.brand.models import BrandSettings, brand_version
from cms_pages.brand.requisites import CompanyRequisites
from cms_pages.low_vision import low_vision_of, low_vision_options
from cms_pages.notices import notices_now
from tenants.models import GasCompany


def company(request: HttpRequest) -> dict[str, Any]:
    """`company`, `brand` and the address of its colours; None on the base host.

    `requisites` and `urgent_notices` are the company's, too; asked for only by a page that shows them.
    """
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
        "requisites": SimpleLazyObject(lambda: CompanyRequisites.for_request(request)),
        "urgent_notices": SimpleLazyObject(notices_now),
    }


def low_vision(request: HttpRequest) -> dict[str, Any]:
    """Return `low_vision`, the chosen version (None for the usual one), and `low_vision_panel`, its choices.

    `low_vision_next`: the page to come back to. A page that came of a POST is asked for anew.
    """
    chosen = low_vision_of(request)
    return {
        "low_vision": chosen,
        "low_vision_panel": low_vision_options(chosen) if chosen else [],
        "low_vision_next": request.get_full_path(),
    }
