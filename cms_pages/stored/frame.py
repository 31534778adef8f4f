"""Parts of a company's pages that are the same for many visitors, kept as text with holes.

Most of what a guest's page costs is its frame (header, menu, footer) and a form that hardly differs. Both are
drawn once, with stand-ins for what belongs to a visitor: the CSRF token, what was typed, the address of the
page. They end with the generation of the stored pages (`page_cache`), and hold nothing of a visitor.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms_pages.low_vision import low_vision_of
from cms_pages.stored.page_cache import fragment_of

_HOLE = "hole-{}-wo5i8b"
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


def text_with_holes(
    request: HttpRequest,
    template: str,
    *,
    name: str,
    context: Callable[[Mapping[str, str]], dict[str, Any]],
    values: Mapping[str, str],
) -> SafeString:
    """Return the template's text with these values, escaped, in its holes.

    `context` is called only when the text is drawn, with a stand-in for each value; `name` tells texts apart
    that differ in anything else.
    """
    holes = {key: _HOLE.format(key) for key in values}
    text = fragment_of(
        f"{template} {' '.join(values)} {name}",
        lambda: render_to_string(template, context(holes), request),
    )
    for key, value in values.items():
        text = text.replace(holes[key], escape(value))
    return mark_safe(text)  # noqa: S308 — our own template, and escaped values


def _frame(request: HttpRequest) -> list[SafeString]:
    """Return the texts before the title, up to the class of the page, up to the content and after it."""
    low_vision = low_vision_of(request)
    # Two steps of the path: an item of the menu is marked when the visitor is below it.
    section = "/".join(request.path.split("/", 3)[1:3])
    name = f"frame {section} {low_vision.cookie if low_vision else ''}"
    text = fragment_of(name, lambda: _draw_frame(request))
    text = text.replace(_NEXT, quote(request.get_full_path(), safe=""))
    return [mark_safe(part) for part in re.split(_HOLE.format("[a-z]+"), text)]  # noqa: S308 — our own


def _draw_frame(request: HttpRequest) -> str:
    holes = {hole: _HOLE.format(hole) for hole in ("title", "class", "content")}
    context: dict[str, Any] = {"holes": holes, "low_vision_next": _NEXT}
    return render_to_string("frame.html", {**context, "messages": [], "subscriber": None}, request)
