"""Every type of page: its form opens, its preview works, and it goes only where it belongs."""

import pytest
from django.apps import apps
from wagtail.models import Page

from cms_pages.models import HomePage
from devtools.demo.data.companies import COMPANIES
from devtools.demo.site.load import site_sample_load

TYPES = [
    model for model in apps.get_app_config("cms_pages").get_models() if issubclass(model, Page)
]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sample(pskov):
    site_sample_load(next(company for company in COMPANIES if company.schema == "pskov"))


@pytest.mark.parametrize("model", TYPES)
def test_each_type_says_where_it_belongs(model):
    assert "parent_page_types" in vars(model) and "subpage_types" in vars(model)
    assert model.allowed_parent_page_models()


def test_every_form_opens_and_every_preview_works(sample, editor_client):
    for page in Page.objects.filter(depth__gt=1).specific():
        form = editor_client.get(f"/admin/pages/{page.pk}/edit/")
        assert form.status_code == 200, page
        for mode, _ in page.preview_modes:
            assert page.make_preview_request(preview_mode=mode).status_code == 200, page


@pytest.mark.parametrize("name", ["standardpage", "guidepage", "contactpage", "formpage"])
def test_a_new_page_can_be_begun(editor_client, pskov, name):
    home = HomePage.objects.get()
    path = f"/admin/pages/add/cms_pages/{name}/{home.pk}/"
    assert editor_client.get(path).status_code == 200


def test_a_stranger_type_is_refused(editor_client, pskov):
    """News below the home page, or a fund's page in a gas company."""
    home = HomePage.objects.get()
    for name in ("newspage", "fundpage", "legalversionpage"):
        path = f"/admin/pages/add/cms_pages/{name}/{home.pk}/"
        assert editor_client.get(path).status_code in (302, 403), name
