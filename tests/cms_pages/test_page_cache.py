"""Pages are stored for strangers, dropped when an editor publishes, and never anybody else's."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cms_pages.models import HomePage
from tenants.models import Region
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in


def browser(host: str = PSKOV_HOST) -> Client:
    return Client(headers={"host": host})


def page(client: Client | None = None, path: str = "/") -> str:
    return (client or browser()).get(path).content.decode()


@pytest.fixture
def stored(pskov) -> str:
    """The home page, as it is stored now."""
    page()  # the first one makes the rows of the company's settings, which starts a generation
    text = page()
    HomePage.objects.update(
        intro="<p>мимо редактора</p>"
    )  # no signal: only an uncached page shows it
    assert page() == text
    return text


def test_a_kept_page_asks_the_database_only_for_the_host(stored):
    with CaptureQueriesContext(connection) as captured:
        page()
    assert not any("wagtail" in query["sql"] for query in captured.captured_queries)


def test_publishing_drops_it(stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        home = HomePage.objects.get()
        home.intro = "<p>Свежее вступление</p>"
        home.save_revision().publish()
    assert "Свежее вступление" in page()


def test_a_draft_does_not(stored, django_capture_on_commit_callbacks):
    generation = caches["default"].get("pages:generation")
    with django_capture_on_commit_callbacks(execute=True):
        HomePage.objects.get().save_revision()
    assert "мимо редактора" not in page() or generation != caches["default"].get("pages:generation")


def test_settings_drop_it(stored, django_capture_on_commit_callbacks):
    from wagtail.models import Site

    from cms_pages.models import BrandSettings

    with django_capture_on_commit_callbacks(execute=True):
        brand = BrandSettings.for_site(Site.objects.get())
        brand.phone = "(8112) 59-50-50"
        brand.save()
    assert "59-50-50" in page()


def test_who_is_logged_in_gets_their_own(stored, owner, editor):
    assert "мимо редактора" in page(logged_in(owner, PSKOV_HOST))
    staff = browser()
    staff.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    assert "мимо редактора" in page(staff)


def test_and_it_is_not_kept_for_others(pskov, owner):
    mine = page(logged_in(owner, PSKOV_HOST))
    assert page() != mine


def test_companies_do_not_share(stored, novgorod):
    assert "Великий Новгород" in page(browser(NOVGOROD_HOST))
    assert page() == stored


def test_versions_for_weak_sight_do_not_share(stored):
    large = browser()
    large.cookies["low_vision"] = "largest.dark.wide.off"
    assert "мимо редактора" in page(large)
    assert "low-vision--colours-dark" in page(large)
    assert page() == stored


def test_a_made_up_version_is_the_usual_one(stored):
    curious = browser()
    curious.cookies["low_vision"] = "x" * 50
    assert page(curious) == stored


def test_addresses_with_a_query_are_not_stored(stored):
    assert "мимо редактора" in page(path="/?made-up=1")
    HomePage.objects.update(intro="<p>снова мимо редактора</p>")
    assert "снова мимо редактора" in page(path="/?made-up=1")
    assert page() == stored


def test_a_made_up_port_changes_nothing(stored):
    assert page(browser(f"{PSKOV_HOST}:1")) == stored


@pytest.fixture
def choice(pskov) -> str:
    """The choice of regions, as it is stored now."""
    return page(browser(BASE_HOST))


def test_the_choice_of_regions_is_stored(choice):
    with CaptureQueriesContext(connection) as captured:
        assert page(browser(BASE_HOST)) == choice
    assert not captured.captured_queries


@pytest.mark.parametrize("field", ["name", "status"])
def test_a_company_that_changes_drops_it_and_the_pages_of_all(stored, choice, novgorod, field):
    with schema_context("public"):
        setattr(novgorod, field, {"name": "Новгородский газ", "status": "suspended"}[field])
        novgorod.save(update_fields=[field])
    assert page(browser(BASE_HOST)) != choice
    assert "мимо редактора" in page()


def test_a_region_of_a_company_drops_the_choice(choice, novgorod):
    with schema_context("public"):
        novgorod.regions.add(Region.objects.get(name="Тверская область"))
    assert "Тверская область" in page(browser(BASE_HOST))


def test_a_new_generation_is_of_the_schema_that_was_changed(
    stored, novgorod, django_capture_on_commit_callbacks
):
    page(browser(NOVGOROD_HOST))  # makes the rows of its settings
    theirs = page(browser(NOVGOROD_HOST))
    with django_capture_on_commit_callbacks() as callbacks:
        HomePage.objects.get().save()
    page()
    HomePage.objects.update(intro="<p>снова мимо редактора</p>")
    with schema_context("novgorod"):  # where the transaction happens to end
        HomePage.objects.update(intro="<p>мимо Новгорода</p>")
        for callback in callbacks:
            callback()
    assert page(browser(NOVGOROD_HOST)) == theirs
    assert "снова мимо редактора" in page()


def test_an_unknown_cookie_is_taken_for_somebody(stored):
    someone = browser()
    someone.cookies["whoami"] = "1"
    assert "мимо редактора" in page(someone)


def test_a_kept_page_has_the_headers_of_a_fresh_one(stored):
    fresh = browser()
    fresh.cookies["whoami"] = "1"  # past the pages stored for strangers
    ours, theirs = browser().get("/").headers, fresh.get("/").headers
    assert "script-src 'self'" in ours["Content-Security-Policy"]
    own = {"X-Request-ID", "Content-Length"}
    assert {k: v for k, v in ours.items() if k not in own} == {
        k: v for k, v in theirs.items() if k not in own
    }
    assert ours["X-Request-ID"]


def test_an_error_is_not_kept(pskov):
    from wagtail.contrib.redirects.models import Redirect

    assert browser().get("/later/").status_code == 404
    Redirect.objects.create(old_path="/later", redirect_link="/")
    assert browser().get("/later/").status_code == 301


def test_without_valkey_pages_are_made_afresh(stored, monkeypatch):
    from redis.exceptions import ConnectionError as Down

    def down(*_, **__):
        raise Down

    monkeypatch.setattr("redis.client.Redis.execute_command", down)
    assert "мимо редактора" in page()
