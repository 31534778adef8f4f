"""Templates as PDF files."""

import atexit
import hashlib
import io
import os
import threading
import time
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pikepdf
from django.core.cache import cache
from django.template.loader import render_to_string

FONT = (files("fontpkg_onest") / "files" / "Onest[wght].ttf").as_uri()  # type: ignore[attr-defined]
STORED_FOR = 24 * 60 * 60  # seconds
# fontTools writes the present moment into each font, and with it two files of the same data would differ.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1767225600")
_own = threading.local()

# Pictures that a page may show, by their made-up addresses: the file and its type.
Pictures = Mapping[str, tuple[bytes, str]]


def template_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Render a template of `templates/pdf/` as a PDF with tags for screen readers.

    `font_url` is the portal's font, the only address that the template may open. The same HTML is rendered
    once a day.
    """
    html = render_to_string(template, {**context, "font_url": FONT})
    key = f"pdf:{hashlib.sha256(html.encode()).hexdigest()}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = tagged_pdf(pdf_layout(html))
        cache.set(key, content, STORED_FOR)
    return content


def pdf_layout(html: str, pictures: Pictures | None = None) -> Any:
    """Return a page of HTML, laid out: WeasyPrint's document. Nothing is stored, as a page may be a person's.

    Besides the portal's font it may open `pictures` alone; any other address is left out of the file.
    """
    # Here, since they take half a second to load and most processes never need them.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = pictures or {}

    class PackagedFetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in known:
                content, kind = known[url]
                return URLFetcherResponse(url, content, {"Content-Type": kind})
            if url != FONT:
                raise ValueError(url)
            return super().fetch(url, headers)

    fetcher = PackagedFetcher(allowed_protocols=["file"])
    return HTML(string=html, url_fetcher=fetcher).render(font_config=_fonts())


def _fonts() -> Any:
    """Return what knows the loaded fonts, one a thread: a new one takes memory that is never given back.

    A new one each day all the same: it has a copy of the font in a folder that systems clear of old files.
    """
    from weasyprint.text.fonts import FontConfiguration

    now = time.monotonic()
    if now > getattr(_own, "until", 0):
        _own.fonts, _own.until = FontConfiguration(), now + STORED_FOR
        atexit.register(_own.__dict__.clear)  # while what it needs to tidy up is still there
    return _own.fonts


def tagged_pdf(layout: Any) -> bytes:
    """Return a layout as a file with tags for screen readers (PDF/UA-1). The same layout is the same file."""
    return pdf_packed(layout.write_pdf(pdf_variant="pdf/ua-1"))


def pdf_packed(content: bytes) -> bytes:
    """Return a PDF with its small objects packed together, and an identifier made of its content."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return pdf_saved(file, recompress=True)


def pdf_saved(file: pikepdf.Pdf, *, recompress: bool = False) -> bytes:
    """Return an open PDF as bytes, packed; the same content is the same bytes.

    `recompress`: its packed streams too, which takes longer.
    """
    packed = io.BytesIO()
    file.save(
        packed,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        recompress_flate=recompress,
        deterministic_id=True,
    )
    return packed.getvalue()
