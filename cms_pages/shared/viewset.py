"""Writing for many companies: Wagtail's own editor, history and preview, on the base host alone."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from cms_pages.models import SharedItem
from cms_pages.shared import office
from portal.connection import current_schema
from portal.desk.access import central_only
from tenants.models import SharedDelivery


class CentralPolicy(ModelPermissionPolicy):
    """Nobody in a company, whatever the permissions."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return current_schema() == "public" and bool(super().user_has_permission(user, action))


State = SharedDelivery.State

register_permission_policy(SharedItem, CentralPolicy(SharedItem), exact_class=True)


class ToSending:
    """After saving: on to the page that sends it."""

    object: SharedItem

    def get_success_url(self) -> str:
        return office.send_address(self.object.pk)


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
    """In the menu of a row of the list."""
    if isinstance(snippet, SharedItem):
        address = office.send_address(snippet.pk)
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
            get_url=lambda item: office.send_address(item.pk),
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
        """Nothing refers to an item, so there is nothing to choose."""

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = [
            *super().get_urlpatterns(),
            path("send/<uuid:pk>/", office.send, name="send"),
            path("send/<uuid:pk>/withdraw/", office.withdraw, name="withdraw"),
            path("send/<uuid:pk>/retry/<int:delivery_id>/", office.retry, name="retry"),
        ]
        for pattern in patterns:
            pattern.callback = central_only(pattern.callback)
        return patterns
