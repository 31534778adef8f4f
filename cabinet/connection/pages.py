"""How pages of connection are drawn: in the cabinet's frame, or in the site's for a visitor."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.subscribers.http import CabinetRequest
from cms_pages.stored.frame import render_framed


def page_render(
    request: CabinetRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template that extends `layout` and fills the blocks title and content only."""
    if request.subscriber is None:
        return render_framed(request, template, context, status=status)
    context = {**context, "layout": "cabinet/base.html"}
    return render(request, template, context, status=status)
