"""Кто за что отвечает: the right firm and its telephone before one writes, in the cabinet and on the site."""

import pytest

from cabinet.appeals.centre.responsible import responsibilities_create, who_answers
from cabinet.appeals.models import Responsibility
from cms_pages.models import District, ServiceCentre
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client, text_of

ADMIN = "/admin/appeals/responsibility/"


def firms(account=None):
    return {row.firm for topic in who_answers(account) for row in topic.rows}


def test_the_firm_of_the_accounts_district_is_named(account):
    here, there = (District.objects.create(name=name) for name in ("Псков", "Остров"))
    ServiceCentre.objects.create(code="psk", name="Псковский", district=here, address="-")
    Responsibility.objects.all().delete()
    for firm, district in (("Здешние сети", here), ("Островские сети", there), ("Все сети", None)):
        Responsibility.objects.create(topic="networks", firm=firm, district=district)
    assert firms(account) == {
        "Здешние сети",
        "Островские сети",
        "Все сети",
    }  # the centre is unknown
    account.service_centre = "psk"
    assert firms(account) == {"Здешние сети", "Все сети"}
    assert firms() == {"Здешние сети", "Островские сети", "Все сети"}


def test_a_company_begins_with_what_is_true_everywhere(pskov, owner_client, link, guest):
    Responsibility.objects.all().delete()
    responsibilities_create(pskov)
    cabinet = owner_client.get(f"/cabinet/{link.pk}/service-centre/appeals/").content.decode()
    site = guest.get("/who-answers/").content.decode()
    for page in (cabinet, site):
        assert page.index('href="tel:104"') < page.index("Аварийная газовая служба")
        assert [str(one.label) for one in Responsibility.Topic if str(one.label) not in page] == []
    pskov.kind = "capital_repair"
    Responsibility.objects.all().delete()
    responsibilities_create(pskov)
    assert not Responsibility.objects.exists()


def test_an_editor_changes_the_table_and_sees_it_on_the_site_at_once(guest, pskov):
    editor = staff_client(
        staff_create(username="writer", password=PASSWORD, groups=[roles.EDITORS])
    )
    guest.get("/who-answers/")
    form = {
        "topic": "equipment",
        "firm": "ООО «Тепло»",
        "phone": "(8112) 50-04-04",
        "site": "https://www.teplo.example/",
        "order": "1",
    }
    wrong = editor.post(f"{ADMIN}create/", form | {"phone": "позвоните"})
    assert "должны быть только цифры" in text_of(wrong)
    assert editor.post(f"{ADMIN}create/", form).status_code == 302
    page = guest.get("/who-answers/").content.decode()
    assert 'href="tel:+78112500404"' in page
    assert "teplo.example</a>" in page
    elsewhere = guest.get("/who-answers/", headers={"host": NOVGOROD_HOST})
    assert "Тепло" not in text_of(elsewhere)
    assert "Кто за что отвечает" in text_of(guest.get("/search/?q=запах+газа"))


@pytest.mark.parametrize("address", [ADMIN, "/admin/appeals/incident/"])
def test_cashiers_do_not_see_the_tables(pskov, address):
    cashier = staff_create(username="cashier", password=PASSWORD, groups=[roles.CASHIERS])
    assert staff_client(cashier).get(address).status_code in (302, 403)
