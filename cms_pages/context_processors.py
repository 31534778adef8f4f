from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cms_pages.models import BrandSettings, CompanyRequisites
from cms_pages.notices import notices_now
from cms_pages.selectors import brand_version
from cms_pages.sight import sight_of, sight_options
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


def sight(request: HttpRequest) -> dict[str, Any]:
    """`sight`: how this browser wants pages, or None for the usual version; `sight_panel`: its choices.

    `sight_next`: the page to come back to. A page that came of a POST is asked for anew.
    """
    chosen = sight_of(request)
    return {
        "sight": chosen,
        "sight_panel": sight_options(chosen) if chosen else [],
        "sight_next": request.get_full_path(),
    }
