"""The frame of a company's pages (header, menu, footer) for visitors who are not logged in, kept as text.

A page that differs for each visitor, such as a guest's form, is drawn inside: most of what a page costs is
its frame. The kept frame carries nothing of a visitor, no CSRF token either; it ends with the generation
of the company's kept pages (`cms_pages.page_cache`).
"""

import re
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from cms_pages.low_vision import low_vision_of
from cms_pages.page_cache import fragment_of

# Stand-ins of what is drawn for each request; `next` is the page that the low-vision links come back to.
_HOLES = ("title", "class", "content")
_HOLE = "frame-hole-{}-wo5i8b"
_NEXT = _HOLE.format("next")


def render_framed(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template that extends `layout` and fills the blocks title, page_class and content only.

    A person who is logged in gets the whole page drawn afresh: the header differs.
    """
    if getattr(request, "subscriber", None) is None:
        context = {**context, "layout": "framed.html", "frame": _frame(request)}
    else:
        context = {**context, "layout": "base.html"}
    return render(request, template, context, status=status)


def _frame(request: HttpRequest) -> list[SafeString]:
    """Return the texts before, between and after the holes."""
    low_vision = low_vision_of(request)
    # The first step of the path: an item of the menu is marked when the visitor is below it.
    section = request.path.split("/", 2)[1]
    name = f"{request.get_host()} {section} {low_vision.cookie if low_vision else ''}"
    text = fragment_of(f"frame {name}", lambda: _draw(request))
    here = quote(request.get_full_path(), safe="")
    parts = re.split("|".join(_HOLE.format(hole) for hole in _HOLES), text.replace(_NEXT, here))
    return [mark_safe(part) for part in parts]  # noqa: S308 — drawn by our own templates


def _draw(request: HttpRequest) -> str:
    holes = {hole: _HOLE.format(hole) for hole in _HOLES}
    context: dict[str, Any] = {
        "holes": holes,
        "low_vision_next": _NEXT,
        "messages": [],
        "subscriber": None,
    }
    return render_to_string("frame.html", context, request)
