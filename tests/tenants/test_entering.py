"""A central admin goes into a company; nobody else does by the same road."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cms_pages.models import HomePage
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff.models import StaffUser
from tenants.central_admin import entry
from tenants.models import EntryToken, GasCompany
from tests.support.central_admin import at, path_of, press, token_address
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST


def entries() -> list[tuple[str, str, str | None]]:
    """Entries of the company in both audit logs: schema, actor, address."""
    found = []
    for schema in ("pskov", "public"):
        with schema_context(schema):
            logged = AuditEntry.objects.filter(action="company.entered")
            found += [(schema, one.actor_name, one.address) for one in logged]
    return found


def test_one_button_enters_a_company_for_a_while(office, pskov):
    browser = at(PSKOV_HOST)
    address = token_address(office, pskov, browser)
    assert urlsplit(address).hostname == PSKOV_HOST
    answer = browser.get(path_of(address))
    assert answer.headers["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/pages/").status_code in {200, 302}
    assert browser.session.get_expiry_age() <= entry.SESSION_SECONDS

    connection.set_tenant(pskov)
    row = StaffUser.objects.get()
    assert row.is_central
    assert not row.is_superuser and not row.is_staff and not row.has_usable_password()
    assert [group.name for group in row.groups.all()] == ["Центральный офис"]
    assert HomePage.objects.get().permissions_for_user(row).can_publish()
    assert row.has_perm("accounts.view_personalaccount")
    assert not row.has_perm("accounts.change_personalaccount")
    assert not row.has_perm("tenants.view_gascompany")
    assert entries() == [
        ("pskov", "central:central", "127.0.0.1"),
        ("public", "central", "127.0.0.1"),
    ]


def test_again_is_the_same_row(office, pskov):
    for _ in range(2):
        browser = at(PSKOV_HOST)
        assert browser.get(path_of(token_address(office, pskov, browser))).status_code == 302
    connection.set_tenant(pskov)
    assert StaffUser.objects.count() == 1


def test_a_second_use_is_403(office, pskov):
    browser = at(PSKOV_HOST)
    address = path_of(token_address(office, pskov, browser))
    nonce = browser.cookies["entry"].value
    assert browser.get(address).status_code == 302
    browser.cookies["entry"] = nonce
    assert browser.get(address).status_code == 403


def test_another_browser_is_403(office, pskov):
    """Also one that was marked itself: a mailed link logs nobody in."""
    address = path_of(token_address(office, pskov, at(PSKOV_HOST)))
    bare, marked = at(PSKOV_HOST), at(PSKOV_HOST)
    marked.get("/central-entry/")
    for browser in (bare, marked):
        assert browser.get(address).status_code == 403
        assert browser.get("/admin/").status_code == 302
    assert entries() == []


def test_another_host_is_403(office, pskov, novgorod):
    browser = at(PSKOV_HOST)
    address = path_of(token_address(office, pskov, browser))
    elsewhere = at(NOVGOROD_HOST)
    elsewhere.cookies["entry"] = browser.cookies["entry"].value
    assert elsewhere.get(address).status_code == 403
    assert browser.get(address).status_code == 302  # and the right one is not used up by it


def test_after_a_minute_it_is_403(office, pskov):
    browser = at(PSKOV_HOST)
    address = path_of(token_address(office, pskov, browser))
    ends = EntryToken.objects.get().expires_at
    assert ends <= timezone.now() + datetime.timedelta(seconds=60)
    EntryToken.objects.update(expires_at=timezone.now())
    assert browser.get(address).status_code == 403


def test_secrets_are_not_stored(office, pskov):
    browser = at(PSKOV_HOST)
    token = parse_qs(urlsplit(token_address(office, pskov, browser)).query)["token"][0]
    row = EntryToken.objects.get()
    assert token not in (row.token_hash, row.nonce_hash)
    assert browser.cookies["entry"].value not in (row.token_hash, row.nonce_hash)


def test_only_who_pressed_the_button(office, pskov, novgorod):
    """The base host's half by itself, and with another session's key, makes no token."""
    finish = f"/admin/tenants/gascompany/{pskov.pk}/enter/finish/?nonce={'0' * 64}"
    office.get(finish)
    assert not EntryToken.objects.exists()
    key = entry.intent_key("another session", pskov.pk)
    refused = office.get(f"/admin/tenants/gascompany/{pskov.pk}/enter/", {"key": key})
    assert PSKOV_HOST not in refused.headers["Location"]
    press(office, novgorod)
    office.get(finish)  # the button was for another company
    assert not EntryToken.objects.exists()


def test_not_while_archived(office, pskov):
    page = f"/admin/tenants/gascompany/inspect/{pskov.pk}/"
    assert "/enter/" in office.get(page).content.decode()
    GasCompany.objects.filter(pk=pskov.pk).update(status="archived")
    assert "/enter/" not in office.get(page).content.decode()
    key = entry.intent_key(office.session.session_key, pskov.pk)
    path = f"/admin/tenants/gascompany/{pskov.pk}/enter/"
    assert office.get(path, {"key": key}).status_code == 404


def test_a_company_cannot_make_such_a_login(pskov):
    from django.core.exceptions import ValidationError

    row = StaffUser(username=f"{entry.CENTRAL_PREFIX}central", password=PASSWORD)
    with pytest.raises(ValidationError):
        row.full_clean()
