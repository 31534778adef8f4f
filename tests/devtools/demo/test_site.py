"""The sample content of the demo: complete, opened page by page, and loaded once."""

import re

import pytest
from django.test import Client
from wagtail.models import Page, Revision

from cms_pages.models import FormPage, LegalVersionPage, NewsPage, StandardPage
from devtools.demo.data.companies import COMPANIES, DemoCompany
from devtools.demo.site.load import site_sample_load
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, text_of

BY_SCHEMA = {company.schema: company for company in COMPANIES}
HOSTS = {"pskov": PSKOV_HOST, "novgorod": NOVGOROD_HOST}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def walk(host: str) -> dict[str, str]:
    """Every page that can be reached by links from the home page, by address."""
    client = Client(headers={"host": host})
    seen: dict[str, str] = {}
    todo = ["/"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        is_page = answer.headers["Content-Type"].startswith("text/html")
        seen[path] = text_of(answer) if is_page else ""
        main = seen[path].partition("<main")[2]
        links = re.findall(r'href="(/[^"#?]*)', main)
        todo += [one for one in links if not one.startswith(("/cabinet", "/static", "/guest"))]
    return seen


def assert_loading_again_keeps_what_an_editor_wrote(company: DemoCompany) -> None:
    page = StandardPage.objects.get(slug="tarify")
    page.title = "Наши цены"
    page.save_revision().publish()
    before = Page.objects.count(), Revision.objects.count(), LegalVersionPage.objects.count()
    site_sample_load(company)
    assert before == (
        Page.objects.count(),
        Revision.objects.count(),
        LegalVersionPage.objects.count(),
    )
    assert StandardPage.objects.get(slug="tarify").title == "Наши цены"


@pytest.mark.parametrize("schema", HOSTS)
def test_a_companys_site_is_whole_and_loaded_once(pskov, novgorod, schema):
    from django_tenants.utils import schema_context

    company = BY_SCHEMA[schema]
    site_sample_load(company)
    pages = walk(HOSTS[schema])
    for path in ("/tarify/", "/poverka/", "/bezopasnost/", "/podklyuchenie/", "/oplata/"):
        assert path in pages, path
    assert "Запах газа — звоните 104" in pages["/bezopasnost/"]
    other = "Псков" if schema == "novgorod" else "Новгород"
    assert other not in pages["/tarify/"]
    with schema_context(schema):
        assert NewsPage.objects.live().count() == 5
        assert StandardPage.objects.live().count() == 5
        assert FormPage.objects.get().routes.count() == 2
        assert_loading_again_keeps_what_an_editor_wrote(company)


def test_a_funds_site_is_whole(pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    fund = next(company for company in COMPANIES if company.kind == "capital_repair")
    site_sample_load(type(fund)(**{**vars(fund), "schema": "pskov"}))
    pages = walk(PSKOV_HOST)
    assert "412" in pages["/o-fonde/"] and "на 1 октября 2026 г." in pages["/o-fonde/"]
    assert NewsPage.objects.live().count() == 5
