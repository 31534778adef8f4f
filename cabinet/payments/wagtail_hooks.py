from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.payments.desk import rights, shop
from cabinet.payments.desk.urls import urlpatterns
from portal.desk.menu import DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def shop_urls() -> list[URLPattern]:
    return [
        path("payment-shop/", shop.show, name="payment_shop"),
        path("payment-shop/connect/", shop.connect, name="payment_shop_connect"),
        path("payment-shop/check/", shop.check, name="payment_shop_check"),
        path("payment-shop/on/", shop.switch_on, name="payment_shop_on"),
        path("payment-shop/off/", shop.switch_off, name="payment_shop_off"),
    ]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def desk_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def payments_menu_item() -> MenuItem:
    return DeskMenuItem(
        rights.SEE, _("Платежи"), reverse_lazy("payments_desk"), icon_name=rights.ICON
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def reconciliation_menu_item() -> MenuItem:
    return DeskMenuItem(
        rights.SEE_RECONCILIATION,
        _("Сверка платежей"),
        reverse_lazy("payments_reconciliation"),
        icon_name="tasks",
    )


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def shop_menu_item() -> MenuItem:
    return DeskMenuItem(
        shop.SET_UP,
        _("Приём платежей"),
        reverse_lazy("payment_shop"),
        icon_name=shop.ICON,
    )
