from typing import Any

from wagtail import hooks
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from cms_pages.admin import (
    BrandViewSet,
    NewsCategoryViewSet,
    UrgentNoticeViewSet,
    rules_menu_item,
    rules_urls,
)
from cms_pages.centres.admin import DistrictAdmin, ServiceCentreViewSet
from cms_pages.centres.usage import centre_in_use
from cms_pages.editing.menus import (
    folders_menu_item,
    menu_place_show,
    redirects_menu_item,
    site_menu_item,
    site_menu_urls,
)
from cms_pages.first_pages.holding import unread_hold
from cms_pages.inbox.desk import answers_for_user, inbox_menu_item, inbox_urls
from cms_pages.review.admin import reviewed_action_menu
from cms_pages.review.decisions import returned_say
from cms_pages.shared.central_desk import SharedItemViewSet, on_to_sending
from cms_pages.shared.company_desk import WaitingPanel, company_desk_urls, waiting_in_editor
from cms_pages.shared.copies import page_edited
from portal.formats.phones import phone_href

menu_place_show()
modeladmin_register(DistrictAdmin)
for viewset in (UrgentNoticeViewSet, ServiceCentreViewSet, BrandViewSet, NewsCategoryViewSet):
    register_snippet(viewset)
register_snippet(SharedItemViewSet)

for saved in ("after_create_snippet", "after_edit_snippet"):
    hooks.register(saved, on_to_sending)
hooks.register("register_admin_urls", rules_urls)
hooks.register("before_delete_snippet", centre_in_use)
hooks.register("construct_snippet_action_menu", reviewed_action_menu)
hooks.register("register_admin_menu_item", rules_menu_item)
for item in (folders_menu_item, redirects_menu_item, site_menu_item):
    hooks.register("register_admin_menu_item", item)
hooks.register("register_admin_urls", site_menu_urls)
hooks.register("register_admin_urls", inbox_urls)
hooks.register("register_admin_menu_item", inbox_menu_item)
hooks.register("filter_form_submissions_for_user", answers_for_user)
hooks.register("register_admin_urls", company_desk_urls)
hooks.register("before_edit_page", waiting_in_editor)
hooks.register("before_edit_page", returned_say)
hooks.register("before_edit_snippet", returned_say)
hooks.register("after_edit_page", page_edited)
hooks.register("before_bulk_action", unread_hold)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def admin_home_panels(request: Any, panels: list[Any]) -> None:
    """Add what the central office has sent, and put what waits for a moderator before all but the search."""
    panels.append(WaitingPanel())
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = 8


def _dialled(props: dict[str, Any]) -> Any:
    """Store a link to a telephone in the one form that every place can dial."""
    url = props.get("url") or ""
    return link_entity(
        {**props, "url": f"tel:{phone_href(url)}"} if url.startswith("tel:") else props
    )


@hooks.register("register_rich_text_features", order=1)  # type: ignore[untyped-decorator]
def telephones_in_texts(features: Any) -> None:
    rules = features.converter_rules_by_converter["contentstate"]["link"]
    rules["to_database_format"]["entity_decorators"]["LINK"] = _dialled
