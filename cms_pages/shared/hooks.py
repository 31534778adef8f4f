"""Where editors of a company meet the office's texts: their first page, and the editor."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms_pages.models import SharedCopy
from cms_pages.shared import region
from portal.connection import current_schema
from portal.desk.access import company_only
from tenants.models import SharedDelivery


class OffersPanel(Component):
    """On the first page of the admin; nothing when nothing waits."""

    name = "shared_offers"
    template_name = "cms_pages/shared/home_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        is_company = current_schema() != "public"
        return {"copies": region.copies_offered(user) if is_company else []}


def region_urls() -> list[URLPattern]:
    return [
        path("desk-texts/<int:copy_id>/", company_only(region.show), name="shared_copy"),
        path(
            "desk-texts/<int:copy_id>/decide/",
            company_only(region.decide),
            name="shared_copy_decide",
        ),
    ]


def tell_in_editor(request: HttpRequest, page: Page) -> None:
    """Above the form of a page that came from the office."""
    if request.method != "GET":
        return
    copy = SharedCopy.objects.filter(page_id=page.pk).first()
    if copy is None:
        return
    address = reverse("shared_copy", args=[copy.pk])
    if copy.offered is None:
        button = messages.button(address, _("Что прислано"))
        messages.info(request, _("Эту страницу прислал центральный офис."), buttons=[button])
    elif copy.offered_wish == SharedDelivery.Wish.WITHDRAW:
        button = messages.button(address, _("Решить"))
        said = _("Центральный офис просит снять эту страницу с публикации.")
        messages.warning(request, said, buttons=[button])
    else:
        button = messages.button(address, _("Сравнить"))
        said = _("Центральный офис прислал новую версию этой страницы.")
        messages.warning(request, said, buttons=[button])
