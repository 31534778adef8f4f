"""The address of a page is in Latin letters, whatever the editor types, and does not change by itself."""

import pytest

from cms_pages.models import NewsCategory, StandardPage
from tests.cms_pages.conftest import make_page


@pytest.fixture
def add_path(home) -> str:
    return f"/admin/pages/add/cms_pages/standardpage/{home.pk}/"


def form(**changed: str) -> dict[str, str]:
    return {
        "title": "Тарифы на газ",
        "slug": "",
        "lead": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changed,
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("тарифы-2026", "tarify-2026"),
        ("Щётка", "shchetka"),
        ("tarify", "tarify"),
    ],
)
def test_russian_becomes_latin(editor_client, add_path, typed, kept):
    assert editor_client.post(add_path, form(slug=typed)).status_code == 302
    assert StandardPage.objects.get().slug == kept


def test_a_second_one_is_told_beside_the_field(editor_client, add_path):
    editor_client.post(add_path, form(slug="tarify"))
    answer = editor_client.post(add_path, form(slug="тарифы"))
    assert answer.status_code == 200 and StandardPage.objects.count() == 1
    assert "Адрес «tarify» в этом разделе уже занят" in answer.context["form"].errors["slug"][0]


@pytest.mark.parametrize("typed", ["!!!", "тарифы на газ", "天然气"])
def test_what_is_no_address_is_refused(editor_client, add_path, typed):
    answer = editor_client.post(add_path, form(slug=typed))
    assert answer.status_code == 200 and answer.context["form"].errors["slug"]


def test_an_address_in_use_stays(editor_client, guest, home):
    """Somebody has linked to it."""
    page = make_page(home, "Тарифы", slug="тарифы")
    assert guest.get("/тарифы/").status_code == 200
    path = f"/admin/pages/{page.pk}/edit/"
    editor_client.post(path, form(title="Новые тарифы", slug="тарифы"))
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().slug == "тарифы"
    assert page.get_latest_revision_as_object().title == "Новые тарифы"


def test_a_copys_address_is_latin_and_free_too(editor_client, home):
    page = make_page(home, "Тарифы", slug="tarify")
    path = f"/admin/pages/{page.pk}/copy/"
    form = {"new_title": "Тарифы 2027", "new_parent_page": home.pk}
    taken = editor_client.post(path, form | {"new_slug": "тарифы"})
    assert taken.status_code == 200 and taken.context["form"].errors["new_slug"]
    assert editor_client.post(path, form | {"new_slug": "тарифы-2027"}).status_code == 302
    assert StandardPage.objects.get(title="Тарифы 2027").slug == "tarify-2027"


def test_a_categorys_address_is_latin_too(editor_client, pskov):
    path = "/admin/snippets/cms_pages/newscategory/add/"
    assert editor_client.post(path, {"name": "Работы", "slug": "работы"}).status_code == 302
    assert NewsCategory.objects.get(name="Работы").slug == "raboty"
