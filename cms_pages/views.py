from django.http import HttpRequest, HttpResponse

from cms_pages.models import BrandSettings


def brand_css(request: HttpRequest) -> HttpResponse:
    """The company's colours as CSS variables: a file, because the policy allows no inline style."""
    brand = BrandSettings.for_request(request)
    css = f":root{{--brand:{brand.brand_colour};--brand-contrast:#fff;--accent:{brand.accent_colour}}}\n"
    return HttpResponse(
        css, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000"}
    )
