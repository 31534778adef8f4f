"""Templates as PDF files."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string

FONT = (files("fontpkg_onest") / "files" / "Onest[wght].ttf").as_uri()  # type: ignore[attr-defined]
STORED_FOR = 24 * 60 * 60  # seconds


def template_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Render a template of `templates/pdf/` as a PDF with tags for screen readers.

    `font_url` is the portal's font, the only address that the template may open. The same HTML is rendered
    once a day.
    """
    html = render_to_string(template, {**context, "font_url": FONT})
    key = f"pdf:{hashlib.sha256(html.encode()).hexdigest()}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = _rendered(html)
        cache.set(key, content, STORED_FOR)
    return content


def _rendered(html: str) -> bytes:
    # Here, since they take half a second to load and most processes never need them.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class FontFetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url != FONT:
                raise ValueError(url)  # left out of the file
            return super().fetch(url, headers)

    page = HTML(string=html, url_fetcher=FontFetcher(allowed_protocols=["file"]))
    content: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return content
