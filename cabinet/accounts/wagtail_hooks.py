from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.accounts.applications import desk as applications
from cabinet.accounts.links import desk as disputes
from portal.desk.menu import DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def accounts_urls() -> list[URLPattern]:
    one = "accounts/applications/<uuid:pk>/"
    dispute = "accounts/disputes/<int:pk>/"
    return [
        path("accounts/applications/", applications.application_list, name="applications"),
        path(one, applications.application_show, name="application"),
        path(f"{one}approve/", applications.application_yes, name="application_approve"),
        path(f"{one}refuse/", applications.application_no, name="application_refuse"),
        path(f"{one}number/", applications.application_number, name="application_correct"),
        path("accounts/disputes/", disputes.dispute_list, name="link_disputes"),
        path(dispute, disputes.dispute_show, name="link_dispute"),
        path(
            f"{dispute}links/<uuid:link_id>/end/",
            disputes.dispute_end_link,
            name="link_dispute_end_link",
        ),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def applications_menu_item() -> MenuItem:
    return DeskMenuItem(
        applications.DECIDE,
        _("Заявки на счета"),
        reverse_lazy("applications"),
        icon_name="doc-full",
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def disputes_menu_item() -> MenuItem:
    return DeskMenuItem(
        disputes.DECIDE,
        _("Спорные привязки"),
        reverse_lazy("link_disputes"),
        icon_name="warning",
    )
