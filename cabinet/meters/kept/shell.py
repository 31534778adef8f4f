"""The app that the cabinet is installed as: one a host. What it keeps is the same for everybody."""

import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control, never_cache

from cabinet.meters.kept.icon import icon_png
from cms_pages.models import BrandSettings
from cms_pages.selectors import brand_version
from tenants.http import TenantRequest

SIZES = (192, 512)


@cache_control(public=True, max_age=3600)
def manifest(request: TenantRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/: name and colour of the company, the cabinet alone as its scope."""
    brand, name = BrandSettings.for_request(request), request.tenant.name
    entry = reverse("subscribers:entry")
    icons = [
        {
            "src": f"{reverse('meters:app_icon', args=[size])}?v={brand_version(brand)}",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES
    ]
    content = {
        "id": entry,
        "name": name,
        "short_name": name,
        "lang": "ru",
        "start_url": entry,
        "scope": entry,
        "display": "standalone",
        "theme_color": brand.brand_colour,
        "background_color": "#ffffff",
        "icons": icons,
    }
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = "application/manifest+json"
    return answer


def icon(request: TenantRequest, size: int) -> HttpResponse:
    """The flame on the company's colour; the address changes with the colour."""
    if size not in SIZES:
        raise Http404
    brand = BrandSettings.for_request(request)
    answer = HttpResponse(icon_png(brand.brand_colour, size), content_type="image/png")
    patch_cache_control(answer, public=True, max_age=31_536_000)
    return answer


@never_cache
def worker(request: TenantRequest) -> HttpResponse:
    """The service worker of `/cabinet/`. It differs when anything that it keeps does, so browsers take it."""
    brand = BrandSettings.for_request(request)
    files = [
        reverse("meters:offline"),
        static("css/portal.css"),
        static("js/portal.js"),
        static("js/kept.js"),
        static("fonts/onest.woff2"),
        static("img/icons.svg"),
        f"{reverse('brand_css')}?v={brand_version(brand)}",
    ]
    shell = {"page": files[0], "files": files, "who": reverse("meters:kept_who")}
    page = _offline_page(request).content
    shell["version"] = hashlib.sha256(page + json.dumps(files).encode()).hexdigest()[:12]
    script = (
        f"self.SHELL = {json.dumps(shell)};\nimportScripts({json.dumps(static('js/sw.js'))});\n"
    )
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@never_cache
def offline(request: TenantRequest) -> HttpResponse:
    """The page that the telephone shows without signal: nobody's, the script fills it with its own."""
    return _offline_page(request)


def _offline_page(request: HttpRequest) -> HttpResponse:
    nobody: dict[str, object] = {
        "subscriber": None,
        "urgent_notices": [],
        "messages": [],
        "low_vision": None,
        "low_vision_next": "",
    }
    return render(request, "cabinet/meters/kept/offline.html", nobody)
