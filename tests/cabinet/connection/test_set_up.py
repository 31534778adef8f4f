"""What a company's administrator sets: who takes the applications, equipment, the checklist."""

import pytest
from django_tenants.utils import schema_context

from cabinet.connection.models import ConnectionSettings, EquipmentType, PaperType
from cabinet.connection.set_up.defaults import connection_create
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.factories import PASSWORD, staff_client, text_of

EQUIPMENT, PAPERS = "/admin/connection/equipmenttype/", "/admin/connection/papertype/"


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


def test_a_new_gas_company_has_equipment_and_a_checklist(novgorod):
    with schema_context(novgorod.schema_name):
        EquipmentType.objects.all().delete()
        PaperType.objects.all().delete()
        connection_create(novgorod)
        assert EquipmentType.objects.filter(flow=None).exists()
        assert set(PaperType.objects.values_list("when", flat=True)) == set(PaperType.When.values)
        rows = PaperType.objects.count()
        connection_create(GasCompany(kind=GasCompany.Kind.CAPITAL_REPAIR))
        assert PaperType.objects.count() == rows


def test_the_administrator_sets_the_recipient(boss, pskov):
    address = "/admin/settings/connection/connectionsettings/"
    page = boss.get(address, follow=True)
    assert "Кто рассматривает заявки" in text_of(page)
    path = page.redirect_chain[-1][0]
    form = {"is_on": "on", "recipient": "", "way": "mail", "recipient_email": ""}
    refused = text_of(boss.post(path, form))
    assert "Укажите, кому передавать заявки." in refused
    assert "Укажите почту, на которую слать заявки." in refused
    assert not ConnectionSettings.objects.filter(is_on=True).exists()
    form |= {"recipient": "АО «Газораспределение»", "recipient_email": "gro@example.ru"}
    assert boss.post(path, form).status_code == 302
    assert ConnectionSettings.objects.get().way == ConnectionSettings.Way.MAIL


def test_equipment_and_papers_are_the_administrators(boss, pskov):
    form = {"name": "Плита дровяная", "flow": "-1", "is_offered": "on", "order": "5"}
    assert boss.post(f"{EQUIPMENT}create/", form).status_code == 200
    assert boss.post(f"{EQUIPMENT}create/", form | {"flow": "1.25"}).status_code == 302
    assert "1,25" in text_of(boss.get(EQUIPMENT))
    paper = {"name": "Справка", "hint": "", "when": "agent", "order": "5"}
    assert boss.post(f"{PAPERS}create/", paper).status_code == 302
    assert "если подаёт представитель" in text_of(boss.get(PAPERS))
    operator = staff_create(username="operator", password=PASSWORD, groups=[OPERATORS])
    nobody = staff_client(operator)
    for path in (EQUIPMENT, PAPERS, f"{EQUIPMENT}create/"):
        assert nobody.get(path).status_code in (302, 403, 404), path
    with schema_context("public"):
        GasCompany.objects.update(kind=GasCompany.Kind.CAPITAL_REPAIR)
    for path in (EQUIPMENT, PAPERS):
        assert boss.get(path).status_code != 200, path
