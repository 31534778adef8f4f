"""What a host answers: the company's site, a plain 404, a page that says to come back."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django_tenants.utils import schema_context

from portal.connection import connection
from tenants.models import Domain, GasCompany
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, PSKOV_HOST, staff_client


def at(host: str) -> Client:
    return Client(headers={"host": host})


def test_each_host_has_its_own_home(pskov, novgorod):
    assert "Псков" in at(PSKOV_HOST).get("/").content.decode()
    assert "Великий Новгород" in at(NOVGOROD_HOST).get("/").content.decode()


@pytest.mark.parametrize(
    "host", ["PSKOV.gas.localhost", "pskov.gas.localhost.", f"{PSKOV_HOST}:81"]
)
def test_a_host_is_known_in_any_form(pskov, host):
    assert at(host).get("/").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("nobody.gas.localhost", "tenant_template", "public", "bad host"),
        f"{PSKOV_HOST}:{'0' * 300}80",  # Django takes any number of digits for a port, no column does
    ],
)
def test_unknown_host_is_a_plain_404(db, host):
    answer = at(host).get("/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_base_host_offers_regions(pskov):
    page = at(BASE_HOST).get("/").content.decode()
    assert "Псковская область" in page and "Новгородская область" in page
    assert f"http://{PSKOV_HOST}" in page


@pytest.mark.parametrize(
    ("status", "code"),
    [("preparing", 503), ("suspended", 503), ("provisioning", 503), ("archived", 404)],
)
def test_a_company_that_is_not_active_serves_nothing(pskov, status, code):
    GasCompany.objects.filter(pk=pskov.pk).update(status=status)
    stale = at(PSKOV_HOST)
    stale.cookies["sessionid"] = "x" * 32
    for path in ("/", "/cabinet/", "/guest/readings/"):
        for browser in (at(PSKOV_HOST), stale):
            answer = browser.get(path)
            assert answer.status_code == code, path
            assert code == 404 or answer.headers["Cache-Control"] == "no-store"
    staff = at(PSKOV_HOST).get("/admin/login/").status_code
    assert staff == (200 if status in GasCompany.AT_WORK else code)


def test_a_company_without_a_schema_never_shows_public(db, central_admin):
    """Trap 2: its host served the public site, and the central admin could log in there."""
    company = GasCompany.objects.create(schema_name="nowhere", name="Нет такой", status="active")
    Domain.objects.create(domain="nowhere.gas.localhost", tenant=company, is_primary=True)
    client = at("nowhere.gas.localhost")
    assert client.get("/").status_code == 503
    login = client.post("/admin/login/", {"username": "central", "password": PASSWORD})
    assert login.status_code == 503


def test_behind_its_migrations_is_503_until_mended(pskov):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE (app, name) ="
            " (SELECT app, max(name) FROM django_migrations WHERE app = 'meters' GROUP BY app)"
            " RETURNING *"
        )
        (row,) = cursor.fetchall()
    assert at(PSKOV_HOST).get("/").status_code == 503
    assert at(NOVGOROD_HOST).get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", row)
    assert at(PSKOV_HOST).get("/").status_code == 200


def test_the_connection_is_put_back(pskov, novgorod):
    connection.set_schema_to_public()
    at(NOVGOROD_HOST).get("/")
    assert connection.schema_name == "public"


def test_staff_session_is_worth_nothing_on_another_host(pskov, novgorod):
    """Trap 8, with equal ids and equal password hashes on both sides."""
    from portal.staff.models import StaffUser
    from portal.staff.services import staff_create

    here = staff_create(username="editor", password=PASSWORD, groups=["Editors"])
    client = at(PSKOV_HOST)
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    session = Session.objects.get()

    with schema_context("novgorod"):
        StaffUser.objects.bulk_create(
            [StaffUser(pk=here.pk, username="editor", password=here.password, is_staff=True)]
        )
        StaffUser.objects.get().groups.set(Group.objects.filter(name="Editors"))
        Session.objects.create(
            session_key=session.session_key,
            session_data=session.session_data,
            expire_date=session.expire_date,
        )
    other = at(NOVGOROD_HOST)
    other.cookies.update(client.cookies)
    assert other.get("/admin/").status_code == 302


def test_password_reset_token_is_worth_nothing_in_another_schema(pskov):
    from portal.staff.login.passwords import schema_token_generator
    from portal.staff.services import staff_create

    user = staff_create(username="editor", password=PASSWORD)
    token = schema_token_generator.make_token(user)
    assert schema_token_generator.check_token(user, token)
    with schema_context("novgorod"):
        assert not schema_token_generator.check_token(user, token)


def test_reset_page_uses_the_tokens_of_the_schema():
    from django.urls import resolve

    from portal.staff.login.passwords import schema_token_generator

    view = resolve("/admin/password_reset/confirm/MQ/token/", "portal.urls.tenant").func
    assert view.view_class.token_generator is schema_token_generator


def test_admin_is_russian_on_every_host(pskov, central_admin, editor):
    for host, user in ((PSKOV_HOST, editor), (BASE_HOST, central_admin)):
        client = staff_client(user, host)
        page = client.get("/admin/").content.decode()
        assert "Добро пожаловать" in page or "Панель" in page or "Страницы" in page


@pytest.mark.parametrize("hostname", [PSKOV_HOST, "renamed.example"])
def test_page_preview_works_on_a_company_host(pskov, editor, hostname):
    """Wagtail asks the middleware again with the host of `Site`; a stale one must change nothing."""
    from wagtail.models import Site

    from cms_pages.models import HomePage

    Site.objects.update(hostname=hostname)
    client = at(PSKOV_HOST)
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    home = HomePage.objects.get()
    path = f"/admin/pages/{home.pk}/edit/preview/"
    form = {"title": "Черновик заголовка", "slug": "home", "intro": "null", "notice_kind": "info"}
    saved = client.post(path, {**form, "quick_links-count": "0", "contacts-count": "0"})
    assert saved.json()["is_valid"], saved.content
    page = client.get(path)
    assert page.status_code == 200
    assert "Черновик заголовка" in page.content.decode()
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert client.get("/admin/").status_code == 200  # the editor is still logged in


def test_a_stream_is_read_in_its_schema(pskov, rf):
    """It is read after the middleware has put the connection back: an export of modeladmin is one."""
    from django.http import HttpRequest, StreamingHttpResponse

    from tenants.middleware import TenantMiddleware

    def export(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(connection.schema_name for _ in range(2))

    connection.set_schema_to_public()
    answer = TenantMiddleware(export)(rf.get("/", headers={"host": PSKOV_HOST}))
    assert b"".join(answer.streaming_content) == b"pskovpskov"
    assert connection.schema_name == "public"
