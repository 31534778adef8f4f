"""What each role may do, and what an administrator may do to others."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context

from cms_pages.models import HomePage
from portal.staff import roles
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.models import StaffUser
from portal.staff.roles import PermissionMissing, roles_create
from portal.staff.services import staff_create, staff_set_active, staff_set_roles
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of


def make(role: str, username: str = "somebody") -> StaffUser:
    return staff_create(username=username, password=PASSWORD, groups=[role])


def pages_of(user: StaffUser) -> set[str]:
    tester = HomePage.objects.get().permissions_for_user(user)
    names = ("can_edit", "can_publish")
    return {name for name in names if getattr(tester, name)()}


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_comes_into_the_admin(pskov, role):
    assert staff_client(make(role)).get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.EDITORS, {"can_edit"}),
        (roles.MODERATORS, {"can_edit", "can_publish"}),
        (roles.OPERATORS, set()),
        (roles.CASHIERS, set()),
        (roles.COMPANY_ADMINISTRATORS, {"can_edit", "can_publish"}),
    ],
)
def test_editors_write_and_moderators_publish(pskov, role, may):
    assert pages_of(make(role)) == may


def test_an_editor_submits_and_a_moderator_approves(pskov):
    home = HomePage.objects.get()
    editor, moderator = make(roles.EDITORS, "e"), make(roles.MODERATORS, "m")
    form = {
        "title": "Новое имя",
        "slug": "home",
        "intro": "null",
        "notice": "",
        "notice_kind": "info",
        "quick_links-count": "0",
        "contacts-count": "0",
        "action-submit": "submit",
    }
    path = f"/admin/pages/{home.pk}/edit/"
    assert staff_client(editor).post(path, form).status_code == 302
    home.refresh_from_db()
    assert home.title != "Новое имя"
    task = home.current_workflow_task_state
    assert task.workflow_state.workflow.name == "Проверка модератором"
    approve = f"/admin/pages/workflow/action/{home.pk}/approve/{task.pk}/"
    staff_client(editor).post(approve, {"comment": ""})
    home.refresh_from_db()
    assert home.title != "Новое имя"
    staff_client(moderator).post(approve, {"comment": ""})
    home.refresh_from_db()
    assert home.title == "Новое имя"


@pytest.mark.parametrize("role", [roles.OPERATORS, roles.CASHIERS])
def test_a_desk_sees_no_pages_and_no_settings(pskov, role):
    client = staff_client(make(role))
    home = HomePage.objects.get()
    for path in (f"/admin/pages/{home.pk}/edit/", "/admin/cms_pages/brandsettings/"):
        assert client.get(path).status_code == 302, path
    first = text_of(client.get("/admin/"))
    assert "Написать новость" not in first and "Заполните главную" not in first


def test_wagtails_own_pages_about_users_are_closed(company_administrator):
    """They would let him make groups with any permission."""
    client = staff_client(company_administrator)
    for path in ("/admin/users/", "/admin/users/new/", "/admin/groups/", "/admin/groups/new/"):
        assert client.get(path).status_code != 200, path


def test_the_command_mends_a_company(pskov):
    Group.objects.filter(name=roles.CASHIERS).delete()
    Group.objects.get(name=roles.COMPANY_ADMINISTRATORS).permissions.clear()
    call_command("staff_roles")
    assert Group.objects.filter(name=roles.CASHIERS).exists()
    assert make(roles.COMPANY_ADMINISTRATORS).has_perm("staff.manage_staff")


def test_an_app_above_adds_to_a_role(pskov, monkeypatch):
    mine = set(roles.ROLES[roles.OPERATORS].permissions)
    monkeypatch.setitem(
        roles.ROLES, roles.OPERATORS, roles.Role(roles.OPERATORS, "О", "", permissions=mine)
    )
    roles.role_permissions_add(roles.OPERATORS, "accounts.view_personalaccount")
    roles_create()
    assert make(roles.OPERATORS, "o").has_perm("accounts.view_personalaccount")
    assert make(roles.COMPANY_ADMINISTRATORS, "a").has_perm("accounts.view_personalaccount")
    assert not make(roles.CASHIERS, "c").has_perm("accounts.view_personalaccount")
    roles.role_permissions_add(roles.OPERATORS, "accounts.no_such")
    with pytest.raises(PermissionMissing, match="no_such"):
        roles_create()


# --- one changes another ------------------------------------------------------------------------------


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


@pytest.fixture
def operator(pskov) -> StaffUser:
    return make(roles.OPERATORS, "operator")


def groups(user: StaffUser) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_the_list_and_its_buttons(boss, operator):
    page = text_of(boss.get("/admin/staff/"))
    assert "operator" in page and "Оператор" in page
    boss.post(f"/admin/staff/{operator.pk}/roles/", {"roles": [roles.EDITORS, roles.CASHIERS]})
    assert groups(operator) == {roles.EDITORS, roles.CASHIERS}


def test_who_is_switched_off_is_out_at_once(boss, operator):
    client = staff_client(operator)
    boss.post(f"/admin/staff/{operator.pk}/active/", {"answer": "yes"})
    assert client.get("/admin/").status_code == 302
    again = Client(headers={"host": PSKOV_HOST})
    again.post("/admin/login/", {"username": "operator", "password": PASSWORD})
    assert again.get("/admin/").status_code == 302
    boss.post(f"/admin/staff/{operator.pk}/active/", {"active": "yes"})
    operator.refresh_from_db()
    assert operator.is_active


def test_nobody_changes_himself(boss, company_administrator):
    pk = company_administrator.pk
    boss.post(f"/admin/staff/{pk}/active/", {"answer": "yes"})
    boss.post(f"/admin/staff/{pk}/roles/", {"roles": [roles.EDITORS]})
    boss.post(f"/admin/staff/{pk}/second-factor/", {"answer": "yes"})
    company_administrator.refresh_from_db()
    assert company_administrator.is_active
    assert groups(company_administrator) == {roles.COMPANY_ADMINISTRATORS}
    assert TOTPDevice.objects.filter(user_id=pk).exists()


def test_what_he_has_not_he_cannot_grant(boss, company_administrator, operator):
    moderators = Group.objects.get(name=roles.MODERATORS)
    moderators.permissions.add(Permission.objects.get(codename="delete_personalaccount"))
    assert "Модератор" not in text_of(boss.get(f"/admin/staff/{operator.pk}/roles/"))
    boss.post(f"/admin/staff/{operator.pk}/roles/", {"roles": [roles.MODERATORS]})
    assert groups(operator) == {roles.OPERATORS}
    with pytest.raises(StaffRuleBroken):
        staff_set_roles(actor=company_administrator, user=operator, roles=[roles.MODERATORS])
    other = Group.objects.create(name="Всемогущие")
    boss.post(f"/admin/staff/{operator.pk}/roles/", {"roles": [other.name]})
    assert groups(operator) == {roles.OPERATORS}


def test_who_has_more_is_out_of_reach(boss, operator):
    operator.user_permissions.add(Permission.objects.get(codename="delete_personalaccount"))
    boss.post(f"/admin/staff/{operator.pk}/active/", {"answer": "yes"})
    operator.refresh_from_db()
    assert operator.is_active


def test_two_administrators_cannot_shut_each_other_out(company_administrator):
    """The second of two reads again what the first has written: somebody is left."""
    second = make(roles.COMPANY_ADMINISTRATORS, "second")
    staff_set_active(actor=company_administrator, user=second, active=False)
    with pytest.raises(StaffRuleBroken):
        staff_set_active(actor=second, user=company_administrator, active=False)


@pytest.mark.parametrize("role", [roles.EDITORS, roles.MODERATORS, roles.OPERATORS, roles.CASHIERS])
def test_for_everybody_else_the_pages_are_not_there(pskov, operator, role):
    client = staff_client(make(role, "nosy"))
    for path in ("", "invite/", f"{operator.pk}/roles/"):
        assert client.get(f"/admin/staff/{path}").status_code == 404, path
    for path in ("invite/", f"{operator.pk}/active/", f"{operator.pk}/second-factor/"):
        assert client.post(f"/admin/staff/{path}", {"answer": "yes"}).status_code == 404, path
    operator.refresh_from_db()
    assert operator.is_active


def test_a_stranger_is_sent_to_the_login(guest, operator):
    for path in (
        "",
        "invite/",
        f"{operator.pk}/roles/",
        "second-factor/",
        "second-factor/enrol/qr/",
    ):
        answer = guest.get(f"/admin/staff/{path}")
        assert answer.status_code == 302 and "/admin/login/" in answer.url, path


def test_each_host_lists_its_own(central_admin, boss, operator):
    with schema_context("public"):
        staff_create(username="second-central", password=PASSWORD, superuser=True)
    central = text_of(staff_client(central_admin, BASE_HOST).get("/admin/staff/"))
    assert "second-central" in central and "operator" not in central
    assert "second-central" not in text_of(boss.get("/admin/staff/"))


def test_the_list_costs_the_same_with_many(boss):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        boss.get("/admin/staff/")
    for number in range(20):
        make(roles.EDITORS, f"editor{number}")
    with CaptureQueriesContext(connection) as many:
        boss.get("/admin/staff/")
    assert len(many) <= len(few) + 1  # the prefetch, when there is something to fetch
