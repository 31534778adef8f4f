"""Parts of every page of a company's site: menu, footer, breadcrumbs, actions of a guest."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from wagtail.models import Page, Site

from cms_pages.pages.documents import LegalDocumentPage
from cms_pages.selectors import address_exists
from tenants.models import GasCompany

register = template.Library()


@dataclass(frozen=True)
class GuestAction:
    path: str
    title: str
    icon: str
    kinds: frozenset[str]


_GAS = frozenset({GasCompany.Kind.GAS})
_FUND = frozenset({GasCompany.Kind.CAPITAL_REPAIR})
# In the words of manual 1 (2.1.2) and manual 2 (3.2).
GUEST_ACTIONS = (
    GuestAction("/guest/readings/", "Передать показания", "meter", _GAS),
    GuestAction("/guest/payment/", "Оплатить", "payment", _GAS),
    GuestAction("/guest/payment/", "Оплата без регистрации", "payment", _FUND),
    GuestAction("/guest/appointment/", "Запись на приём", "service", _GAS),
)


@register.simple_tag(takes_context=True)
def site_menu(context: template.Context) -> list[Page]:
    """Return pages right below the home page that are in the menu. One query a request."""
    request: HttpRequest | None = context.get("request")
    if request is None or context.get("company") is None:
        return []
    known: list[Page] | None = getattr(request, "_site_menu", None)
    if known is None:
        known = _menu_pages(Site.find_for_request(request))
        request._site_menu = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


@register.simple_tag(takes_context=True)
def absolute_address(context: template.Context, path: str) -> str:
    """Return the path's address on the company's primary host, for what is read elsewhere."""
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(path)


def _menu_pages(site: Site | None) -> list[Page]:
    return list(site.root_page.get_children().live().public().in_menu()) if site else []


# Of a row of the menu in a wide window, in pixels (portal/assets/scss/_site.scss, 75em and wider): a
# letter with its share of the gap to the next, and the button «Ещё».
ROW, LETTER, GAP, MORE = 1010, 9.7, 20, 80


@dataclass(frozen=True)
class MenuRow:
    """What fits into one row, and what waits under «Ещё»."""

    shown: list[Page]
    more: list[Page]


@register.simple_tag
def menu_row(pages: list[Page]) -> MenuRow:
    """Split any number of pages, in their order. Measured by letters: the server knows no fonts."""
    widths = [len(page.title) * LETTER + GAP for page in pages]
    if sum(widths) <= ROW:
        return MenuRow(pages, [])
    fit, left = 0, float(ROW - MORE)
    while fit < len(pages) and left >= widths[fit]:
        left -= widths[fit]
        fit += 1
    return MenuRow(pages[:fit], pages[fit:])


@register.filter
def any_is_at(pages: list[Page], request: HttpRequest) -> bool:
    return any(is_at(page, request) for page in pages)


@register.simple_tag(takes_context=True)
def legal_pages(context: template.Context) -> list[LegalDocumentPage]:
    """Return consent, policy and terms, for the footer."""
    if context.get("company") is None:
        return []
    documents = LegalDocumentPage.objects.live().public()
    return list(documents.filter(kind__in=LegalDocumentPage.ONE_OF_A_KIND).order_by("path"))


@register.simple_tag
def guest_actions(company: GasCompany) -> list[GuestAction]:
    """Return what can be done without registration, as far as an app answers there."""
    return [
        action
        for action in GUEST_ACTIONS
        if company.kind in action.kinds and address_exists(action.path)
    ]


@register.simple_tag
def address_or_none(path: str) -> str:
    """Return the address, or an empty string while no app answers there."""
    return path if address_exists(path) else ""


@register.simple_tag
def above(page: Page) -> list[Page]:
    """Return the pages from the home page down to the page's parent."""
    if not page.pk:  # a preview of a page that is not saved yet
        return []
    return list(page.get_ancestors().filter(depth__gt=1).live())


@register.simple_tag
def pages_below(page: Page) -> list[Any]:
    """Return published pages one level down, with their summaries."""
    return list(page.get_children().live().public().specific()) if page.pk else []


@register.filter
def is_at(page: Page, request: HttpRequest) -> bool:
    """Return whether the visitor is on this page or below it."""
    return bool(request.path.startswith(page.get_url(request) or "\0"))
