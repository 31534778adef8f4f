"""Addresses of the admin that no page of it makes: answered, never an error of ours."""

import pytest

from tests.support.factories import BASE_HOST, staff_client

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
    answer = boss.get("/admin/audit/auditentry/?at__gte=abc", follow=True)
    assert answer.redirect_chain == [("/admin/audit/auditentry/", 302)]
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
