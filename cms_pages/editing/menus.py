"""Folders, redirects and the order of the site's menu: where an editor looks for them in the admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, Site
from wagtail.permissions import policy_registry

from cms_pages.actions import guest_actions_of, more_actions_of
from cms_pages.selectors import menu_pages
from portal.connection import current_schema
from portal.desk.access import company_only, desk_view
from portal.desk.pages import desk_page
from portal.staff.models import StaffUser

_VERBS = ("add", "change", "delete")


class _ModelMenuItem(MenuItem):
    """Shown to who may do anything with `model`, on hosts of companies."""

    def __init__(self, *args: Any, model: type, **kwargs: Any) -> None:
        self.model = model
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(self.model)
        return current_schema() != "public" and policy.user_has_any_permission(request.user, _VERBS)


class _SiteMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() != "public" and _may_see(request.user)  # type: ignore[arg-type]


def folders_menu_item() -> MenuItem:
    return _ModelMenuItem(
        _("Папки"),
        reverse_lazy("wagtailadmin_collections:index"),
        model=Collection,
        name="folders",
        icon_name="folder-open-1",
    )


def redirects_menu_item() -> MenuItem:
    return _ModelMenuItem(
        _("Перенаправления"),
        reverse_lazy("wagtailredirects:index"),
        model=Redirect,
        name="site-redirects",
        icon_name="redirect",
    )


def site_menu_item() -> MenuItem:
    return _SiteMenuItem(
        _("Меню сайта"),
        reverse_lazy("site_menu"),
        name="site-menu",
        icon_name="list-ul",
    )


def _may_see(user: StaffUser) -> bool:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return False
    return bool(site.root_page.specific.permissions_for_user(user).can_reorder_children())


@desk_view(_may_see, hidden=False)
def site_menu(request: Any) -> HttpResponse:
    """Show what stands in the menu of the site, and where its order is changed."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    home = site.root_page
    left_out = home.get_children().exclude(pk__in=[page.pk for page in menu_pages(site)])
    context = {
        "actions": [*guest_actions_of(request.tenant), *more_actions_of(request.tenant)],
        "pages": menu_pages(site),
        "left_out": list(left_out),
        "order_url": reverse("wagtailadmin_explore", args=[home.pk]) + "?ordering=ord",
    }
    title = str(_("Меню сайта"))
    return desk_page(
        request, "cms_pages/editing/site_menu.html", context, title=title, icon="list-ul"
    )


def site_menu_urls() -> list[URLPattern]:
    return [path("site-menu/", company_only(site_menu), name="site_menu")]


class MenuPlaceColumn(Column):
    """Says at which place of the site's menu a page stands."""

    def get_cell_context_data(
        self, instance: Page, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        places = parent_context.get("menu_places")
        if places is None:
            site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
            places = {page.pk: number for number, page in enumerate(menu_pages(site), 1)}
            parent_context["menu_places"] = places
        place = places.get(instance.pk)
        context["value"] = _("%(place)s-е") % {"place": place} if place else ""
        return context

    def get_value(self, instance: Page) -> str:
        return ""


def menu_place_show() -> None:
    """Put the place in the menu into Wagtail's list of pages. Called once, by the hooks."""
    columns = ExplorableIndexView.base_columns
    if not any(isinstance(one, MenuPlaceColumn) for one in columns):
        columns.insert(-1, MenuPlaceColumn("menu_place", label=_("В меню сайта"), width="10%"))
