"""Parts of every page of a company's site: menu, footer, way back, actions of a guest."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django import template
from django.http import HttpRequest
from wagtail.models import Page, Site

from cms_pages.actions import SiteAction, guest_actions_of, more_actions_of
from cms_pages.pages.documents import DocumentIndexPage, LegalDocumentPage
from cms_pages.selectors import address_exists, menu_pages, page_address
from portal.messaging.letterhead import letterhead
from tenants.models import GasCompany

register = template.Library()

# An item of the menu: `title`, `url`, `get_url(request)`.
Item: TypeAlias = SiteAction | Page


@register.simple_tag(takes_context=True)
def site_menu(context: template.Context) -> list[Item]:
    """Return the actions of guests, then the pages right below the home page that are in the menu.

    One query a request.
    """
    request: HttpRequest | None = context.get("request")
    company: GasCompany | None = context.get("company")
    if request is None or company is None:
        return []
    known: list[Item] | None = getattr(request, "_site_menu", None)
    if known is None:
        actions = [*guest_actions_of(company), *more_actions_of(company)]
        known = [*actions, *menu_pages(Site.find_for_request(request))]
        request._site_menu = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


@register.simple_tag
def site_name() -> str:
    """Return under which name letters of the current schema go out."""
    return letterhead().sender or "Центральный офис"


@register.simple_tag(takes_context=True)
def absolute_address(context: template.Context, path: str) -> str:
    """Return the path's address on the company's primary host, for what is read elsewhere."""
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(path)


# Of a row of the menu in a wide window, in pixels (portal/assets/scss/_site.scss, 75em and wider): a
# letter with its share of the gap to the next, and the button «Ещё».
ROW, LETTER, GAP, MORE = 1130, 9.7, 20, 80


@dataclass(frozen=True)
class MenuRow:
    """What fits into one row, and what waits under «Ещё»."""

    shown: list[Item]
    more: list[Item]


@register.simple_tag
def menu_row(pages: list[Item]) -> MenuRow:
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
def any_is_at(pages: list[Item], request: HttpRequest) -> bool:
    return any(is_at(page, request) for page in pages)


@register.simple_tag(takes_context=True)
def legal_pages(context: template.Context) -> list[LegalDocumentPage]:
    """Return consent, policy and terms, for the footer."""
    if context.get("company") is None:
        return []
    documents = LegalDocumentPage.objects.live().public()
    return list(documents.filter(kind__in=LegalDocumentPage.ONE_OF_A_KIND).order_by("path"))


@register.simple_tag(takes_context=True)
def ways_to_pay(context: template.Context) -> str:
    """Return the address of the page that says how to pay; "" where the company has named none."""
    page: Page | None = context["brand"].payment_page
    return page.get_url(context["request"]) or "" if page and page.live else ""


@register.simple_tag(takes_context=True)
def documents_address(context: template.Context) -> str:
    """Return the address of the page with all documents of the company; "" without one."""
    return page_address(DocumentIndexPage, context["request"])


@register.simple_tag
def guest_actions(company: GasCompany) -> list[SiteAction]:
    """Return what can be done without registration, as far as an app answers there."""
    return guest_actions_of(company)


@register.simple_tag
def more_actions(company: GasCompany) -> list[SiteAction]:
    """Return what else can be done without registration, as far as an app answers there."""
    return more_actions_of(company)


@register.simple_tag
def address_or_none(path: str) -> str:
    """Return the address, or an empty string while no app answers there."""
    return path if address_exists(path) else ""


@register.simple_tag
def section_above(page: Page) -> Page | None:
    """Return the page's parent, where that is not the home page, which the logo leads to."""
    if not page.pk or page.depth < 4:  # a preview of a page that is not saved yet, a first section
        return None
    parent = page.get_parent()
    return parent if parent.live else None


@register.simple_tag
def pages_below(page: Page) -> list[Any]:
    """Return published pages one level down, with their summaries."""
    return list(page.get_children().live().public().specific()) if page.pk else []


@register.filter
def is_at(page: Item, request: HttpRequest) -> bool:
    """Return whether the visitor is at this item of the menu or below it."""
    return bool(request.path.startswith(page.get_url(request) or "\0"))
