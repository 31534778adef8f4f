from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from cabinet.connection.desk.queue import applications_new_count
from cabinet.connection.desk.rights import ICON, SERVE, ConnectionMenuItem
from cabinet.connection.desk.urls import urlpatterns
from cabinet.connection.set_up.admin import EquipmentTypeAdmin, PaperTypeAdmin

modeladmin_register(EquipmentTypeAdmin)
modeladmin_register(PaperTypeAdmin)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def connection_desk_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def connection_menu_item() -> MenuItem:
    url = reverse_lazy("connection_desk")
    return ConnectionMenuItem(
        SERVE,
        _("Присоединение"),
        url,
        waiting=applications_new_count,
        name="connection",
        icon_name=ICON,
    )
