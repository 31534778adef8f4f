"""Rights of the exchange's desk and its pages."""

from typing import Any

from django.http import HttpResponse

from portal.desk.access import DeskRequest
from portal.desk.pages import desk_page

SEE, SEND, KEYS = "exchange.view_package", "exchange.add_package", "exchange.manage_keys"


def page(
    request: DeskRequest, name: str, title: str, context: dict[str, Any], refresh: int | None = None
) -> HttpResponse:
    """Render a page of the desk, below its own three headings."""
    template = f"exchange/desk/{name}.html"
    return desk_page(request, template, context, title=title, icon="upload", refresh=refresh)
