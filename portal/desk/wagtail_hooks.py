from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from portal.desk.audit_log import ENTRY, ICON, INDEX, RIGHT, audit_entry, audit_log
from portal.desk.menu import DeskMenuItem
from portal.desk.versions import settings_versioned


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def audit_urls() -> list[URLPattern]:
    return [
        path("audit/auditentry/", audit_log, name=INDEX),
        path("audit/auditentry/inspect/<int:pk>/", audit_entry, name=ENTRY),
    ]


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def audit_menu_item() -> DeskMenuItem:
    label, url = _("Журнал действий"), reverse_lazy(INDEX)
    return DeskMenuItem(RIGHT, label, url, name="audit-log", icon_name=ICON, order=910)


settings_versioned()
