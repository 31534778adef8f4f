from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.max import desk
from portal.desk.menu import DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def bot_urls() -> list[URLPattern]:
    return [
        path("max-bot/", desk.show, name="max_bot"),
        path("max-bot/reconnect/", desk.reconnect, name="max_bot_reconnect"),
        path("max-bot/disconnect/", desk.disconnect, name="max_bot_disconnect"),
    ]


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def bot_menu_item() -> MenuItem:
    return DeskMenuItem(desk.SET_UP, _("Бот в MAX"), reverse_lazy("max_bot"), icon_name=desk.ICON)
