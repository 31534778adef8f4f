"""The editors' pages about shared content that is offered. Companies' hosts only."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages as admin_messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms_pages.shared.comparison import changes
from cms_pages.shared.copies import latest_of
from cms_pages.shared.deciding import offer_accept, offer_decline
from cms_pages.shared.exceptions import DecisionOutdated, SharedRefused
from cms_pages.shared.models import SharedCopy
from portal.connection import current_schema
from portal.desk.access import company_only
from portal.desk.pages import desk_page
from tenants.models import SharedDelivery, SharedVersion


def copies_offered(user: Any) -> list[SharedCopy]:
    """Return copies with an offer on pages that this member of staff may edit; newest first."""
    waiting: QuerySet[SharedCopy] = SharedCopy.objects.filter(
        offered__isnull=False, page__isnull=False
    )
    return [
        copy
        for copy in waiting.select_related("page").order_by("-offered_at")
        if _page_of(copy).permissions_for_user(user).can_edit()
    ]


def _page_of(copy: SharedCopy) -> Page:
    if copy.page is None:
        raise Http404
    return copy.page


def _mine(request: Any, copy_id: int) -> SharedCopy:
    """Return the copy. Raises Http404 without a page, PermissionDenied for one not to be edited."""
    copies = SharedCopy.objects.filter(page__isnull=False).select_related("page")
    copy = get_object_or_404(copies, pk=copy_id)
    if not _page_of(copy).permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return copy


def show(request: Any, copy_id: int) -> HttpResponse:
    """Show the office's changes beside the company's, and the buttons if there is a choice."""
    copy = _mine(request, copy_id)
    page = latest_of(_page_of(copy).specific)
    known = {one.number: one for one in SharedVersion.objects.filter(item=copy.item)}
    new = known[copy.offered or copy.version]
    old = known[copy.version if copy.offered else (copy.version_before or copy.version)]
    rights = _page_of(copy).permissions_for_user(request.user)
    is_withdrawal = copy.offered_wish == SharedDelivery.Wish.WITHDRAW
    context = {
        "copy": copy,
        "page": page,
        "old": old,
        "new": new,
        "changes": [] if is_withdrawal else changes(old, new, page),
        "is_withdrawal": is_withdrawal,
        "can_publish": rights.can_publish(),
        "can_accept": rights.can_unpublish() if is_withdrawal else not page.locked,
    }
    title = _("Материал центрального офиса")
    return desk_page(request, "cms_pages/shared/offer.html", context, title=title, icon="mail")


@require_POST
def decide(request: Any, copy_id: int) -> HttpResponse:
    copy = _mine(request, copy_id)
    said = request.POST
    numbers = [said.get(name, "") for name in ("offered", "revision")]
    offered, revision = (int(one) if one.isdecimal() else None for one in numbers)
    choice, rights = said.get("choice"), _page_of(copy).permissions_for_user(request.user)
    accepts = choice in ("accept", "publish")
    is_withdrawal = copy.offered_wish == SharedDelivery.Wish.WITHDRAW
    needs_publishing = choice == "publish" or (accepts and is_withdrawal)
    if needs_publishing and not rights.can_publish():
        raise PermissionDenied
    if accepts and _page_of(copy).locked:
        raise PermissionDenied
    try:
        if accepts:
            offer_accept(
                copy_id=copy.pk,
                offered=offered or 0,
                seen_revision=revision,
                publish=choice == "publish",
                user=request.user,
            )
            messages.success(request, _accepted_message(is_withdrawal, choice == "publish"))
        else:
            offer_decline(copy_id=copy.pk, offered=offered or 0, user=request.user)
            messages.success(request, _("Ваш текст остался как был."))
    except DecisionOutdated:
        messages.warning(
            request, _("Пока вы читали, страница или предложение изменились. Сравните ещё раз.")
        )
        return redirect("shared_copy", copy.pk)
    except SharedRefused as refused:
        messages.error(request, str(refused))
        return redirect("shared_copy", copy.pk)
    return redirect(reverse("wagtailadmin_pages:edit", args=[copy.page_id]))


def _accepted_message(is_withdrawal: bool, publish: bool) -> str:
    if is_withdrawal:
        return str(_("Страница снята с публикации."))
    if publish:
        return str(_("Новая версия опубликована. Ваш прежний текст — в истории страницы."))
    return str(
        _(
            "Новая версия стоит черновиком: проверьте и опубликуйте. Ваш прежний текст — в истории страницы."
        )
    )


class OffersPanel(Component):
    """On the first page of the admin; nothing when nothing waits."""

    name = "shared_offers"
    template_name = "cms_pages/shared/home_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        is_company = current_schema() != "public"
        return {"copies": copies_offered(user) if is_company else []}


def company_desk_urls() -> list[URLPattern]:
    return [
        path("central-texts/<int:copy_id>/", company_only(show), name="shared_copy"),
        path(
            "central-texts/<int:copy_id>/decide/",
            company_only(decide),
            name="shared_copy_decide",
        ),
    ]


def offer_in_editor(request: HttpRequest, page: Page) -> None:
    """Add a message above the form of a page that came from the central office (a hook)."""
    if request.method != "GET":
        return
    copy = SharedCopy.objects.filter(page_id=page.pk).first()
    if copy is None:
        return
    address = reverse("shared_copy", args=[copy.pk])
    if copy.offered is None:
        button = admin_messages.button(address, _("Что прислано"))
        admin_messages.info(request, _("Эту страницу прислал центральный офис."), buttons=[button])
    elif copy.offered_wish == SharedDelivery.Wish.WITHDRAW:
        button = admin_messages.button(address, _("Решить"))
        said = _("Центральный офис просит снять эту страницу с публикации.")
        admin_messages.warning(request, said, buttons=[button])
    else:
        button = admin_messages.button(address, _("Сравнить"))
        said = _("Центральный офис прислал новую версию этой страницы.")
        admin_messages.warning(request, said, buttons=[button])
