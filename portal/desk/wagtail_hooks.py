from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from portal.desk.audit_log import ENTRY, ICON, INDEX, RIGHT, audit_entry, audit_log
from portal.desk.menu import DeskMenuItem
from portal.desk.menu_order import menu_arrange
from portal.desk.versions import settings_versioned


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def audit_urls() -> list[URLPattern]:
    return [
        path("audit/auditentry/", audit_log, name=INDEX),
        path("audit/auditentry/inspect/<int:pk>/", audit_entry, name=ENTRY),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def audit_menu_item() -> DeskMenuItem:
    return DeskMenuItem(RIGHT, _("Журнал действий"), reverse_lazy(INDEX), icon_name=ICON)


# Above the menus that apps change by this hook, for it puts what they leave in order.
hooks.register("construct_main_menu", menu_arrange, order=100)
settings_versioned()
