from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Site

from cms_pages.brand.models import BrandSettings, brand_version
from cms_pages.brand.requisites import CompanyRequisites
from cms_pages.low_vision import low_vision_of, low_vision_options
from cms_pages.notices import notices_now
from tenants.models import GasCompany

SettingsT = TypeVar("SettingsT", bound=BaseSiteSetting)


def company(request: HttpRequest) -> dict[str, Any]:
    """Return `company`, `brand` and the address of its colours; None on the base host.

    `requisites` and `urgent_notices` are the company's, and read only by a page that shows them.
    """
    tenant = getattr(request, "tenant", None)
    if not isinstance(tenant, GasCompany):
        return {"company": None, "brand": None, "brand_css_url": ""}
    brand = SimpleLazyObject(lambda: _settings(BrandSettings, request))
    return {
        "company": tenant,
        "brand": brand,
        "brand_css_url": SimpleLazyObject(
            lambda: brand_css_address(brand, request)  # type: ignore[arg-type]
        ),
        "requisites": SimpleLazyObject(lambda: _settings(CompanyRequisites, request)),
        # A preview of a notice brings its own.
        "urgent_notices": getattr(request, "urgent_notices", None) or SimpleLazyObject(notices_now),
    }


def brand_css_address(brand: BrandSettings, request: HttpRequest) -> str:
    """Return where the colours are; a preview names its own, which are stored nowhere yet."""
    asked = {"v": brand_version(brand)}
    if getattr(request, "is_brand_preview", False):
        asked |= {"brand_colour": brand.brand_colour, "accent_colour": brand.accent_colour}
    return f"{reverse('brand_css')}?{urlencode(asked)}"


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


def _settings(model: type[SettingsT], request: HttpRequest) -> SettingsT:
    """Return the company's settings of a kind, with the defaults where none are stored.

    Wagtail's `for_request` would store them: a page may be rendered in a transaction that writes nothing.
    """
    name = model.get_cache_attr_name()
    if not hasattr(request, name):
        site = Site.find_for_request(request)
        found = model.base_queryset().filter(site=site).first() or model(site=site)
        setattr(request, name, found)
    settings: SettingsT = getattr(request, name)
    return settings
