"""The installed app of the cabinet, one a host: manifest, icon, service worker, page without signal."""

import hashlib
import io
import json
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control, never_cache
from PIL import Image

from cabinet.notifications.push.keys import public_key
from cms_pages.brand.models import brand_version
from cms_pages.models import BrandSettings
from tenants.http import TenantRequest

SIZES = (192, 512)
_FLAME = Path(__file__).with_name("flame.png")


@cache_control(public=True, max_age=3600)
def manifest(request: TenantRequest) -> HttpResponse:
    """Serve the manifest: name and colour of the company, the cabinet alone as its scope.

    https://www.w3.org/TR/appmanifest/
    """
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
    """Serve the flame on the company's colour; the address changes with the colour."""
    if size not in SIZES:
        raise Http404
    brand = BrandSettings.for_request(request)
    answer = HttpResponse(_icon_png(brand.brand_colour, size), content_type="image/png")
    patch_cache_control(answer, public=True, max_age=31_536_000)
    return answer


@never_cache
def worker(request: TenantRequest) -> HttpResponse:
    """Serve the service worker of `/cabinet/`.

    It differs when anything that it caches does, so browsers take the new one.
    """
    brand = BrandSettings.for_request(request)
    files = [
        reverse("meters:offline_page"),
        static("css/portal.css"),
        static("js/portal.js"),
        static("js/offline.js"),
        static("fonts/onest.woff2"),
        static("img/icons.svg"),
        f"{reverse('brand_css')}?v={brand_version(brand)}",
    ]
    shell = {
        "page": files[0],
        "files": files,
        "identity": reverse("meters:offline_identity"),
        "name": request.tenant.name,
        "icon": f"{reverse('meters:app_icon', args=[SIZES[0]])}?v={brand_version(brand)}",
        "notifications": reverse("notifications:list"),
        "push": {"key": public_key(), "address": reverse("notifications:push_add")},
    }
    content = _offline_page(request).content
    shell["version"] = hashlib.sha256(content + json.dumps(shell).encode()).hexdigest()[:12]
    script = (
        f"self.SHELL = {json.dumps(shell)};\nimportScripts({json.dumps(static('js/sw.js'))});\n"
    )
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@never_cache
def page(request: TenantRequest) -> HttpResponse:
    """Serve the page shown without signal: the same for everybody, the script fills it in."""
    return _offline_page(request)


def _offline_page(request: HttpRequest) -> HttpResponse:
    without_person: dict[str, object] = {
        "subscriber": None,
        "urgent_notices": [],
        "messages": [],
        "low_vision": None,
        "low_vision_next": "",
    }
    return render(request, "cabinet/meters/offline/page.html", without_person)


@lru_cache(maxsize=64)
def _icon_png(colour: str, size: int) -> bytes:
    """Draw a square PNG of `size` px, full to its edges: devices cut it into their own shape."""
    picture = Image.new("RGB", (size, size), colour)
    with Image.open(_FLAME) as drawing:
        flame = drawing.convert("RGBA").resize((size, size), Image.Resampling.LANCZOS)
    picture.paste(flame, mask=flame.getchannel("A"))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
