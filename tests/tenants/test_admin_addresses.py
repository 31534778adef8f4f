"""All addresses of the admin, as who may do most: staff are made and changed in `portal.staff` alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import BooleanField
from django.forms import BaseForm, ModelForm
from django.test import Client
from wagtail.models import Site, Task, Workflow

from cms_pages.models import District
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.desk.modeladmin import DeskAdmin
from portal.staff import roles
from portal.staff.models import StaffUser, app_lives_here
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client
from tests.support.urls import url_patterns

CLOSED_MODELS = (StaffUser, Group, Permission, Site, Workflow, Task)
CLOSED_FIELDS = re.compile(
    r'name="(?:[\w-]+-)?(username|password\d?|new_password\d|is_superuser|is_active|user_permissions|groups)"'
)
# One's own name and password; who the staff are.
OPEN = ("/admin/account/", "/admin/staff/", "/admin/login/", "/admin/password_reset/")
NOT_ASKED = ("/admin/logout/", "/admin/failwhale/")
WORDS = {
    "app_label": "staff",
    "model_name": "staffuser",
    "action": "delete",
    "app_name": "cms_pages",
}


def filled(route: str, number: int) -> str:
    """The address of the pattern; each argument is the row of this number, or a word of its name."""

    def argument(match: re.Match[str]) -> str:
        kind, name = match["kind"] or "", match["name"] or match["group"]
        if kind == "uuid":
            return "00000000-0000-0000-0000-000000000001"
        return WORDS.get(name, str(number))

    shapes = r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>(?:[^()]|\([^()]*\))+\)"
    return "/" + re.sub(shapes, argument, route).replace("^", "").replace("$", "").replace("\\", "")


def admin_addresses(urlconf: str, number: int) -> list[str]:
    """All but the part of a list that scripts ask for, which is made by the same code as the list."""
    found = {filled(route, number) for route, _ in url_patterns(urlconf)}
    return sorted(
        one
        for one in found
        if one.startswith("/admin/") and not one.startswith(NOT_ASKED) and "/results/" not in one
    )


def forms_in(answer: Any) -> Iterator[BaseForm]:
    """All forms that the page was made of."""
    layers: Any = answer.context or []
    for layer in layers:
        for values in getattr(layer, "dicts", [layer]):
            for value in values.values() if isinstance(values, dict) else ():
                yield from (one for one in _flat(value) if isinstance(one, BaseForm))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value


@pytest.fixture
def browsers(office, inside, pskov, company_administrator) -> dict[str, tuple[Client, str]]:
    """Each with the addresses of its host."""
    connection.set_tenant(pskov)
    return {
        "office": (office, "portal.urls.public"),
        "director": (staff_client(company_administrator), "portal.urls.tenant"),
        "central admin in a company": (inside, "portal.urls.tenant"),
    }


def test_no_page_but_our_own_makes_or_changes_staff(browsers, company_administrator):
    for who, (browser, urlconf) in browsers.items():
        answered = 0
        for address in admin_addresses(urlconf, company_administrator.pk):
            answer = browser.get(address)
            assert answer.status_code < 500, (who, address)
            answered += answer.status_code == 200
            if address.startswith(OPEN) or answer.status_code != 200 or answer.streaming:
                continue
            assert not CLOSED_FIELDS.search(answer.content.decode(errors="replace")), (who, address)
            for form in forms_in(answer):
                model = form._meta.model if isinstance(form, ModelForm) else None
                assert not (model and issubclass(model, CLOSED_MODELS)), (who, address)
        assert answered > 25, (who, answered)


@pytest.mark.parametrize(
    "path",
    [
        "users/",
        "users/new/",
        "users/edit/{pk}/",
        "users/delete/{pk}/",
        "groups/",
        "groups/new/",
        "groups/edit/{group}/",
        "sites/",
        "sites/edit/1/",
        "workflows/list/",
        "workflows/add/",
        "workflows/tasks/index/",
        "bulk/staff/staffuser/delete/?id={pk}",
        "bulk/staff/staffuser/assign_role/?id={pk}",
        "bulk/staff/staffuser/set_active_state/?id={pk}",
    ],
)
def test_wagtails_own_pages_are_not_there(browsers, company_administrator, path):
    group = Group.objects.get(name=roles.EDITORS).pk
    path = "/admin/" + path.format(pk=company_administrator.pk, group=group)
    form = {
        "username": "x",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_superuser": "on",
        "is_active": "on",
        "name": "Всемогущие",
        "mark_as_active": "False",
    }
    before = list(StaffUser.objects.order_by("pk").values("username", "password", "is_active"))
    for who, (browser, _) in browsers.items():
        assert browser.get(path).status_code == 404, who
        assert browser.post(path, form).status_code == 404, who
    after = list(StaffUser.objects.order_by("pk").values("username", "password", "is_active"))
    assert after == before and not Group.objects.filter(name="Всемогущие").exists()


def test_the_menus_lead_to_no_closed_page(browsers):
    for who, (browser, _) in browsers.items():
        page = browser.get("/admin/").content.decode()
        for path in ("/admin/users/", "/admin/groups/", "/admin/sites/", "/admin/workflows/"):
            assert path not in page, (who, path)


def modeladmin_addresses(number: int) -> list[tuple[str, str]]:
    """The permission that each page of a modeladmin belongs to, and its address."""
    found = []
    for route, pattern in url_patterns():
        named = re.fullmatch(r"([a-z_]+)_([a-z]+)_modeladmin_\w+", pattern.name or "")
        if named:
            found.append((f"{named[1]}.{{}}_{named[2]}", filled(route, number)))
    return found


def test_pages_of_modeladmin_are_open_to_whom_the_list_is(pskov):
    """History, which modeladmin shows to everybody, and any other page of any model, by each role."""
    addresses = modeladmin_addresses(1)
    assert len(addresses) > 30
    shut = 0
    for role in roles.ROLES:
        person = staff_create(username=role.replace(" ", "-"), password=PASSWORD, groups=[role])
        browser = staff_client(person)
        connection.set_tenant(pskov)
        for right, address in addresses:
            verbs = ("view", "add", "change", "delete")
            if any(person.has_perm(right.format(verb)) for verb in verbs):
                continue
            answer = browser.get(address)
            # Refused before the row is looked for: row 1 need not be there.
            expected = 302 if app_lives_here(right.partition(".")[0]) else 404
            assert answer.status_code == expected, (role, address)
            shut += 1
    assert shut > 60


def test_history_asks_for_the_right_to_the_list(pskov, editor, company_administrator):
    company_administrator.groups.add(*Group.objects.all())
    cashier = staff_create(username="cashier", password=PASSWORD, groups=[roles.CASHIERS])
    boss, nosy = staff_client(company_administrator), staff_client(cashier)
    district = District.objects.create(name="Центр")
    for address in (
        f"/admin/audit/auditentry/inspect/{AuditEntry.objects.latest('pk').pk}/",
        f"/admin/cms_pages/district/history/{district.pk}/",
    ):
        assert nosy.get(address).status_code == 302
        assert boss.get(address).status_code == 200


def _all_below(admin: type[DeskAdmin]) -> Iterator[type[DeskAdmin]]:
    for below in admin.__subclasses__():
        yield below
        yield from _all_below(below)


def test_no_list_needs_files_of_djangos_admin():
    """It is not installed: a column of marks would ask for its icons, a filter by rows for its site."""
    for admin in _all_below(DeskAdmin):
        if admin.model is None:
            continue
        fields = {one.name: one for one in admin.model._meta.get_fields()}
        for name in admin.list_display:
            assert not isinstance(fields.get(name), BooleanField), f"{admin}: {name}"
        for name in admin.list_filter:
            if isinstance(name, str):
                assert not fields[name].is_relation, f"{admin}: {name}"
