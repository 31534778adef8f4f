from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.exchange.desk import views
from cabinet.exchange.desk.panels import ExchangePanel
from cabinet.exchange.desk.views import SEE
from portal.desk.menu import DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def exchange_urls() -> list[URLPattern]:
    one = "exchange/packages/<int:pk>/"
    return [
        path("exchange/", views.package_list, name="exchange_packages"),
        path("exchange/packages/upload/", views.package_upload, name="exchange_upload"),
        path(one, views.package_show, name="exchange_package"),
        path(f"{one}again/", views.package_again, name="exchange_package_again"),
        path(f"{one}rejects/", views.package_rejects, name="exchange_package_rejects"),
        path("exchange/exports/", views.export_list, name="exchange_exports"),
        path("exchange/keys/", views.key_list, name="exchange_keys"),
        path("exchange/keys/add/", views.key_add, name="exchange_key_add"),
        path("exchange/keys/<int:pk>/revoke/", views.key_end, name="exchange_key_revoke"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def exchange_menu_item() -> MenuItem:
    return DeskMenuItem(SEE, _("Биллинг"), reverse_lazy("exchange_packages"), icon_name="upload")


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def exchange_panel(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(SEE):
        panels.append(ExchangePanel())
