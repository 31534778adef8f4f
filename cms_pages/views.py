"""Views of a site beside its pages: brand, low vision, search, robots.txt, pictures."""

import mimetypes
import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.core.files.utils import validate_file_name
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.models import Page, Site
from wagtail.rich_text import expand_db_html

from cms_pages.actions import actions_found
from cms_pages.brand.models import BrandSettings
from cms_pages.low_vision import low_vision_asked, low_vision_of, low_vision_remember
from cms_pages.pages.documents import LegalVersionPage
from cms_pages.pages.legal_files import legal_file
from portal.formats.text import clean_text

A_YEAR = "public, max-age=31536000"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
DRAFT_LOGO = re.compile(r"brand/logo-[0-9a-f]{12}\w*\.(svg|png)")


def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the company's colours as CSS variables: a file, because the policy allows no inline style."""
    brand = BrandSettings.for_request(request)
    for name in ("brand_colour", "accent_colour"):  # of a preview, whose row has others
        if COLOUR.fullmatch(asked := request.GET.get(name, "")):
            setattr(brand, name, asked)
    css = f":root{{--brand:{brand.brand_colour};--brand-contrast:#fff;--accent:{brand.accent_colour}}}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": A_YEAR})


def brand_logo(request: HttpRequest) -> FileResponse:
    """Serve the logo; its address carries its name, which changes with its content.

    Opened by itself an SVG is a page: the policy of every page, without script, covers that, too.
    """
    name = BrandSettings.for_request(request).logo.name
    # A draft's, in a preview: named by a hash of its content, which nobody guesses.
    if DRAFT_LOGO.fullmatch(asked := request.GET.get("draft", "")):
        name = asked
    if not name or not default_storage.exists(name):
        raise Http404
    response = FileResponse(
        default_storage.open(name), content_type=mimetypes.guess_type(name)[0] or "image/png"
    )
    response.headers["Cache-Control"] = A_YEAR
    return response


def low_vision(request: HttpRequest) -> HttpResponse:
    """Switch the version for weak sight on, change it, or off (`?off`), and back to the page.

    By GET: a form with a token would need a cookie on pages that are the same for all, and what
    another site could do to a visitor here is large letters.
    """
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(wanted if safe and wanted.startswith("/") else "/")
    off = "off" in request.GET
    low_vision_remember(
        response, None if off else low_vision_asked(request.GET, low_vision_of(request))
    )
    response.headers["Cache-Control"] = "no-store"
    return response


# The cabinet holds personal data, and results of a search should not be results of another.
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /cabinet/
Disallow: /search/

Sitemap: {sitemap}
"""


def search(request: HttpRequest) -> HttpResponse:
    """Search the published pages; anyone may. What people come for stands before what was found."""
    typed = clean_text(request.GET.get("q", ""))
    query = typed[:MAX_QUERY]
    site = Site.find_for_request(request)
    can_search = site and sum(sign.isalnum() for sign in query) >= MIN_QUERY
    found = pages_found(site, query, request.GET.get("page")) if can_search else None
    context = {
        "query": query,
        "cut": len(typed) > MAX_QUERY,
        "has_words": any(sign.isalnum() for sign in query),
        "found": found,
        "actions": actions_found(request.tenant, query),  # type: ignore[attr-defined]
        "is_first": found is None or found.number == 1,
    }
    return render(request, "cms_pages/search.html", context)


def legal_pdf(request: HttpRequest, page_id: int) -> HttpResponse:
    """Give a published version of a legal document as a file."""
    version = get_object_or_404(LegalVersionPage.objects.live().public(), pk=page_id)
    document = version.get_parent()
    if not document.live:
        raise Http404
    return legal_file(
        company=request.tenant,  # type: ignore[attr-defined]
        title=document.title,
        number=version.number,
        day=version.effective_from,
        html=expand_db_html(version.text),
    )


def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(sitemap=request.build_absolute_uri(reverse("sitemap")))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def image(request: HttpRequest, name: str) -> FileResponse:
    """Serve a picture in one of the sizes that pages ask for, not originals or documents.

    Its name changes with its content, so that it may be kept for a year. The storage itself would let
    `../` lead into another folder of the company. ValueError: a name with a NUL.
    """
    path = f"images/{name}"
    try:
        validate_file_name(path, allow_relative_path=True)
        file = default_storage.open(path)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    return FileResponse(file, headers={"Cache-Control": "public, max-age=31536000, immutable"})


MIN_QUERY, MAX_QUERY = 2, 100  # letters and digits; signs
PAGE_SIZE = 10


def pages_found(site: Site, query: str, page_number: str | None) -> ListPage[Any]:
    """Return published pages of this site, best first.

    All words must occur; if no page has them all, any of them will do, or the beginning of a title's word.
    """
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public()
    results: Sequence[Page] = pages.search(query)
    if not len(results):
        results = pages.search(query, operator="or")
    if not len(results):
        results = pages.autocomplete(query)
    found: ListPage[Any] = Paginator(results, PAGE_SIZE).get_page(page_number)
    found.object_list = _specific(list(found.object_list))
    return found


def _specific(pages: list[Page]) -> list[Page]:
    """Return the pages with their summaries, in a query for each type."""
    numbers = [page.pk for page in pages]
    by_number = {page.pk: page for page in Page.objects.filter(pk__in=numbers).specific()}
    return [by_number[number] for number in numbers if number in by_number]
