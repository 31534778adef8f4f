import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from cms_pages.low_vision import low_vision_asked, low_vision_of, low_vision_remember
from cms_pages.models import BrandSettings

A_YEAR = "public, max-age=31536000"


def brand_css(request: HttpRequest) -> HttpResponse:
    """The company's colours as CSS variables: a file, because the policy allows no inline style."""
    brand = BrandSettings.for_request(request)
    css = f":root{{--brand:{brand.brand_colour};--brand-contrast:#fff;--accent:{brand.accent_colour}}}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": A_YEAR})


def brand_logo(request: HttpRequest) -> FileResponse:
    """The logo; its address carries its name, which changes with its content.

    Opened by itself an SVG is a page: the policy of every page, without script, covers that, too.
    """
    name = BrandSettings.for_request(request).logo.name
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
