from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from cabinet.operators import views
from cabinet.operators.forms import SearchForm
from cabinet.operators.opening import SERVE
from cabinet.operators.readings_file import readings_file
from cabinet.operators.sent.desk import send_again, sent_list
from portal.desk.menu import CompanyMenuItem, DeskMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def operators_urls() -> list[URLPattern]:
    one = "personal-accounts/<int:pk>/"
    return [
        path("personal-accounts/", views.find, name="operators_find"),
        path(one, views.information, name="operators_account"),
        path(f"{one}open/", views.open_account, name="operators_open"),
        path(f"{one}readings/", views.readings, name="operators_readings"),
        path(f"{one}charges/", views.charges, name="operators_charges"),
        path(f"{one}payments/", views.payments, name="operators_payments"),
        path(f"{one}bills/", views.bills, name="operators_bills"),
        path(
            f"{one}bills/<str:month>/<int:number>.pdf",
            views.take_bill,
            name="operators_bill_file",
        ),
        path(f"{one}appeals/", views.appeals, name="operators_appeals"),
        path(f"{one}appointments/", views.appointments, name="operators_appointments"),
        path(f"{one}people/", views.people, name="operators_people"),
        path(f"{one}messages/", views.account_messages, name="operators_messages"),
        path(f"{one}rejected/", views.rejected, name="operators_rejected"),
        path("readings/file/", readings_file, name="operators_readings_file"),
        path("messages/sent/", sent_list, name="operators_sent"),
        path(
            "messages/sent/<uuid:message_id>/again/<int:seen>/",
            send_again,
            name="operators_sent_again",
        ),
        path(f"{one}links/<uuid:link_id>/end/", views.end_link, name="operators_end_link"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def accounts_menu_item() -> MenuItem:
    return DeskMenuItem(
        SERVE, _("Лицевые счета"), reverse_lazy("operators_find"), icon_name="search"
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def sent_menu_item() -> MenuItem:
    return CompanyMenuItem(
        SERVE,
        _("Сообщения"),
        reverse_lazy("operators_sent"),
        icon_name="mail",
    )


class FindPanel(Component):
    """The search for an account, first of all that an operator sees."""

    name = "find_account"
    template_name = "operators/panel.html"
    order = 5

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"form": SearchForm(), "csrf_token": parent_context["csrf_token"]}


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def find_panel(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(SERVE):
        panels.append(FindPanel())
