"""The base host's front page, and the addresses of companies' pages that were opened on this host."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from cms_pages.actions import GUEST_ACTIONS, MORE_ACTIONS
from cms_pages.regions.towns import FoundPlace, place_key, places_found, region_known_as
from portal.formats.text import clean_text
from tenants.models import GasCompany
from tenants.selectors import companies_by_region

MAX_QUERY = 100  # signs
_ALL_KINDS = frozenset(GasCompany.Kind.values)


@dataclass(frozen=True)
class CompanyLink:
    name: str
    kind_label: str
    url: str


@dataclass(frozen=True)
class RegionCard:
    name: str
    companies: list[CompanyLink]


def choose_region(request: HttpRequest) -> HttpResponse:
    """Show every region with its companies, or those that a town, a region or a company's name finds.

    `?next=` is a page that every company has: links lead to it.
    """
    query = clean_text(request.GET.get("q", ""))[:MAX_QUERY]
    wanted = common_path(request.GET.get("next", ""))
    places = places_found(query) if query else []
    regions = companies_by_region(_ALL_KINDS)
    found = {
        name: some for name, all_ in regions.items() if (some := _found(name, all_, query, places))
    }
    context = {
        "query": query,
        "next": wanted,
        "regions": [_card(name, some, wanted) for name, some in (found or regions).items()],
        "found": len(found) if query else None,
        "absent": [] if found else places,
    }
    return render(request, "cms_pages/choose_region.html", context)


def page_of_a_company(request: HttpRequest) -> HttpResponse:
    """Lead from an address of the cabinet or of guests to the choice of region, and on from there."""
    wanted = common_path(request.path) or common_path(f"/{request.path.split('/')[1]}/")
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(reverse("choose_region") + query)


def common_path(path: str) -> str:
    """Return the path if it is a page of guests or of the cabinet that every company has; else ""."""
    if not path.startswith(("/guest/", "/cabinet/")):
        return ""
    try:
        match = resolve(path, settings.ROOT_URLCONF)
    except Resolver404:
        return ""
    return "" if match.url_name == "wagtail_serve" or match.kwargs or match.args else path


def _found(
    name: str, companies: list[GasCompany], query: str, places: list[FoundPlace]
) -> list[GasCompany]:
    """Return the companies of this region that the query finds."""
    if not query:
        return companies
    wanted = place_key(query).split()
    region = region_known_as(name)
    if any(place.region == region for place in places) or _begins(name, wanted):
        return companies
    return [company for company in companies if _begins(company.name, wanted)]


def _begins(name: str, wanted: list[str]) -> bool:
    words = place_key(name).split()
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _card(name: str, companies: list[GasCompany], wanted: str) -> RegionCard:
    links = [
        CompanyLink(one.name, one.kind_label, f"{one.url}{wanted if _has(one, wanted) else ''}")
        for one in companies
    ]
    return RegionCard(name, links)


def _has(company: GasCompany, path: str) -> bool:
    kinds = [
        action.kinds for action in (*GUEST_ACTIONS, *MORE_ACTIONS) if path.startswith(action.path)
    ]
    return not kinds or any(company.kind in some for some in kinds)
