"""The central office's pages for writing and sending shared content. The base host only."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, TitleColumn, UpdatedAtColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.forms import SendForm
from cms_pages.shared.models import SharedItem
from cms_pages.shared.sending import content_of, shared_retry, shared_send, shared_withdraw
from portal.connection import current_schema
from portal.desk.access import central_only, desk_action, desk_view
from portal.desk.lists import keys_of
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.staff.models import StaffUser
from tenants.models import GasCompany, SharedDelivery, SharedVersion
from tenants.office.search import LIMIT, Found

State = SharedDelivery.State
REFRESH_SECONDS = 3
WRITE = "cms_pages.change_shareditem"


def send_address(item_id: UUID) -> str:
    return reverse("shared:send", args=[item_id])


@desk_view(WRITE, hidden=False)
def send(request: Any, pk: UUID) -> HttpResponse:
    """Show the deliveries of the content, and send it as it is now."""
    item = get_object_or_404(SharedItem, pk=pk)
    sent = SharedDelivery.objects.filter(item=pk).select_related("company", "version")
    deliveries = list(sent.order_by("company__name"))
    versions = list(SharedVersion.objects.filter(item=pk))
    form = SendForm(request.POST or None, initial=_as_last_time(deliveries, versions))
    if request.method == "POST" and form.is_valid():
        try:
            version = shared_send(item_id=pk, actor=request.user, **form.as_arguments())
        except SharedRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Версия %d отправляется.") % version.number)
            return redirect(send_address(pk))
    is_moving = any(one.state == State.WAITING and one.is_served for one in deliveries)
    return desk_page(
        request,
        "cms_pages/shared/send.html",
        {
            "object": item,
            "form": form,
            "deliveries": deliveries,
            "versions": versions,
            "has_news": _has_news(item, versions),
            "can_withdraw": any(one.wish != one.Wish.WITHDRAW for one in deliveries),
        },
        title=item.title,
        icon="mail",
        refresh=REFRESH_SECONDS if is_moving and request.method == "GET" else None,
    )


def _has_news(item: SharedItem, versions: list[SharedVersion]) -> bool:
    """Return whether the content was changed after it was sent."""
    try:
        return not versions or content_of(item) != versions[0].content
    except SharedRefused:
        return True


def _as_last_time(
    deliveries: list[SharedDelivery], versions: list[SharedVersion]
) -> dict[str, Any]:
    """Return the choices of the last sending."""
    if not deliveries:
        return {"whom": SendForm.ALL, "publish": "no"}
    publish = any(one.wish == one.Wish.PUBLISH for one in deliveries)
    return {
        "whom": SendForm.SOME,
        "companies": [one.company_id for one in deliveries],
        "publish": "yes" if publish else "no",
        "new_companies": versions[0].new_companies,
    }


@desk_view(WRITE, hidden=False)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Ask, and withdraw the content from the companies that are ticked, which the address names."""
    item = get_object_or_404(SharedItem, pk=pk)
    ticked = GasCompany.objects.filter(pk__in=keys_of(request.GET.getlist("company")))
    if not ticked:
        messages.error(request, _("Отметьте в таблице компании, с чьих сайтов снять материал."))
        return redirect(send_address(item.pk))
    words = ngettext("Снимается с %(n)d сайта.", "Снимается с %(n)d сайтов.", len(ticked))
    return desk_ask(
        request,
        lambda _data: shared_withdraw(item_id=item.pk, companies=ticked, actor=request.user),
        title=_("Снять материал с\u00a0публикации"),
        about=item.title,
        says=[
            _("Страница исчезнет с\u00a0сайтов компаний: %s.")
            % ", ".join(one.name for one in ticked),
            _("Где компания изменила текст под себя, она решит сама."),
            _("Компаниям, которые откроются позже, материал больше не\u00a0пойдёт."),
        ],
        danger=_("Снять с\u00a0публикации"),
        done=words % {"n": len(ticked)},
        back=send_address(item.pk),
        refused=SharedRefused,
    )


@desk_action(WRITE, hidden=False)
def retry(request: Any, pk: UUID, delivery_id: int) -> HttpResponse:
    shared_retry(item_id=pk, delivery_id=delivery_id)
    return redirect(send_address(pk))


class CentralPolicy(ModelPermissionPolicy):
    """Permissions of the base host only: in a company they give no right to shared content."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return current_schema() == "public" and bool(super().user_has_permission(user, action))


register_permission_policy(SharedItem, CentralPolicy(SharedItem), exact_class=True)


def on_to_sending(_request: HttpRequest, saved: models.Model) -> HttpResponse | None:
    """Return a redirect to the page that sends the content which was saved (a hook of Wagtail's)."""
    return redirect(send_address(saved.pk)) if isinstance(saved, SharedItem) else None


def sent_in_words(item: SharedItem) -> str:
    states: list[str] = item.sent_states  # of the list's own queryset
    if not states:
        return str(_("никому"))
    words = [str(_("компаний: %d") % len(states))]
    for state in (State.WAITING, State.OFFERED, State.FAILED):
        if state in states:
            words.append(f"{state.label} — {states.count(state)}")
    return ", ".join(words)


def items_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield shared content by its titles, for the office's search."""
    if not user.has_perm(WRITE):
        return
    for item in SharedItem.objects.filter(title__icontains=typed).order_by("title")[:LIMIT]:
        kind = str(item.get_kind_display())
        yield Found(
            kind=_("Общие материалы"), title=item.title, url=send_address(item.pk), hint=kind
        )


class SentColumn(TitleColumn):
    """How far it has come; leads there who may send."""

    def get_link_url(self, instance: SharedItem, parent_context: Any) -> str:
        user = parent_context["request"].user
        return send_address(instance.pk) if user.has_perm(WRITE) else ""


class SharedItemViewSet(SnippetViewSet):
    model = SharedItem
    icon = "mail"
    menu_label = _("Общие материалы")
    add_to_admin_menu = True
    url_namespace = "shared"
    url_prefix = "shared"
    copy_view_enabled = False
    list_display = [
        "title",
        Column("kind", label=_("Что это"), accessor=SharedItem.get_kind_display),
        SentColumn("sent", label=_("Отправлено"), accessor=sent_in_words),
        UpdatedAtColumn(),
    ]
    search_fields = ["title", "lead"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharedItem]:
        deliveries = SharedDelivery.objects.filter(item=OuterRef("pk"))
        items: QuerySet[SharedItem] = SharedItem.objects.annotate(
            sent_states=ArraySubquery(deliveries.values("state"))
        )
        return items

    def register_chooser_viewset(self) -> None:
        """Register none: nothing refers to an item, so there is nothing to choose."""

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = [
            *super().get_urlpatterns(),
            path("send/<uuid:pk>/", send, name="send"),
            path("send/<uuid:pk>/withdraw/", withdraw, name="withdraw"),
            path("send/<uuid:pk>/retry/<int:delivery_id>/", retry, name="retry"),
        ]
        for pattern in patterns:
            pattern.callback = central_only(pattern.callback)
        return patterns
