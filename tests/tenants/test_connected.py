"""The office is joined to the staff's invitations and to both audit logs."""

import re

from django.test import Client
from django_tenants.utils import schema_context

from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff.models import StaffUser
from tenants.models import ProvisioningRun
from tenants.runs.services import run_execute
from tests.support.central_admin import CREATE, FORM, at, path_of, token_address
from tests.support.factories import PASSWORD, PSKOV_HOST


def test_the_first_administrator_comes_in_by_the_letter(office):
    office.post(CREATE, FORM)
    run_execute(run_id=ProvisioningRun.objects.get().pk)
    with schema_context("tver"):
        letter = Message.objects.get(kind="staff_invitation")
        assert letter.recipient == FORM["administrator"]
        path = re.search(r"http://tver\.gas\.localhost(/staff/invitation/\S+/)", letter.text)[1]
    browser = Client(headers={"host": "tver.gas.localhost"})
    names = {"first_name": "Анна", "last_name": "Кузьмина"}
    browser.post(path, names | {"password": PASSWORD, "password_again": PASSWORD})
    with schema_context("tver"):
        administrator = StaffUser.objects.get()
        assert administrator.email == FORM["administrator"]
        assert [group.name for group in administrator.groups.all()] == ["Company administrators"]
        assert not administrator.is_superuser


def test_what_the_office_does_is_in_its_log(office):
    office.post(CREATE, FORM)
    run_execute(run_id=ProvisioningRun.objects.get().pk)
    with schema_context("public"):
        entry = AuditEntry.objects.get(action="company.created")
        assert (entry.actor_name, entry.level) == ("central", AuditEntry.Level.CENTRAL)


def test_an_entry_is_in_both_logs(office, pskov):
    browser = at(PSKOV_HOST)
    browser.get(path_of(token_address(office, pskov, browser)))
    for schema, name in (("public", "central"), ("pskov", "central:central")):
        with schema_context(schema):
            entry = AuditEntry.objects.get(action="company.entered")
            assert (entry.actor_name, entry.level) == (name, AuditEntry.Level.CENTRAL)
            assert entry.address == "127.0.0.1"


def test_an_administrator_of_the_company_can_end_that_row_and_nothing_else(
    office, pskov, company_administrator
):
    from tests.support.factories import staff_client

    browser = at(PSKOV_HOST)
    browser.get(path_of(token_address(office, pskov, browser)))
    row = StaffUser.objects.get(username="central:central")
    boss = staff_client(company_administrator)
    boss.post(f"/admin/staff/{row.pk}/roles/", {"roles": ["Editors"]})
    assert row.is_active
    assert [group.name for group in row.groups.all()] == ["Центральный офис"]
    boss.post(f"/admin/staff/{row.pk}/active/", {"answer": "yes"})
    row.refresh_from_db()
    assert not row.is_active
