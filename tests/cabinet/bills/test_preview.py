"""The bill of nobody that shows how a company's bills look, and what is said when they cannot have a code."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from cabinet.bills.models import BillSettings
from cabinet.bills.pdf.look import BillLook, bill_look
from cms_pages.models import BrandSettings, CompanyRequisites
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.factories import PASSWORD, staff_client
from tests.support.pdf import pages_of_pdf

ADDRESS = "/admin/bills/preview/"


def client_of(role: str) -> Client:
    return staff_client(staff_create(username="somebody", password=PASSWORD, groups=[role]))


@pytest.fixture
def requisites(pskov: GasCompany) -> CompanyRequisites:
    found = CompanyRequisites.for_site(Site.objects.get())
    found.legal_name, found.inn, found.kpp = "ООО «Псковгаз»", "6027012345", "602701001"
    found.bank_name, found.bic = "Псковский банк", "045805602"
    found.settlement_account = "40702810551000012345"
    found.save()
    return found


def test_an_administrator_sees_the_bill_that_the_settings_make(
    requisites: CompanyRequisites,
) -> None:
    BillSettings.objects.create(site=Site.objects.get(), notice="Мы переехали", tear_off="top")
    client = client_of(roles.COMPANY_ADMINISTRATORS)
    answer = client.get(ADDRESS)

    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    (page,) = pages_of_pdf(answer.content)
    assert page.index("Извещение об оплате") < page.index("Квитанция за")
    assert "ООО «Псковгаз»" in page
    assert "Мы переехали" in page
    assert "Образцова Анна Ивановна" in page


def test_the_settings_lead_to_it_and_say_why_there_is_no_code(pskov: GasCompany) -> None:
    client = client_of(roles.COMPANY_ADMINISTRATORS)
    address = reverse("wagtailsettings:edit", args=["bills", "billsettings", Site.objects.get().pk])
    page = client.get(address).content.decode()

    assert f'href="{ADDRESS}"' in page
    assert "на квитанциях нет QR-кода" in page
    assert "на квитанциях нет QR-кода" in client.get("/admin/").content.decode()


def test_complete_requisites_are_no_task_any_more(requisites: CompanyRequisites) -> None:
    client = client_of(roles.COMPANY_ADMINISTRATORS)
    address = reverse("wagtailsettings:edit", args=["bills", "billsettings", Site.objects.get().pk])

    assert "на квитанциях нет QR-кода" not in client.get(address).content.decode()


@pytest.mark.parametrize("role", [roles.EDITORS, roles.OPERATORS])
def test_others_know_nothing_of_it(pskov: GasCompany, role: str) -> None:
    client = client_of(role)

    assert client.get(ADDRESS).status_code == 404


def test_a_bill_goes_without_a_logo_whose_file_is_gone(pskov: GasCompany) -> None:
    brand = BrandSettings.for_site(Site.objects.get())
    brand.logo, brand.brand_colour = "brand/gone.png", "#9b1c31"
    brand.save()

    assert bill_look() == BillLook(brand_colour="#9b1c31")
