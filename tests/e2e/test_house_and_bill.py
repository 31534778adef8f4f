"""The house of a fund, and a bill explained: on a telephone and a desk, for a screen reader too."""

import datetime
from decimal import Decimal

from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.houses.models import House, RepairWork
from tenants.models import GasCompany
from tests.e2e.conftest import IN_BOTH_WIDTHS, assert_accessible
from tests.e2e.test_information import log_in
from tests.support.factories import (
    make_account,
    make_charge,
    make_link,
    make_reading,
    make_subscriber,
)


@IN_BOTH_WIDTHS
def test_a_house_and_its_works(page: Page, pskov_site: str) -> None:
    owner = make_subscriber("nina@mail.ru")
    company = GasCompany.objects.get(schema_name="pskov")
    company.kind = "capital_repair"
    company.save()
    with schema_context("pskov"):
        account = make_account(house_code="h-1")
        house = House.objects.create(
            house_code="h-1",
            address="г. Ханты-Мансийск, ул. Мира, д. 65",
            spent=Decimal("631085.70"),
            collected_principal=Decimal("1577714.25"),
            collected_penalty=Decimal("0.00"),
        )
        for number, kind in enumerate(("Ремонт крыши", "Ремонт фасада"), start=1):
            RepairWork.objects.create(
                house=house, number=str(number), kind=kind, planned_year=2031, planned_cost=4215000
            )
        link = make_link(owner, company, account)
    log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/{link.pk}/house/")
    expect(page.get_by_role("heading", name="Список работ")).to_be_visible()
    expect(page.get_by_role("row", name="Ремонт крыши")).to_contain_text("2031")
    expect(page.get_by_text("Осталось", exact=True)).to_be_visible()
    assert_accessible(page)


@IN_BOTH_WIDTHS
def test_a_bill_explained(page: Page, pskov_site: str) -> None:
    owner = make_subscriber("nina@mail.ru")
    company = GasCompany.objects.get(schema_name="pskov")
    april, may = datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)
    with schema_context("pskov"):
        account = make_account()
        meter = account.meters.get()
        for value, day in ((2000, datetime.date(2026, 3, 25)), (2320, datetime.date(2026, 4, 25))):
            make_reading(meter, value, day)
        for year, volume in ((2025, 100), (2026, 320)):
            names = {"volume": Decimal(volume), "tariff": Decimal("9.064101")}
            sum_ = str(round(volume * Decimal("9.064101"), 2))
            make_charge(account, april.replace(year=year), accrued=sum_, paid="0.00", **names)
            make_charge(account, may.replace(year=year), opening=sum_, paid=sum_)
        link = make_link(owner, company, account)
    log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/{link.pk}/bills/2026-05/1/")
    expect(page.get_by_role("heading", name="Как получилась эта сумма")).to_be_visible()
    expect(page.get_by_text("320 м³ × 9,064101 ₽ за м³ = 2 900,51 ₽.")).to_be_visible()
    expect(page.get_by_role("heading", name="Почему больше, чем год назад")).to_be_visible()
    assert_accessible(page)
