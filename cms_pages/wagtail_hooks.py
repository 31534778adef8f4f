from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from cms_pages.admin import (
    DistrictAdmin,
    NewsCategoryViewSet,
    ServiceCentreAdmin,
    UrgentNoticeAdmin,
)
from cms_pages.rules import rules_menu_item, rules_urls
from cms_pages.shared.hooks import OffersPanel, region_urls, tell_in_editor
from cms_pages.shared.viewset import SharedItemViewSet, sending_button
from cms_pages.shared.watching import page_edited

modeladmin_register(UrgentNoticeAdmin)
modeladmin_register(ServiceCentreAdmin)
modeladmin_register(DistrictAdmin)
register_snippet(NewsCategoryViewSet)
register_snippet(SharedItemViewSet)

hooks.register("register_admin_urls", rules_urls)
hooks.register("register_admin_menu_item", rules_menu_item)
hooks.register("register_admin_urls", region_urls)
hooks.register("register_snippet_listing_buttons", sending_button)
hooks.register("before_edit_page", tell_in_editor)
hooks.register("after_edit_page", page_edited)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def admin_home_panel(request: Any, panels: list[Any]) -> None:
    panels.append(OffersPanel())
