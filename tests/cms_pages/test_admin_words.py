"""Words of the admin that Wagtail says in no Russian, or not as one would say them."""

import pytest

from tests.support.factories import text_of

pytestmark = pytest.mark.django_db


def test_lists_and_fields_are_named_as_people_name_them(editor_client):
    pages = text_of(editor_client.get("/admin/pages/usage/cms_pages/standardpage/"))
    assert "обычная страницаs" not in pages and "Всего: " in pages and "Обычные страницы" in pages
    form = text_of(editor_client.get("/admin/pages/add/cms_pages/formpage/3/"))
    assert "Название поля" in form and "Метка" not in form
    home = text_of(editor_client.get("/admin/"))
    assert "создано на" not in home


def test_a_field_left_empty_says_what_to_do(editor_client):
    page = text_of(editor_client.post("/admin/cms_pages/district/create/", {"name": ""}))
    assert "Заполните это поле." in page and "Обязательное поле" not in page
