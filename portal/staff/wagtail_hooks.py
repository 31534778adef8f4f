from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.connection import current_schema
from portal.staff.admin_home_items import StartPanel
from portal.staff.selectors import may_manage
from portal.staff.views import logins, second_factor, sessions, staff


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def staff_urls() -> list[URLPattern]:
    factor = "staff/second-factor/"
    return [
        path("staff/", staff.staff_list, name="staff_list"),
        path("staff/logins/", logins.logins, name="staff_logins"),
        path("staff/invite/", staff.invite, name="staff_invite"),
        path("staff/<int:pk>/roles/", staff.roles, name="staff_roles"),
        path("staff/<int:pk>/active/", staff.active, name="staff_active"),
        path(
            "staff/<int:pk>/second-factor/",
            staff.reset_second_factor,
            name="staff_reset_second_factor",
        ),
        path("staff/invitations/<int:pk>/withdraw/", staff.withdraw, name="staff_withdraw"),
        path("staff/<int:pk>/sessions/end/", sessions.end_colleagues, name="staff_sessions_end"),
        path("staff/sessions/", sessions.own, name="staff_sessions"),
        path("staff/sessions/end/", sessions.end_others, name="staff_sessions_end_others"),
        path("staff/sessions/<slug:mark>/end/", sessions.end, name="staff_session_end"),
        path("staff/second-factor/roles/", staff.second_factor_rules, name="staff_factor_rules"),
        path(factor, second_factor.overview, name="staff_second_factor"),
        path(f"{factor}enrol/", second_factor.enrol, name="staff_second_factor_enrol"),
        path(f"{factor}enrol/qr/", second_factor.qr, name="staff_second_factor_qr"),
        path(f"{factor}verify/", second_factor.verify, name="staff_second_factor_verify"),
        path(f"{factor}codes/", second_factor.renew_codes, name="staff_second_factor_codes"),
    ]


class StaffMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_manage(request.user)  # type: ignore[arg-type]


class OwnFactorMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return not request.user.central_actor  # type: ignore[union-attr]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def staff_menu_item() -> MenuItem:
    return StaffMenuItem(_("Сотрудники"), reverse("staff_list"), icon_name="group")


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def second_factor_menu_item() -> MenuItem:
    return OwnFactorMenuItem(
        _("Второй фактор входа"), reverse("staff_second_factor"), icon_name="lock"
    )


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def sessions_menu_item() -> MenuItem:
    return OwnFactorMenuItem(_("Мои сеансы"), reverse("staff_sessions"), icon_name="key")


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def start_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, StartPanel(request))


CLOSED_MENUS = {"users", "groups", "sites", "workflows", "workflow-tasks"}


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]
def without_closed_pages(request: HttpRequest, items: list[Any]) -> None:
    """Hide Wagtail's pages that `portal.staff.middleware` closes to everybody."""
    items[:] = [item for item in items if item.name not in CLOSED_MENUS]


@hooks.register("construct_search")  # type: ignore[untyped-decorator]
def without_other_searches(request: HttpRequest, items: list[Any]) -> None:
    """Hide the searches of a site in the central office, which has none."""
    if current_schema() == "public":
        items.clear()


@hooks.register("construct_homepage_summary_items", order=1000)  # type: ignore[untyped-decorator]
def without_counts_of_no_site(request: HttpRequest, items: list[Any]) -> None:
    if current_schema() == "public":
        items.clear()


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("staff/start.css"))
