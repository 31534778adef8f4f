from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.subscriptions.mailings import desk
from portal.desk.menu import DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def mailings_urls() -> list[URLPattern]:
    one = "mailings/<uuid:pk>/"
    return [
        path("mailings/", desk.mailing_list, name="mailings"),
        path(one, desk.mailing_show, name="mailing"),
        path(f"{one}stop/", desk.stop, name="mailing_stop"),
        path(f"{one}withdraw/", desk.withdraw, name="mailing_withdraw"),
        path(f"{one}continue/", desk.go_on, name="mailing_continue"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def mailings_menu_item() -> MenuItem:
    return DeskMenuItem(desk.STOP, _("Рассылки"), reverse_lazy("mailings"), icon_name=desk.ICON)
