"""The menu of the admin: in groups for who has many items, in one list for who has few."""

import json

import pytest
from wagtail.admin.menu import admin_menu

from portal.desk.menu import CountedMenuItem
from portal.desk.menu_order import COMPANY, FEW, OFFICE, Group
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import BASE_HOST, PASSWORD, staff_client


def menu_of(client) -> dict[str, list[str]]:
    """Return what a menu has: addresses, and the names of groups with the addresses in them."""
    page = client.get("/admin/").content.decode()
    props = page.split('id="wagtail-sidebar-props" type="application/json">', 1)[1]
    modules = json.loads(props.split("</script>", 1)[0])["modules"]
    menu = next(one for one in modules if one["_type"].endswith("MainMenuModule"))
    return {_name(one): [_name(below) for below in _below(one)] for one in menu["_args"][0]}


def _below(item) -> list:
    return item["_args"][1] if item["_type"].endswith("SubMenuItem") else []


def _name(item) -> str:
    said = item["_args"][0]
    return said["url"].removeprefix("/admin/") if said.get("url") else said["label"]


def addresses(table) -> list[str]:
    parts = [one.items if isinstance(one, Group) else (one,) for one in table]
    return [address for part in parts for address in part]


def test_an_administrator_has_every_item_in_one_group(company_administrator, monkeypatch):
    for item in admin_menu.registered_menu_items:
        if isinstance(item, CountedMenuItem):
            monkeypatch.setattr(item, "waiting", lambda: 3)
    menu = menu_of(staff_client(company_administrator))
    assert list(menu) == [
        "pages/",
        "Сайт",
        "Обращения и приём (12)",
        "Абоненты",
        "Платежи и биллинг",
        "Компания",
        "Отчёты",
        "Настройки",
    ]
    shown = ["pages/", *(address for below in menu.values() for address in below)]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(addresses(COMPANY))  # the table names nothing that is no longer there


@pytest.mark.parametrize("role", [roles.EDITORS, roles.OPERATORS, roles.CASHIERS])
def test_who_has_few_items_has_them_in_one_list(pskov, role):
    person = staff_create(username="somebody", password=PASSWORD, groups=[role])
    menu = menu_of(staff_client(person))
    named = [name for name, below in menu.items() if below]
    assert named == (["Отчёты", "Настройки"] if role == roles.EDITORS else ["Настройки"])
    order = addresses(COMPANY)
    alone = [name for name, below in menu.items() if not below]
    assert 0 < len(alone) <= FEW + 1 and alone == sorted(alone, key=order.index)


def test_the_office_has_its_own_menu(central_admin):
    menu = menu_of(staff_client(central_admin, BASE_HOST))
    assert menu.pop("Настройки") == ["staff/second-factor/", "staff/sessions/"]
    assert list(menu) == addresses(OFFICE)[:-2]
