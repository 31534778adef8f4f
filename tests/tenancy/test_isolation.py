"""Every address that the portal has, made from the table of URLs: a new page cannot be forgotten."""

import re
import uuid

import pytest
from django.test import Client
from django.urls.converters import UUIDConverter

from portal.desk.modeladmin import CentralAdmin
from tests.support.delegates import make_delegate
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_link,
    staff_client,
)
from tests.support.urls import url_patterns

# Of the cabinet, those that a person without a login may open.
OPEN_TO_STRANGERS = {
    "/cabinet/",
    "/cabinet/login/",
    "/cabinet/register/",
    "/cabinet/register/resend/",
    "/cabinet/register/code/",
    "/cabinet/register/application/",
    "/cabinet/register/application/sent/",
    "/cabinet/register/application/resend/",
    "/cabinet/register/application/confirm/x/",
    "/cabinet/register/password/x/",
    "/cabinet/login/pass/x/",
    "/cabinet/documents/x/",
    "/cabinet/documents/x.pdf",
    "/cabinet/confirm/x/",
    "/cabinet/logout/",
    "/cabinet/recover/",
    "/cabinet/recover/sent/",
    "/cabinet/settings/stop/x/",
    "/cabinet/go/finish/",
    "/cabinet/delegations/x/",
    "/cabinet/kept/",
    "/cabinet/offline/",
    "/cabinet/sw.js",
    "/cabinet/manifest.webmanifest",
    "/cabinet/icon-1.png",
}


_SAMPLES = {"str": "x", "slug": "x", "int": "1", "uuid": str(uuid.uuid4())}


def _addresses(urlconf: str) -> list[tuple[str, dict]]:
    return [(route, dict(one.pattern.converters)) for route, one in url_patterns(urlconf)]


def account_addresses(link_id: uuid.UUID, *, with_objects: bool = True) -> list[str]:
    """Every page of one account, with this link in the place of its identifier.

    `with_objects`: also those of one thing of the account's, of which there is none.
    """
    found = []
    for route, converters in _addresses("portal.urls.tenant"):
        uuids = [name for name, one in converters.items() if isinstance(one, UUIDConverter)]
        if route.startswith("cabinet/") and "link_id" in uuids:
            if len(converters) > 1 and not with_objects:
                continue
            path = route.replace("<uuid:link_id>", str(link_id))
            path = re.sub(r"<uuid:[^>]+>", str(uuid.UUID(int=1)), path)
            found.append("/" + re.sub(r"<[^>]+>", "1", path))
    return found


def person_addresses() -> list[str]:
    """Every page of the cabinet that belongs to a person, not to one account.

    Those with `wanted` name an account of any host: the road there, which is open, has tests in
    tests/cabinet/subscribers/test_handoff.py, its reminders in tests/cabinet/subscriptions/.
    """
    paths = {
        "/" + re.sub(r"<(\w+):[^>]+>", lambda found: _SAMPLES[found[1]], route)
        for route, _ in _addresses("portal.urls.tenant")
        if route.startswith("cabinet/") and "link_id" not in route and "wanted" not in route
    }
    return sorted(paths - OPEN_TO_STRANGERS)


def test_the_table_is_read(link):
    assert f"/cabinet/{link.pk}/readings/" in account_addresses(link.pk)
    assert "/cabinet/accounts/" in person_addresses()


@pytest.fixture(params=["gas", "capital_repair"])
def kind(request, pskov):
    """Pskov as a company of this kind: a fund has pages that a gas company has not."""
    pskov.kind = request.param
    pskov.save()
    return request.param


def test_owner_gets_each_page(owner_client, link, kind):
    for path in account_addresses(link.pk, with_objects=False):
        if kind == "gas" and path.endswith("/house/"):
            continue
        if kind == "capital_repair" and re.search("/autopay/|/appointments/", path):
            continue
        answer = owner_client.get(path, follow=True)
        assert answer.status_code == 200, path
        if b"site-header--cabinet" in answer.content:
            # The view gave `access` to the layout: the sum due is this account's.
            assert f"/cabinet/{link.pk}/sum-due/".encode() in answer.content, path


def test_stranger_gets_404(link, stranger, kind):
    client = logged_in(stranger, PSKOV_HOST)
    for path in account_addresses(link.pk):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path


def test_same_person_on_other_companys_host_gets_404(link, owner, novgorod):
    client = logged_in(owner, NOVGOROD_HOST)
    for path in account_addresses(link.pk):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path


