"""The central office's pages for writing and sending shared content. The base host only."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, TitleColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.forms import SendForm
from cms_pages.shared.models import SharedItem
from cms_pages.shared.sending import shared_retry, shared_send, shared_withdraw
from cms_pages.shared.versions import content_of
from portal.connection import current_schema
from portal.desk.access import central_only, desk_view
from portal.desk.pages import desk_page
from tenants.models import SharedDelivery, SharedVersion

REFRESH_SECONDS = 3


def send_address(item_id: UUID) -> str:
    return reverse("shared:send", args=[item_id])


may_send = desk_view("cms_pages.change_shareditem", hidden=False)


@may_send
def send(request: Any, pk: UUID) -> HttpResponse:
    """Show the deliveries of the content, and send it as it is now."""
    item = get_object_or_404(SharedItem, pk=pk)
    form = SendForm(request.POST or None, initial=_initial(item))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = shared_send(
                item_id=item.pk,
                companies=form.chosen(),
                publish=data["publish"] == "yes",
                new_companies=data["new_companies"],
                note=data["note"],
                actor=request.user,
            )
        except SharedRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Версия %d отправляется.") % version.number)
            return redirect(send_address(item.pk))
    return _page(request, item, form)


def _page(request: Any, item: SharedItem, form: SendForm) -> HttpResponse:
    deliveries = list(
        SharedDelivery.objects.filter(item=item.pk)
        .select_related("company", "version")
        .prefetch_related("company__domains")
        .order_by("company__name")
    )
    versions = list(SharedVersion.objects.filter(item=item.pk).order_by("-number"))
    context = {
        "object": item,
        "form": form,
        "deliveries": deliveries,
        "versions": versions,
        "has_news": _has_news(item, versions),
        "can_withdraw": any(one.wish != one.Wish.WITHDRAW for one in deliveries),
    }
    moving = [one for one in deliveries if one.state == SharedDelivery.State.WAITING]
    comes_again = request.method == "GET" and any(one.company.status == "active" for one in moving)
    return desk_page(
        request,
        "cms_pages/shared/send.html",
        context,
        title=item.title,
        icon="mail",
        refresh=REFRESH_SECONDS if comes_again else None,
    )


def _has_news(item: SharedItem, versions: list[SharedVersion]) -> bool:
    """Return whether the content was changed after it was sent."""
    try:
        return not versions or content_of(item) != versions[0].content
    except SharedRefused:
        return True


def _initial(item: SharedItem) -> dict[str, Any]:
    """Return the choices of the last sending."""
    had = list(SharedDelivery.objects.filter(item=item.pk).values_list("company_id", "wish"))
    last = SharedVersion.objects.filter(item=item.pk).order_by("-number").first()
    publish = any(wish == SharedDelivery.Wish.PUBLISH for _company, wish in had)
    return {
        "whom": SendForm.SOME if had else SendForm.ALL,
        "companies": [company for company, _wish in had],
        "publish": "yes" if publish else "no",
        "new_companies": last.new_companies if last else "",
    }


@require_POST
@may_send
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Withdraw the content from the companies that are ticked."""
    item = get_object_or_404(SharedItem, pk=pk)
    ticked = [int(one) for one in request.POST.getlist("company") if one.isdecimal()]
    if not ticked:
        messages.error(request, _("Отметьте в таблице компании, с чьих сайтов снять материал."))
        return redirect(send_address(item.pk))
    try:
        shared_withdraw(item_id=item.pk, company_ids=ticked, actor=request.user)
    except SharedRefused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("Снимается с %(n)d сайта.", "Снимается с %(n)d сайтов.", len(ticked))
        messages.success(request, words % {"n": len(ticked)})
    return redirect(send_address(item.pk))


@require_POST
@may_send
def retry(request: Any, pk: UUID, delivery_id: int) -> HttpResponse:
    get_object_or_404(SharedDelivery, pk=delivery_id, item=pk)
    shared_retry(item_id=pk, delivery_id=delivery_id)
    return redirect(send_address(pk))


class CentralPolicy(ModelPermissionPolicy):
    """Permissions of the base host only: in a company they give no right to shared content."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return current_schema() == "public" and bool(super().user_has_permission(user, action))


State = SharedDelivery.State

register_permission_policy(SharedItem, CentralPolicy(SharedItem), exact_class=True)


class ToSending:
    """After saving: on to the page that sends it."""

    object: SharedItem

    def get_success_url(self) -> str:
        return send_address(self.object.pk)


class SharedCreateView(ToSending, CreateView):
    pass


class SharedEditView(ToSending, EditView):
    pass


def sent_in_words(item: SharedItem) -> str:
    states: list[str] = item.sent_states  # of the list's own queryset
    if not states:
        return str(_("никому"))
    words = [str(_("компаний: %d") % len(states))]
    for state in (State.WAITING, State.OFFERED, State.FAILED):
        if state in states:
            words.append(f"{state.label} — {states.count(state)}")
    return ", ".join(words)


def sending_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    """Yield the button in the menu of a row of the list."""
    if isinstance(snippet, SharedItem):
        address = send_address(snippet.pk)
        yield Button(_("Отправка"), address, icon_name="mail", priority=5)


class SharedItemViewSet(SnippetViewSet):
    model = SharedItem
    icon = "mail"
    menu_label = _("Общие материалы")
    menu_order = 115
    add_to_admin_menu = True
    url_namespace = "shared"
    url_prefix = "shared"
    copy_view_enabled = False
    add_view_class = SharedCreateView
    edit_view_class = SharedEditView
    list_display = [
        "title",
        Column("kind", label=_("Что это"), accessor=SharedItem.get_kind_display),
        TitleColumn(
            "sent",
            label=_("Отправлено"),
            accessor=sent_in_words,
            get_url=lambda item: send_address(item.pk),
        ),
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
