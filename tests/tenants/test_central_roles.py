"""What each role of the central office may open and do; every page of it is in one table."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import schema_context

from cms_pages.models import SharedItem
from portal.connection import connection
from portal.staff import roles
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.services import staff_create, staff_set_roles
from tenants.announcements.office import office_urls as announcement_urls
from tenants.archives.services import archive_request
from tenants.central_admin import entry
from tenants.central_admin.urls import company_urls, run_urls
from tenants.legal.desk.urls import legal_urls
from tenants.models import (
    Announcement,
    ArchiveRun,
    CompanyArchive,
    GasCompany,
    LegalRecord,
    Proposal,
    ProvisioningRun,
)
from tenants.proposals.services import proposal_make
from tests.support.central_admin import entered
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of

READERS, CONTENT = roles.CENTRAL_READERS, roles.CENTRAL_CONTENT
COMPANIES, EVERYTHING = roles.CENTRAL_COMPANIES, roles.CENTRAL_EVERYTHING
ALL = {READERS, CONTENT, COMPANIES, EVERYTHING}
LEAD = {COMPANIES, EVERYTHING}
WRITE = {CONTENT, EVERYTHING}
ONLY = {EVERYTHING}

# Pages by the names of their addresses: what stands in the address, who may open them.
PAGES = {
    "wagtailadmin_home": ("", ALL),
    "fleet": ("", ALL),
    "fleet_file": ("", ALL),
    "office_search": ("", ALL),
    "announcements": ("", ALL),
    "announcement_add": ("", WRITE),
    "announcement": ("announcement", WRITE),
    "announcement_end": ("announcement", WRITE),
    "legal_office": ("", ALL),
    "legal_rule": ("rule", ALL),
    "legal_change": ("rule", LEAD),
    "legal_correct": ("record", LEAD),
    "legal_withdraw": ("record", LEAD),
    "proposals": ("", ALL),
    "proposal": ("proposal", ALL),
    "proposal_confirm": ("proposal", ONLY),
    "proposal_decline": ("proposal", ONLY),
    "company_archives": ("", ALL),
    "company_archive_restore": ("archive", ONLY),
    "company_archive_run": ("run", ALL),
    "company_timeline": ("company", ALL),
    "company_change": ("company", LEAD),
    "company_suspend": ("company", LEAD),
    "company_archive": ("company", LEAD),
    "company_delete": ("company", ONLY),
    "company_domain_remove": ("domain", LEAD),
    "tenants_gascompany_modeladmin_index": ("", ALL),
    "tenants_gascompany_modeladmin_inspect": ("company", ALL),
    "tenants_gascompany_modeladmin_create": ("", LEAD),
    "tenants_provisioningrun_modeladmin_index": ("", ALL),
    "tenants_domain_modeladmin_index": ("", ALL),
    "tenants_calendarday_modeladmin_index": ("", ALL),
    "tenants_calendarday_modeladmin_create": ("", LEAD),
    "audit_auditentry_modeladmin_index": ("", ALL),
    "shared:list": ("", ALL),
    "shared:add": ("", WRITE),
    "shared:edit": ("shared", WRITE),
    "shared:send": ("shared", WRITE),
    "staff_list": ("", ONLY),
    "staff_invite": ("", ONLY),
    "staff_sessions": ("", ALL),
    "staff_second_factor": ("", ALL),
}
# What is only done, by POST: the others are refused. Whom it is done for is tested where it belongs.
ACTIONS = {
    "company_archive_download": ("archive", ONLY),
    "company_archive_check": ("archive", ONLY),
    "company_open": ("company", LEAD),
    "company_resume": ("company", LEAD),
    "company_archive_again": ("company", LEAD),
    "company_domain_add": ("company", LEAD),
    "company_domain_primary": ("domain", LEAD),
    "company_domain_check": ("domain", LEAD),
    "provisioning_retry": ("provisioning", LEAD),
    "shared:withdraw": ("shared", WRITE),
    "shared:retry": ("delivery", WRITE),
}
# By a key of the session: tested below.
ENTERING = {"company_enter", "company_enter_finish"}


def central(role: str, name: str = "somebody") -> StaffUser:
    with schema_context("public"):
        superuser = role == EVERYTHING
        return staff_create(username=name, password=PASSWORD, groups=[role], superuser=superuser)


@pytest.fixture
def numbers(pskov: GasCompany) -> dict[str, list[Any]]:
    """What stands in the addresses."""
    connection.set_schema_to_public()
    author = staff_create(username="author", password=PASSWORD, superuser=True)
    proposal = proposal_make(
        kind=Proposal.Kind.DELETE, subject="x", arguments={}, actor=author, company_id=pskov.pk
    )
    archive = archive_request(company=pskov, actor="author")
    CompanyArchive.objects.update(state="done")
    run = ArchiveRun.objects.create(archive=archive, kind="check", requested_by="author")
    provisioning = ProvisioningRun.objects.create(schema_name="x", requested_by="author")
    announcement = Announcement.objects.create(
        title="Учения", text="В четверг.", ends_at=timezone.now() + datetime.timedelta(days=1)
    )
    item = SharedItem.objects.create(title="Осторожно, газ")
    return {
        "": [],
        "rule": ["key_rate"],
        "record": ["key_rate", LegalRecord.objects.get(code="key_rate").pk],
        "announcement": [announcement.pk],
        "shared": [item.pk],
        "delivery": [item.pk, 1],
        "proposal": [proposal.pk],
        "archive": [archive.pk],
        "run": [run.pk],
        "company": [pskov.pk],
        "domain": [pskov.pk, pskov.domains.get().pk],
        "provisioning": [provisioning.pk],
    }


def address(name: str, numbers: list[Any]) -> str:
    return reverse(name, args=numbers, urlconf="portal.urls.public")


@pytest.mark.parametrize("role", sorted(ALL))
def test_what_a_role_opens(role, pskov, numbers):
    browser = staff_client(central(role), BASE_HOST)
    for name, (kind, allowed) in PAGES.items():
        answer = browser.get(address(name, numbers[kind]))
        assert (answer.status_code == 200) == (role in allowed), (name, answer.status_code)
    for name, (kind, allowed) in ACTIONS.items():
        if role not in allowed:
            answer = browser.post(address(name, numbers[kind]), {"answer": "yes"}, follow=True)
            page = text_of(answer)
            refused = (
                answer.status_code in {403, 404} or "нет прав" in page or "недостаточно" in page
            )
            assert refused, (name, page[:300])
    key = entry.intent_key(browser.session.session_key, pskov.pk)
    entering = browser.get(address("company_enter", [pskov.pk]), {"key": key})
    assert (PSKOV_HOST in entering.headers["Location"]) == (role in LEAD)
    page = text_of(browser.get(address("tenants_gascompany_modeladmin_inspect", [pskov.pk])))
    for words in ("Приостановить", "Войти в компанию", "Добавить адрес"):
        assert (words in page) == (role in LEAD), words
    archives = text_of(browser.get(address("company_archives", [])))
    assert ("Скачать" in archives) == (role in ONLY)


def test_every_page_is_in_the_table():
    urls = (*company_urls(), *run_urls(), *announcement_urls(), *legal_urls())
    named = {one.name for one in urls} | {"shared:send", "shared:withdraw", "shared:retry"}
    assert named <= PAGES.keys() | ACTIONS.keys() | ENTERING


def test_a_role_is_chosen_with_the_invitation_and_changed_later(central_admin, office):
    with schema_context("public"):
        data = {"email": "anna@mail.ru", "roles": [COMPANIES]}
        assert office.post("/admin/staff/invite/", data).url == "/admin/staff/"
        assert StaffInvitation.objects.get().groups.get().name == COMPANIES
    page = text_of(office.get("/admin/staff/"))
    assert "anna@mail.ru" in page and "Компании" in page
    anna = central(READERS, "anna")
    assert anna.is_central and not anna.is_superuser
    assert "Читатель" in text_of(office.get("/admin/staff/"))
    with schema_context("public"):
        everything = {"roles": [EVERYTHING]}
        office.post(f"/admin/staff/{anna.pk}/roles/", everything)
        assert StaffUser.objects.get(pk=anna.pk).is_superuser
        office.post(f"/admin/staff/{anna.pk}/roles/", {"roles": [CONTENT]})
        assert not StaffUser.objects.get(pk=anna.pk).is_superuser


def test_who_may_enter_no_more_is_out_of_companies(central_admin, pskov):
    leader = central(COMPANIES, "leader")
    inside: Client = entered(staff_client(leader, BASE_HOST), pskov, PSKOV_HOST)
    assert inside.get("/admin/").status_code == 200
    with schema_context("public"):
        staff_set_roles(actor=central_admin, user=leader, roles=[READERS])
    assert "/admin/login/" in inside.get("/admin/").url