def test_a_link_of_the_other_company_opens_nothing_here(owner, account, novgorod, owner_client):
    """Also where both companies have an account of that number."""
    foreign = make_link(owner, novgorod, account)
    for path in account_addresses(foreign.pk):
        assert owner_client.get(path).status_code == 404, path


def test_a_delegate_gets_404_on_the_other_companys_host(link, stranger, novgorod):
    """Also by the holder's own address; what a delegate does get: cabinet/delegates/test_rights.py."""
    own = make_delegate(link, stranger)
    here, there = logged_in(stranger, PSKOV_HOST), logged_in(stranger, NOVGOROD_HOST)
    for path in account_addresses(own.pk):
        assert there.get(path).status_code == there.post(path).status_code == 404, path
    for path in account_addresses(link.pk):
        assert here.get(path).status_code == here.post(path).status_code == 404, path


def test_nobody_is_sent_to_the_login(guest, link):
    for path in [*account_addresses(link.pk), *person_addresses()]:
        chain = guest.get(path, follow=True).redirect_chain
        assert chain and chain[-1][0].startswith("/cabinet/login/?next="), path


def test_cookie_of_one_host_is_worth_nothing_on_another(owner, owner_client, link, novgorod):
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    elsewhere.cookies.update(owner_client.cookies)
    assert elsewhere.get("/cabinet/accounts/").status_code == 302


def central_addresses() -> list[str]:
    """Every address of every admin view over public's models."""
    paths = []
    for admin in CentralAdmin.__subclasses__():
        for pattern in admin().get_admin_urls_for_registration():
            route = str(pattern.pattern).strip("^$")
            # Regular expressions of modeladmin, converters of our own.
            route = re.sub(r"\(\?P<[^>]+>[^)]*\)|\([^)]*\)|<[^>]+>", "1", route)
            paths.append("/admin/" + route)
    return paths


def test_central_addresses_are_read():
    found = central_addresses()
    assert "/admin/tenants/gascompany/" in found
    assert "/admin/tenants/gascompany/1/suspend/" in found
    assert "/admin/tenants/fleet/" in found


@pytest.fixture
def tenant_with_every_permission(pskov):
    """As bad as it can get: a superuser row in a company's schema, past the model's own refusal."""
    from portal.staff.models import StaffUser
    from portal.staff.services import staff_create

    user = staff_create(username="usurper", password=PASSWORD, groups=["Editors"])
    client = staff_client(user)
    assert client.get("/admin/").status_code == 200
    StaffUser.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    return client


def test_central_admin_is_404_on_a_company_host(tenant_with_every_permission):
    for path in central_addresses():
        assert tenant_with_every_permission.get(path).status_code == 404, path
        assert tenant_with_every_permission.post(path).status_code == 404, path


def test_central_admin_works_on_the_base_host(central_admin, pskov):
    client = staff_client(central_admin, BASE_HOST)
    answer = client.get("/admin/tenants/gascompany/")
    assert answer.status_code == 200
    assert "Псков" in answer.content.decode()


def test_every_list_of_the_office_opens(central_admin, pskov):
    client = staff_client(central_admin, BASE_HOST)
    for admin in CentralAdmin.__subclasses__():
        model = admin.model._meta
        path = f"/admin/{model.app_label}/{model.model_name}/"
        assert client.get(path).status_code == 200, path


def test_settings_of_the_companies_apps_are_404_in_the_office(central_admin, pskov):
    client = staff_client(central_admin, BASE_HOST)
    for path in ("remindersettings/", "remindersettings/1/"):
        answer = client.get(f"/admin/settings/subscriptions/{path}")
        assert answer.status_code == 404, path


def test_the_office_has_no_menu_of_a_site(central_admin):
    page = staff_client(central_admin, BASE_HOST).get("/admin/").content.decode()
    assert "/admin/audit/auditentry/" in page
    assert "/admin/settings/" not in page
    assert "/admin/reports/" not in page


def test_permissions_ask_where_the_app_lives(tenant_with_every_permission, central_admin, pskov):
    from django_tenants.utils import schema_context

    from portal.staff.models import StaffUser

    usurper = StaffUser.objects.get(username="usurper")
    assert not usurper.has_perm("tenants.change_domain")
    assert usurper.has_perm("cms_pages.change_homepage")
    with schema_context("public"):
        assert central_admin.has_perm("tenants.view_gascompany")
        assert not central_admin.has_perm("accounts.view_personalaccount")


def test_no_superuser_in_a_company(pskov):
    from django.core.exceptions import PermissionDenied

    from portal.staff.services import staff_create

    with pytest.raises(PermissionDenied):
        staff_create(username="boss", password=PASSWORD, superuser=True)
