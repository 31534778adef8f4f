"""Search, robots.txt and the pictures of the pages."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.core.files.utils import validate_file_name
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Site

from cms_pages.site_search import pages_found, typed_query

# The cabinet holds personal data, and a list of findings is no page to be found.
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /cabinet/
Disallow: /search/

Sitemap: {sitemap}
"""


def search(request: HttpRequest) -> HttpResponse:
    """Anyone may search; only what everyone may read is found."""
    query = typed_query(request.GET.get("q", ""))
    site = Site.find_for_request(request)
    found = (
        pages_found(site=site, query=query, page_number=request.GET.get("page")) if site else None
    )
    return render(request, "cms_pages/search.html", {"query": query, "found": found})


def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(sitemap=request.build_absolute_uri(reverse("sitemap")))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def image(request: HttpRequest, name: str) -> FileResponse:
    """A picture in one of the sizes that pages ask for. Originals and documents are not served here.

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
