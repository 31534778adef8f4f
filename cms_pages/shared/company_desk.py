"""What editors see of shared content that waits for them. Companies' hosts only."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms_pages.shared.copies import own_deliveries, waiting_discard
from cms_pages.shared.exceptions import SharedRefused
from portal.desk.access import company_only
from portal.desk.questions import desk_ask
from tenants.models import SharedDelivery, SharedVersion


def waiting_in_editor(request: HttpRequest, page: Page) -> None:
    """Add a message above the form of a page that came from the central office (a hook).

    The buttons are Wagtail's own comparison, form of an earlier revision, and page that unpublishes.
    """
    delivery = own_deliveries().filter(page=page.pk).first()
    if delivery is None or request.method != "GET":
        return
    if delivery.waiting is None:
        messages.info(request, _("Эту страницу прислал центральный офис."))
        return
    waits, buttons = delivery.waiting_revision, []
    if waits is None:
        said = _("Центральный офис просит снять эту страницу с публикации.")
        buttons.append(("unpublish", [page.pk], _("Снять с публикации")))
    else:
        said = _waiting_in_words(delivery, on_top=page.latest_revision_id == waits)
        if page.live:
            buttons.append(("revisions_compare", [page.pk, "live", waits], _("Сравнить с сайтом")))
        if page.latest_revision_id != waits:
            buttons.append(("revisions_revert", [page.pk, waits], _("Взять эту версию")))
    shown = [
        messages.button(reverse(f"wagtailadmin_pages:{name}", args=args), label)
        for name, args, label in buttons
    ]
    discard = reverse("shared_discard", args=[delivery.pk, delivery.waiting])
    shown.append(messages.button(discard, _("Оставить наш текст")))
    messages.warning(request, said, buttons=shown)


def _waiting_in_words(delivery: SharedDelivery, *, on_top: bool) -> str:
    version = SharedVersion.objects.get(item=delivery.item, number=delivery.waiting or 0)
    said = _("Центральный офис прислал версию %d этой страницы.") % version.number
    draft = _("Она стоит черновиком: опубликуйте её, если согласны.")
    aside = _("Ваш текст она не заменила.")
    return " ".join(filter(None, [said, version.note, draft if on_top else aside]))


def discard(request: Any, delivery_id: int, waiting: int) -> HttpResponse:
    """Ask before leaving the company's own text."""
    delivery = get_object_or_404(own_deliveries(), pk=delivery_id)
    page = get_object_or_404(Page, pk=delivery.page)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return desk_ask(
        request,
        lambda _data: waiting_discard(delivery_id=delivery.pk, waiting=waiting, user=request.user),
        title=_("Оставить наш текст"),
        about=page.get_admin_display_title(),
        says=[_("Версия %d центрального офиса останется только в истории страницы.") % waiting],
        danger=_("Оставить наш текст"),
        done=_("Ваш текст остался как был."),
        back=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        refused=SharedRefused,
    )


class WaitingPanel(Component):
    """On the first page of the admin; nothing when nothing waits."""

    name = "shared_waiting"
    template_name = "cms_pages/shared/home_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        waiting = own_deliveries().filter(waiting__isnull=False).order_by("-requested_at")
        pages = Page.objects.in_bulk(waiting.values_list("page", flat=True))
        user = parent_context["request"].user
        return {
            "waiting": [
                (pages[one.page], one)
                for one in waiting
                if one.page in pages and pages[one.page].permissions_for_user(user).can_edit()
            ]
        }


def company_desk_urls() -> list[URLPattern]:
    address = "central-texts/<int:delivery_id>/<int:waiting>/discard/"
    return [path(address, company_only(discard), name="shared_discard")]
