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

from cms_pages.shared.deciding import waiting_discard
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.models import SharedCopy
from portal.connection import current_schema
from portal.desk.access import company_only
from portal.desk.questions import desk_ask
from tenants.models import SharedVersion


def waiting_in_editor(request: HttpRequest, page: Page) -> None:
    """Add a message above the form of a page that came from the central office (a hook).

    The buttons are Wagtail's own comparison, form of an earlier revision, and page that unpublishes.
    """
    copy = SharedCopy.objects.filter(page_id=page.pk).first()
    if copy is None or request.method != "GET":
        return
    if copy.waiting is None:
        messages.info(request, _("Эту страницу прислал центральный офис."))
        return
    waits, buttons = copy.waiting_revision, []
    if waits is None:
        said = _("Центральный офис просит снять эту страницу с публикации.")
        buttons.append(("unpublish", [page.pk], _("Снять с публикации")))
    else:
        said = _waiting_in_words(copy, on_top=page.latest_revision_id == waits)
        if page.live:
            buttons.append(("revisions_compare", [page.pk, "live", waits], _("Сравнить с сайтом")))
        if page.latest_revision_id != waits:
            buttons.append(("revisions_revert", [page.pk, waits], _("Взять эту версию")))
    shown = [
        messages.button(reverse(f"wagtailadmin_pages:{name}", args=args), label)
        for name, args, label in buttons
    ]
    discard = reverse("shared_discard", args=[copy.pk, copy.waiting])
    shown.append(messages.button(discard, _("Оставить наш текст")))
    messages.warning(request, said, buttons=shown)


def _waiting_in_words(copy: SharedCopy, *, on_top: bool) -> str:
    version = SharedVersion.objects.get(item=copy.item, number=copy.waiting or 0)
    said = _("Центральный офис прислал версию %d этой страницы.") % version.number
    draft = _("Она стоит черновиком: опубликуйте её, если согласны.")
    aside = _("Ваш текст она не заменила.")
    return " ".join(filter(None, [said, version.note, draft if on_top else aside]))


def discard(request: Any, copy_id: int, waiting: int) -> HttpResponse:
    """Ask before leaving the company's own text."""
    copy = get_object_or_404(SharedCopy.objects.select_related("page"), pk=copy_id)
    if copy.page is None or not copy.page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return desk_ask(
        request,
        lambda _data: waiting_discard(copy_id=copy.pk, waiting=waiting, user=request.user),
        title=_("Оставить наш текст"),
        about=copy.page.get_admin_display_title(),
        says=[_("Версия %d центрального офиса останется только в истории страницы.") % waiting],
        danger=_("Оставить наш текст"),
        done=_("Ваш текст остался как был."),
        back=reverse("wagtailadmin_pages:edit", args=[copy.page_id]),
        refused=SharedRefused,
    )


class WaitingPanel(Component):
    """On the first page of the admin; nothing when nothing waits."""

    name = "shared_waiting"
    template_name = "cms_pages/shared/home_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        if current_schema() == "public":
            return {}
        waiting = SharedCopy.objects.filter(waiting__gt=0, page__isnull=False)
        copies: list[Any] = list(waiting.select_related("page").order_by("-waiting_since"))
        user = parent_context["request"].user
        return {"copies": [c for c in copies if c.page.permissions_for_user(user).can_edit()]}


def company_desk_urls() -> list[URLPattern]:
    address = "central-texts/<int:copy_id>/<int:waiting>/discard/"
    return [path(address, company_only(discard), name="shared_discard")]
