"""The menu of the admin: in which order its items stand, and in which groups. All of it is here.

Apps register their items; here each is named by its address below /admin/. Who is shown few of them gets
them in this order without groups, and a group of one item is that item.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem, reports_menu, settings_menu
from wagtail.admin.ui.sidebar import SubMenuItem

from portal.connection import current_schema
from portal.desk.menu import with_waiting

# Of more than these a person no longer finds one at a glance.
FEW = 14


@dataclass(frozen=True)
class Group:
    """Items under one name; `is_always`: also for who has few items."""

    name: str
    label: str | Promise
    icon: str
    items: tuple[str, ...]
    is_always: bool = False


_OWN = ("staff/second-factor/", "staff/sessions/")

COMPANY: tuple[str | Group, ...] = (
    "pages/",
    Group(
        "site",
        _("Сайт"),
        "site",
        (
            "cms_pages/urgentnotice/",
            "snippets/cms_pages/newscategory/",
            "site-menu/",
            "cms_pages/servicecentre/",
            "cms_pages/district/",
            "images/",
            "documents/",
            "collections/",
            "forms/",
            "redirects/",
        ),
    ),
    Group(
        "people",
        _("Обращения и приём"),
        "comment",
        (
            "appeals/",
            "connection/",
            "site-messages/",
            "appointments/",
            "appointments/deskabsence/",
            "appeals/incident/",
            "appeals/responsibility/",
        ),
    ),
    Group(
        "subscribers",
        _("Абоненты"),
        "user",
        (
            "personal-accounts/",
            "accounts/applications/",
            "accounts/disputes/",
            "meters/submission/",
            "messages/sent/",
            "messages/wordings/",
            "mailings/",
        ),
    ),
    Group(
        "money",
        _("Платежи и биллинг"),
        "list-ul",
        ("payments/", "reconciliation/", "exchange/"),
    ),
    Group("company", _("Компания"), "group", ("staff/", "audit/auditentry/", "rules/")),
    Group(
        "reports",
        _("Отчёты"),
        "list-ol",
        (
            "appeals/figures/",
            "appointments/figures/",
            "reports/workflow/",
            "reports/workflow_tasks/",
            "reports/site-history/",
            "reports/aging-pages/",
            "reports/page-types-usage/",
            "reports/locked/",
        ),
        is_always=True,
    ),
    Group(
        "settings",
        _("Настройки"),
        "cogs",
        (
            "cms_pages/brandsettings/",
            "settings/cms_pages/companyrequisites/",
            "settings/cms_pages/reviewsettings/",
            "appeals/appealkind/",
            "appeals/cannedanswer/",
            "settings/appointments/appointmentsettings/",
            "appointments/appointmentservice/",
            "appointments/desk/",
            "settings/connection/connectionsettings/",
            "connection/equipmenttype/",
            "connection/papertype/",
            "settings/accounts/registrationsettings/",
            "settings/meters/readingsettings/",
            "settings/subscriptions/remindersettings/",
            "settings/subscriptions/mailingsettings/",
            "settings/bills/billsettings/",
            "payment-shop/",
            "settings/payments/paymenttexts/",
            "messages/letters/",
            "settings/messaging/messagesettings/",
            "max-bot/",
            *_OWN,
        ),
        is_always=True,
    ),
)

OFFICE: tuple[str | Group, ...] = (
    "tenants/fleet/",
    "tenants/proposals/",
    "shared/",
    "tenants/announcements/",
    "legal/",
    "tenants/calendarday/",
    "staff/",
    "audit/auditentry/",
    Group("settings", _("Настройки"), "cogs", _OWN, is_always=True),
)


class GroupItem(MenuItem):
    """A group with the items that somebody is shown; its label says how many wait inside."""

    def __init__(self, group: Group, items: Sequence[MenuItem]) -> None:
        super().__init__(group.label, "#", name=group.name, icon_name=group.icon)
        self.items = items

    def render_component(self, request: HttpRequest) -> SubMenuItem:
        inside = [one.render_component(request) for one in self.items]
        waiting = sum(getattr(one, "waiting", 0) for one in inside)
        label = with_waiting(self.label, waiting)
        return SubMenuItem(self.name, label, inside, icon_name=self.icon_name)


def menu_arrange(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the main menu's items, and those of the reports and the settings, in order and in groups."""
    more = (
        one
        for menu in (reports_menu, settings_menu)
        for one in menu.menu_items_for_request(request)
    )
    shown: dict[str, MenuItem] = {}
    for item in (*items, *more):
        shown.setdefault(_address(item), item)
    # Wagtail's own submenus, whose items stand in groups here, and its help, which is in English.
    shown.pop("#", None)
    is_office = current_schema() == "public"
    arranged = _arranged(shown, OFFICE) if is_office else _arranged(shown, COMPANY, has_more=True)
    # Copies: the items themselves are shared by all requests, and Wagtail sorts by their order.
    items[:] = [copy(item) for item in arranged]
    for order, item in enumerate(items):
        item.order = order


def _address(item: MenuItem) -> str:
    return str(item.url).removeprefix(reverse("wagtailadmin_home"))


def _arranged(
    shown: dict[str, MenuItem], table: Sequence[str | Group], *, has_more: bool = False
) -> Iterator[MenuItem]:
    """Yield what the table names; with `has_more`, what it does not name stands in its last group."""
    listed = [one.items if isinstance(one, Group) else (one,) for one in table]
    named = {address for addresses in listed for address in addresses}
    unnamed = [item for address, item in shown.items() if has_more and address not in named]
    always = {
        name for one in table if isinstance(one, Group) and one.is_always for name in one.items
    }
    are_few = len(shown.keys() & (named - always)) <= FEW
    for one, addresses in zip(table, listed, strict=True):
        found = [shown[address] for address in addresses if address in shown]
        found += unnamed if one is table[-1] else []
        if isinstance(one, Group) and len(found) > 1 and (one.is_always or not are_few):
            yield GroupItem(one, found)
        else:
            yield from found
