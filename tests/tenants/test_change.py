"""A company's name, time zone, regions and contacts are changed, by what the form showed."""

import html
import re

from django.test import Client
from django_tenants.utils import schema_context
from wagtail.models import Site

from cabinet.appeals.models import Responsibility
from portal.audit.models import AuditEntry
from tenants.models import GasCompany
from tests.support.factories import text_of

NAME = "ООО «Газпром межрегионгаз Псков и область»"


def typed(office: Client, path: str) -> dict[str, object]:
    page = office.get(path).content.decode()
    field = {
        name: html.unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page, re.S)[1])
        for name in ("name", "seen")
    }
    return {
        **field,
        "time_zone": "Europe/Moscow",
        "regions": re.findall(r'name="regions"\s+value="(\d+)"[^>]*checked', page),
    }


def test_a_company_is_changed(office, pskov):
    path = f"/admin/tenants/gascompany/{pskov.pk}/change/"
    form = typed(office, path)
    assert form["name"] == pskov.name and form["regions"] == ["60"]
    wanted = {
        **form,
        "name": f" {NAME} ",
        "time_zone": "Europe/Samara",
        "regions": ["60", "69"],
        "contact_phone": "+7 8112 59-50-50",
        "kind": "capital_repair",
    }
    asked = office.post(path, wanted)
    said = text_of(asked)
    assert "Новое название сразу появится" in said and "тихие часы" in said
    assert GasCompany.objects.get(pk=pskov.pk).name == pskov.name
    mark = re.search(r'name="confirmed"\s+value="([^"]+)"', asked.content.decode())[1]
    other = office.post(path, {**wanted, "name": "Другое", "confirmed": mark})
    assert other.status_code == 200  # what was confirmed is not what is sent
    assert office.post(path, {**wanted, "confirmed": mark}).status_code == 302

    company = GasCompany.objects.get(pk=pskov.pk)
    assert (company.name, company.kind, company.time_zone) == (NAME, "gas", "Europe/Samara")
    assert {region.code for region in company.regions.all()} == {"60", "69"}
    with schema_context("public"):
        changes = AuditEntry.objects.get(action="company.changed").details["changes"]
    assert ["Название", pskov.name, NAME] in changes
    assert ["Регионы", "Псковская область", "Псковская область, Тверская область"] in changes
    with schema_context("pskov"):
        site = Site.objects.get(is_default_site=True)
        assert site.site_name == site.root_page.title == NAME
        assert Responsibility.objects.filter(firm=NAME).exists()
        assert not Responsibility.objects.filter(firm=pskov.name).exists()

    late = office.post(path, {**form, "contact_name": "Иванова"})
    assert late.status_code == 200 and "изменил кто-то другой" in text_of(late)
    assert GasCompany.objects.get(pk=pskov.pk).contact_name == ""
