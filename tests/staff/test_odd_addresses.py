"""Addresses of the admin that no page of it makes: answered, never an error of ours."""

import pytest
from django.test import Client

from cms_pages.models import HomePage, NewsIndexPage
from tests.support.factories import BASE_HOST, PSKOV_HOST, staff_client, text_of, without_ids

ODD_NUMBERS = ["abc", "-1", "9" * 40, "11111111-1111-1111-1111-111111111111"]


@pytest.mark.parametrize("number", ODD_NUMBERS)
@pytest.mark.parametrize("list_", ["audit/auditentry/inspect", "cms_pages/district/edit"])
def test_what_is_no_number_of_a_row_is_not_found(company_administrator, list_, number):
    boss = staff_client(company_administrator)
    assert boss.get(f"/admin/{list_}/{number}/").status_code == 404


@pytest.mark.parametrize("number", ODD_NUMBERS)
@pytest.mark.parametrize("list_", ["gascompany/inspect", "provisioningrun/inspect"])
def test_nor_in_the_central_office(central_admin, list_, number):
    office = staff_client(central_admin, BASE_HOST)
    assert office.get(f"/admin/tenants/{list_}/{number}/").status_code == 404


@pytest.mark.parametrize("query", ["?q=%00", "?action=a%00b", "?p=%00"])
def test_a_nul_is_in_no_address(company_administrator, query):
    boss = staff_client(company_administrator)
    assert boss.get(f"/admin/audit/auditentry/{query}").status_code == 404


def test_a_filter_that_cannot_be_leads_to_the_whole_list(company_administrator):
    boss = staff_client(company_administrator)
    answer = boss.get("/admin/cms_pages/district/?id__gte=abc", follow=True)
    assert answer.redirect_chain == [("/admin/cms_pages/district/", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize("files", ["images", "documents"])
def test_a_chooser(editor, files):
    browser = staff_client(editor)
    assert browser.get(f"/admin/{files}/chooser/chosen/я/").status_code == 404
    # A tag, and then a search below it.
    assert browser.get(f"/admin/{files}/chooser/?tag=счётчик&q=псков").status_code == 200


def test_a_form_without_its_own_fields_is_a_bad_request(editor):
    browser = staff_client(editor)
    form = {"phones-TOTAL_FORMS": "1", "phones-INITIAL_FORMS": "1", "hours-TOTAL_FORMS": "0"}
    answer = browser.post("/admin/cms_pages/servicecentre/add/", form)
    assert answer.status_code == 400


def test_a_way_back_that_is_no_address(editor):
    answer = staff_client(editor).get("/admin/login/?next=999")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


def test_only_a_form_logs_out(editor):
    browser = staff_client(editor)
    for forged in (browser.get, browser.head, browser.options):
        answer = forged("/admin/logout/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
        assert not answer.cookies
    assert browser.get("/admin/").status_code == 200
    browser.post("/admin/logout/")
    assert browser.get("/admin/").status_code == 302


LINK = (
    '{"blocks": [{"key": "a", "text": "ссылка", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],'
    ' "entityRanges": [{"offset": 0, "length": 6, "key": 0}]}], "entityMap": {"0": {"type": "LINK",'
    ' "mutability": "MUTABLE", "data": {"id": "abc"}}}}'
)


def test_a_forged_form_of_wagtails_is_a_bad_request(company_administrator):
    """What a page's own script always sends is missing, or is a word where a number belongs."""
    home = HomePage.objects.get()
    news = NewsIndexPage.objects.get()
    boss = staff_client(company_administrator)
    boss.raise_request_exception = False
    add = f"/admin/pages/add/cms_pages/standardpage/{home.pk}/"
    forged = [
        (add, {"title": "Т", "slug": "t"}),
        (add, {"title": "Т", "slug": "t", "body-count": "много"}),
        (add, {"title": "Т", "slug": "t", "body-count": "1", "body-0-type": "нет"}),
        (f"/admin/pages/{news.pk}/copy/", {"new_parent_page": "abc", "new_slug": "\0"}),
        (f"/admin/pages/{news.pk}/set_position/?position=abc", {}),
        ("/admin/images/chooser/create/", {}),
        ("/admin/bulk/wagtailcore/page/move/?id=abc&next=/", {"chooser": "abc"}),
    ]
    faults = [one for one in forged if boss.post(*one).status_code >= 500]
    asked = ["choose-page/?page_type=нет.такого", "images/chooser/chosen-multiple/?id=abc"]
    faults += [one for one in asked if boss.get(f"/admin/{one}").status_code >= 500]
    assert not faults


def test_a_forged_link_closes_no_published_page(company_administrator):
    home = HomePage.objects.get()
    boss = staff_client(company_administrator)
    form = {
        "title": "Полезное",
        "slug": "poleznoe",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-value": LINK,
        "action-publish": "1",
    }
    answer = boss.post(f"/admin/pages/add/cms_pages/standardpage/{home.pk}/", form)
    assert answer.status_code == 302
    page = Client(headers={"host": PSKOV_HOST}).get("/poleznoe/")
    assert page.status_code == 200
    assert "ссылка" in text_of(page) and "abc" not in without_ids(page)
