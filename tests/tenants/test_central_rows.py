"""A central admin's row in a company: what it can never be, and its end."""

import re

import pytest
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms import modelform_factory
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context
from wagtail.models import Comment

from cms_pages.models import HomePage
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.login.passwords import password_reset_send, schema_token_generator
from portal.staff.models import CENTRAL_FIXED, PasswordReset, StaffUser
from portal.staff.services import (
    central_entries_sweep,
    central_rows_delete,
    staff_create,
    staff_set_active,
    staff_set_roles,
)
from tenants.models import GasCompany
from tests.support.central_admin import at, entered, path_of, token_address
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of


@pytest.fixture
def row(inside) -> StaffUser:
    return StaffUser.objects.get(central_actor="central")


CHANGES = [
    {"username": "central"},
    {"username": "central:other"},
    {"password": "pbkdf2_sha256$1$x$y"},
    {"password": ""},
    {"email": "central@mail.ru"},
    {"first_name": "Анна"},
    {"last_name": "Кузьмина"},
    {"is_superuser": True},
    {"is_staff": True},
    {"central_actor": ""},
    {"central_actor": "other"},
    {"central_until": None},
    {"central_actor": "", "central_until": None},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_table_refuses_each_change(row, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffUser.objects.filter(pk=row.pk).update(**change)


def test_no_other_row_can_look_like_one(pskov, editor):
    for change in ({"username": "central:editor"}, {"central_actor": "editor"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffUser.objects.filter(pk=editor.pk).update(**change)


def test_forms_say_it(row):
    """Whatever fields a form has: a clear refusal, neither a change nor an error of ours."""
    values = {"username": "central", "email": "a@mail.ru", "first_name": "А", "last_name": "К"}
    for name, value in values.items():
        form = modelform_factory(StaffUser, fields=[name])({name: value}, instance=row)
        assert not form.is_valid() and str(CENTRAL_FIXED) in str(form.errors), name
        row.refresh_from_db()
    form = SetPasswordForm(row, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert form.is_valid()
    with pytest.raises(PermissionDenied):
        form.save()


def test_its_own_pages_of_account_are_closed(inside, row):
    form = {"name_email-first_name": "Анна", "name_email-last_name": "К", "theme-theme": "light"}
    for path in ("account/", "staff/second-factor/", "staff/second-factor/enrol/"):
        assert inside.get(f"/admin/{path}").url == "/admin/", path
        assert inside.post(f"/admin/{path}", form).url == "/admin/", path
    assert inside.get("/admin/staff/second-factor/enrol/qr/").url == "/admin/"
    assert "меняются только там" in text_of(inside.get("/admin/"))
    row.refresh_from_db()
    assert row.first_name == "" and not TOTPDevice.objects.exists()


def test_no_password_lets_it_in(inside, row, guest):
    for password in ("", "!", row.password, PASSWORD):
        guest.post("/admin/login/", {"username": row.username, "password": password})
        guest.post("/admin/login/", {"username": "central", "password": password})
        assert "_auth_user_id" not in guest.session


def test_no_letter_gives_it_a_password(row, guest):
    """Not by the form, which has no address of it, and not by a link that somebody makes."""
    for email in ("central@mail.ru", "central:central@mail.ru"):
        guest.post("/admin/password_reset/", {"email": email})
    for reset in PasswordReset.objects.all():
        password_reset_send(reset_id=reset.pk)
    uid = urlsafe_base64_encode(force_bytes(row.pk))
    for tokens in (schema_token_generator, default_token_generator):
        path = f"/admin/password_reset/confirm/{uid}/{tokens.make_token(row)}/"
        page = guest.get(path, follow=True)
        assert "new_password1" not in page.content.decode()
        new = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        guest.post(path.rsplit("/", 2)[0] + "/set-password/", new)
    row.refresh_from_db()
    assert not row.has_usable_password()


def test_every_session_ends_with_the_hour(inside, row):
    """By the row: not by the session, whose end moves on, and whose cookie can be copied."""
    copied = at(PSKOV_HOST)
    copied.cookies.update(inside.cookies)
    assert copied.get("/admin/").status_code == inside.get("/admin/").status_code == 200
    session = inside.session
    session.set_expiry(7 * 24 * 3600)
    session.save()
    StaffUser.objects.filter(pk=row.pk).update(central_until=timezone.now())
    for browser in (inside, copied):
        assert "/admin/login/" in browser.get("/admin/").url


def test_the_sweep_ends_what_is_over(office, inside, row):
    assert central_entries_sweep() == 0
    StaffUser.objects.filter(pk=row.pk).update(central_until=timezone.now())
    assert central_entries_sweep() == 1
    row.refresh_from_db()
    assert not row.is_active


def test_a_new_entry_ends_the_sessions_of_an_earlier_one(office, pskov, inside):
    again = entered(office, pskov, PSKOV_HOST)
    assert again.get("/admin/").status_code == 200
    assert "/admin/login/" in inside.get("/admin/").url


def test_the_companys_administrator_ends_it_at_once(inside, row, company_administrator):
    boss = staff_client(company_administrator)
    assert "Завершить вход" in text_of(boss.get("/admin/staff/"))
    boss.post(f"/admin/staff/{row.pk}/active/", {"answer": "yes"})
    assert "/admin/login/" in inside.get("/admin/").url
    row.refresh_from_db()
    assert not row.is_active
    entry = AuditEntry.objects.get(action="staff.deactivate")
    assert (entry.actor_name, entry.subject) == ("boss", row.username)
    assert "Завершить вход" not in text_of(boss.get("/admin/staff/"))


def test_nothing_else_is_done_to_it(row, company_administrator):
    """Neither let in again, nor given roles: not by him, nor by a central admin."""
    boss = staff_client(company_administrator)
    StaffUser.objects.filter(pk=row.pk).update(is_active=False)
    boss.post(f"/admin/staff/{row.pk}/active/", {"active": "yes"})
    assert boss.get(f"/admin/staff/{row.pk}/roles/").status_code == 404
    boss.post(f"/admin/staff/{row.pk}/roles/", {"roles": [roles.EDITORS]})
    boss.post(f"/admin/staff/{row.pk}/second-factor/", {"answer": "yes"})
    row.refresh_from_db()
    assert not row.is_active
    assert [group.name for group in row.groups.all()] == ["Центральный офис"]
    with pytest.raises(StaffRuleBroken):
        staff_set_roles(actor=company_administrator, user=row, roles=[roles.EDITORS])
    with pytest.raises(StaffRuleBroken):
        staff_set_active(actor=company_administrator, user=row, active=True)


def test_other_staff_cannot_end_it(inside, row, editor):
    staff_client(editor).post(f"/admin/staff/{row.pk}/active/", {"answer": "yes"})
    row.refresh_from_db()
    assert row.is_active


def test_what_the_centre_may_do_is_content_and_people(row):
    held = row.get_all_permissions()
    assert {"staff.manage_staff", "wagtailimages.add_image", "cms_pages.add_district"} <= held
    changes = {one for one in held if ".view_" not in one}
    apps = {one.partition(".")[0] for one in changes}
    assert apps == {
        "appeals",
        "cms_pages",
        "messaging",
        "payments",
        "staff",
        "subscriptions",
        "wagtailadmin",
        "wagtailcore",
        "wagtaildocs",
        "wagtailimages",
        "wagtailredirects",
    }
    more = ("appeals.", "messaging.", "payments.", "staff.", "subscriptions.", "wagtailcore.")
    assert {one for one in changes if one.startswith(more)} == {
        "appeals.add_incident",
        "appeals.add_responsibility",
        "appeals.change_incident",
        "appeals.change_responsibility",
        "appeals.delete_incident",
        "appeals.delete_responsibility",
        "appeals.see_appeal_figures",
        "messaging.change_messagetemplate",
        "payments.change_paymenttexts",
        "staff.manage_staff",
        "subscriptions.stop_mailing",
        "wagtailcore.add_collection",
        "wagtailcore.change_collection",
        "wagtailcore.delete_collection",
    }


def test_every_page_says_who_is_there_and_leads_back(inside, row, pskov, company_administrator):
    home = HomePage.objects.get()
    for path in ("", "staff/", f"pages/{home.pk}/edit/", "images/", "audit/auditentry/", "rules/"):
        page = text_of(inside.get(f"/admin/{path}"))
        assert "Вернуться в центральный офис" in page and pskov.name in page, path
        assert "минут" in page and "central" in page, path
    assert "Вернуться" not in text_of(staff_client(company_administrator).get("/admin/"))


def test_the_way_back_ends_the_stay_everywhere(inside, row, pskov):
    copied = at(PSKOV_HOST)
    copied.cookies.update(inside.cookies)
    assert inside.get("/admin/central-entry/leave/").status_code == 405
    left = inside.post("/admin/central-entry/leave/")
    address = f"//{BASE_HOST}:8000/admin/tenants/gascompany/inspect/{pskov.pk}/"
    assert address.replace(":8000", "") in left.headers["Refresh"].replace(":8000", "")
    for browser in (inside, copied):
        assert "/admin/login/" in browser.get("/admin/").url
    row.refresh_from_db()
    assert not row.is_active
    entry = AuditEntry.objects.get(action="company.left")
    assert (entry.actor_name, entry.level) == ("central:central", "central")


def test_who_is_shut_out_in_the_office_is_out_of_companies(inside, row, central_admin):
    """Though there is a company whose schema has no such table."""
    with schema_context("public"):
        GasCompany.objects.create(schema_name="nowhere", name="Нет такой", status="active")
        other = staff_create(username="second", password=PASSWORD, superuser=True)
        staff_set_active(actor=other, user=central_admin, active=False)
    assert "/admin/login/" in inside.get("/admin/").url


def test_an_invitation_holds_longer_than_the_hour(inside, row, guest, central_admin):
    """Its letter says three days; it ends with the one who sent it, as everybody's does."""
    paths = []
    for email in ("anna@mail.ru", "boris@mail.ru"):
        inside.post("/admin/staff/invite/", {"email": email, "roles": [roles.EDITORS]})
        letter = Message.objects.filter(kind="staff_invitation").latest("created_at")
        paths.append(re.search(r"(/staff/invitation/\S+/)", letter.text)[1])
    inside.post("/admin/central-entry/leave/")
    new = {"first_name": "Анна", "last_name": "Кузьмина", "password": PASSWORD}
    assert guest.post(paths[0], new).status_code == 302
    assert StaffUser.objects.filter(username="anna@mail.ru").exists()
    with schema_context("public"):
        other = staff_create(username="second", password=PASSWORD, superuser=True)
        staff_set_active(actor=other, user=central_admin, active=False)
    assert guest.post(paths[1], new).status_code == 410


def test_who_is_shut_out_meanwhile_does_not_come_in(office, pskov, central_admin):
    browser = at(PSKOV_HOST)
    address = path_of(token_address(office, pskov, browser))
    with schema_context("public"):
        StaffUser.objects.update(is_active=False)
    assert browser.get(address).status_code == 403


def test_the_way_back_is_nobody_elses(company_administrator, office):
    assert (
        staff_client(company_administrator).post("/admin/central-entry/leave/").status_code == 404
    )
    assert office.post("/admin/central-entry/leave/").status_code == 404


def test_the_audit_log_remembers_who_it_was(inside, row, company_administrator):
    home = HomePage.objects.get()
    form = {
        "title": "Из центра",
        "slug": "home",
        "intro": "null",
        "notice": "",
        "notice_kind": "info",
        "quick_links-count": "0",
        "contacts-count": "0",
    }
    inside.post(f"/admin/pages/{home.pk}/edit/", form)
    central_rows_delete()
    entry = AuditEntry.objects.get(action="wagtail.edit")
    assert (entry.level, entry.get_level_display()) == ("central", "центральный офис")
    assert entry.actor_name == "central:central"
    log = text_of(staff_client(company_administrator).get("/admin/audit/auditentry/"))
    assert "Центральный офис" in log and "Сотрудник central изменил" in log


def test_what_refers_to_it_stays(inside, row):
    home = HomePage.objects.get()
    HomePage.objects.filter(pk=home.pk).update(owner=row, locked_by=row)
    Comment.objects.create(page=home, user=row, text="Проверьте адрес", contentpath="title")
    revision = home.save_revision(user=row)
    central_rows_delete()
    home.refresh_from_db()
    assert home.owner is None and home.locked_by is None
    assert Comment.objects.get().text == "Проверьте адрес"
    keeper = Comment.objects.get().user
    assert not keeper.is_active and not keeper.has_usable_password() and not keeper.email
    revision.refresh_from_db()
    assert revision.user is None


def test_all_that_refers_to_staff_is_thought_of():
    """What is deleted with a central admin's row is about the login itself, or is moved before."""
    gone = {
        one.related_model._meta.label
        for one in StaffUser._meta.related_objects
        if one.on_delete.__name__ == "CASCADE" and not one.many_to_many
    }
    assert gone == {
        "otp_static.StaticDevice",
        "otp_totp.TOTPDevice",
        "staff.StaffInvitation",
        "wagtailadmin.EditingSession",
        "wagtailadmin.FormState",
        "wagtailcore.APIToken",
        "wagtailcore.Comment",
        "wagtailcore.CommentReply",
        "wagtailcore.PageSubscription",
        "wagtailusers.UserProfile",
    }


def test_a_name_that_is_long_fits(db, pskov, novgorod):
    with schema_context("public"):
        person = staff_create(username="я" * 150, password=PASSWORD, superuser=True)
    office = staff_client(person, BASE_HOST)
    assert entered(office, pskov, PSKOV_HOST).get("/admin/").status_code == 200


def test_the_group_of_the_centre_is_nobody_elses_role(row, company_administrator, editor):
    boss = staff_client(company_administrator)
    boss.post(f"/admin/staff/{editor.pk}/roles/", {"roles": ["Центральный офис"]})
    assert Group.objects.get(name="Центральный офис").user_set.get() == row
