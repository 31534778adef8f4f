"""Writing and sending through the office's pages; nobody else reaches them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cms_pages.models import SharedItem
from cms_pages.shared.central_desk import SharedItemViewSet
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.models import GasCompany, SharedDelivery, SharedVersion
from tests.cms_pages.shared.conftest import (
    adapt,
    back_to_pskov,
    deliver,
    news,
    rewrite,
    send,
    write,
)
from tests.support.factories import PASSWORD, staff_client, text_of

LIST = "/admin/shared/"


def form(**fields: object) -> dict[str, object]:
    return {
        "kind": "news",
        "title": "Запах газа",
        "lead": "Коротко",
        "date": "2026-11-22",
        "body-count": 0,
        **fields,
    }


def test_write_then_send(office, pskov, novgorod, guest):
    assert office.get(f"{LIST}add/").status_code == 200
    saved = office.post(f"{LIST}add/", form())
    assert saved.status_code == 302, saved.context["form"].errors
    with schema_context("public"):
        item = SharedItem.objects.get()
    assert item.slug == "zapakh-gaza"
    assert saved.headers["Location"] == f"{LIST}send/{item.pk}/"
    page = text_of(office.get(saved.headers["Location"]))
    assert "ещё не видят" in page and "Великий Новгород" in page

    said = {"whom": "some", "companies": [pskov.pk], "publish": "yes", "new_companies": ""}
    answer = office.post(f"{LIST}send/{item.pk}/", said)
    assert answer.status_code == 302
    waiting = office.get(f"{LIST}send/{item.pk}/")
    assert "ждёт доставки" in text_of(waiting) and waiting.headers["Refresh"]
    deliver()
    page = office.get(f"{LIST}send/{item.pk}/")
    assert "опубликована версия 1" in text_of(page) and "Refresh" not in page.headers
    assert "Запах газа" in text_of(guest.get("/novosti/zapakh-gaza/"))
    assert "компаний: 1" in text_of(office.get(LIST))


def test_the_list_costs_the_same_for_many_texts(office, sent, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as one:
        office.get(LIST)
    for number in range(5):
        send(write(title=f"Ещё {number}"), "pskov", "novgorod")
    with django_assert_max_num_queries(len(one)):
        page = text_of(office.get(LIST))
    assert page.count("компаний: 2") == 6


def test_states_are_shown(office, sent):
    address = f"{LIST}send/{sent.pk}/"
    assert "изменили" not in text_of(office.get(address)).partition("Отправить</h2>")[0]
    adapt()
    rewrite(sent, lead="Новое")
    assert "это будет версия 2" in text_of(office.get(address))
    send(sent, "pskov")
    deliver()
    page = text_of(office.get(address))
    assert "версия 2 ждёт решения компании" in page
    assert "опубликовано с изменениями компании" in page and "опубликована версия 1" in page


@pytest.mark.parametrize(
    ("whom", "status", "reached"),
    [
        ("all", "active", {"pskov", "novgorod"}),
        ("all", "archived", {"pskov"}),
        ("gas", "active", {"novgorod"}),
        ("capital_repair", "active", {"pskov"}),
        ("regions", "active", {"pskov"}),
    ],
)
def test_a_text_goes_to_the_companies_chosen(office, pskov, novgorod, whom, status, reached):
    GasCompany.objects.filter(pk=pskov.pk).update(kind="capital_repair")
    GasCompany.objects.filter(pk=novgorod.pk).update(status=status)
    address = f"{LIST}send/{write().pk}/"
    for nobody, said in (("some", "Отметьте хотя бы одну"), ("regions", "Отметьте хотя бы один")):
        assert said in text_of(office.post(address, {"whom": nobody, "publish": "no"}))
    assert not SharedVersion.objects.exists()
    regions = [one.pk for one in pskov.regions.all()]
    office.post(address, {"whom": whom, "regions": regions, "publish": "no"})
    found = SharedDelivery.objects.values_list("company__schema_name", flat=True)
    assert set(found) == reached


def test_taking_it_off(office, sent, guest, pskov):
    address = f"{LIST}send/{sent.pk}/withdraw/"
    for odd in ({}, {"company": ["9" * 5000, "x"]}):
        assert "Отметьте в таблице" in text_of(office.get(address, odd, follow=True))
    asked = text_of(office.get(address, {"company": [pskov.pk]}))
    assert "исчезнет с сайтов" in asked and "Псков" in asked and "Новгород" not in asked
    office.post(f"{address}?company={pskov.pk}")
    assert "Снять" in asked and news().live
    office.post(f"{address}?company={pskov.pk}", {"answer": "yes"})
    deliver()
    assert guest.get("/novosti/ostorozhno-gaz/").status_code == 404
    assert "снято с публикации" in text_of(office.get(f"{LIST}send/{sent.pk}/"))
    with schema_context("novgorod"):
        assert news("novgorod").live


def test_preview_and_history(office, sent):
    address = f"{LIST}preview/{sent.pk}/"
    body = form(title="Проба")
    assert office.post(address, body).json()["is_valid"]
    assert "Проба" in text_of(office.get(f"{address}?mode="))
    assert office.get(f"{LIST}history/{sent.pk}/").status_code == 200


def addresses() -> list[str]:
    found = []
    for pattern in SharedItemViewSet().get_urlpatterns():
        route = str(pattern.pattern).strip("^$")
        route = re.sub(r"\(\?P<[^>]+>[^)]*\)|<[^>]+>", "1", route)
        found.append(LIST + route.replace("send/1/", f"send/{'0' * 8}-0000-0000-0000-{'0' * 12}/"))
    return found


def test_404_on_a_company_host_whatever_the_permissions(pskov, company_administrator):
    user = staff_create(username="usurper", password=PASSWORD, groups=["Editors"])
    client: Client = staff_client(user)
    StaffUser.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    assert len(addresses()) > 8
    for path in addresses():
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path
    assert LIST not in client.get("/admin/").content.decode()
    back_to_pskov()
    # nor has any role of a company a permission
    assert not company_administrator.has_perm("cms_pages.add_shareditem")
    assert not company_administrator.has_perm("cms_pages.change_shareditem")
