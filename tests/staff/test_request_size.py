"""Large forms: an editor's page of thousands of fields is saved, nobody else may send so many."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from cms_pages.models import StandardPage
from tests.cms_pages.conftest import editor_client, home  # noqa: F401
from tests.cms_pages.test_addresses import form
from tests.support.factories import PSKOV_HOST, text_of
from tests.support.urls import plain_addresses

MANY = {f"field-{number}": "x" for number in range(1001)}


def _encodings(fields: dict[str, str]):
    yield {"data": fields}  # multipart
    yield {
        "data": urlencode(fields),
        "content_type": "application/x-www-form-urlencoded",
    }


def large_page(quotes: int) -> dict[str, str]:
    """A page of quotations, five fields each."""
    fields = {
        f"body-{number}-{name}": value
        for number in range(quotes)
        for name, value in {
            "type": "quote",
            "order": str(number),
            "deleted": "",
            "value-text": "Газ",
            "value-author": "Я",
        }.items()
    }
    return form(slug="large", **{"body-count": str(quotes)}) | fields


def test_an_editors_page_of_3000_fields_is_saved(editor_client, home):  # noqa: F811
    sent = large_page(600)
    assert len(sent) > 3000
    address = f"/admin/pages/add/cms_pages/standardpage/{home.pk}/"
    assert editor_client.post(address, sent).status_code == 302
    draft = StandardPage.objects.get().get_latest_revision_as_object()
    assert len(draft.body) == 600


def test_an_editors_page_of_several_megabytes_is_saved(editor_client, home):  # noqa: F811
    address = f"/admin/pages/add/cms_pages/standardpage/{home.pk}/"
    for number, how in enumerate(_encodings(large_page(1) | {"unused": "x" * 4_000_000})):
        assert editor_client.post(address, **how).status_code == (302, 200)[number]
    assert StandardPage.objects.count() == 1  # the second one's address is taken


@pytest.mark.parametrize("count", [20_003, 1])
def test_what_is_refused_to_staff_is_told_in_russian(editor_client, pskov, count):  # noqa: F811
    size = 1 if count > 1 else 21 * 1024 * 1024
    fields = {f"field-{number}": "x" * size for number in range(count)}
    for how in _encodings(fields):
        answer = editor_client.post("/admin/pages/3/edit/", **how)
        assert answer.status_code == 400
        assert "кнопкой «Назад» браузера" in text_of(answer)


def test_a_stranger_may_not_send_so_many_anywhere(pskov):
    addresses = plain_addresses()
    assert len(addresses) > 60 and "/admin/login/" in addresses
    refused = 0
    for address in addresses:
        client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
        client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
        _multipart, how = _encodings(MANY | {"csrfmiddlewaretoken": "a" * 32})
        answer = client.post(address, **how)
        way_in = answer.headers.get("Location", "").startswith("/admin/login/")
        assert way_in or answer.status_code in (400, 401, 403, 404, 405), address
        refused += answer.status_code == 400
    assert refused > 60


def test_the_way_in_keeps_its_limit_for_staff_too(editor_client, pskov):  # noqa: F811
    for address in ("/admin/login/", "/admin/password_reset/", "/guest/readings/", "/cabinet/"):
        client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
        client.cookies = editor_client.cookies
        client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
        for how in _encodings(MANY | {"csrfmiddlewaretoken": "a" * 32, "more": "x"}):
            assert client.post(address, **how).status_code == 400, address
