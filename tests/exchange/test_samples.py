"""The sample packages of the project: right, and true to the manuals' own figures."""

import datetime
import itertools
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import initials_of
from cabinet.billing.selectors import account_balance, account_bills, account_months
from cabinet.exchange.files import FILES_BY_NAME
from cabinet.exchange.package.apply import package_apply
from cabinet.houses.models import House
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.meters.selectors import last_readings, meters_in_use, tariffs_in_force
from devtools.demo.data.companies import COMPANIES, DemoCompany
from portal.connection import connection
from tenants.models import GasCompany

SAMPLES = Path(settings.BASE_DIR) / "samples"
IN_NOVEMBER = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.schema)
def test_every_demo_company_has_a_right_one(
    company: DemoCompany, pskov: GasCompany, tmp_path: Path
) -> None:
    """Applied to Pskov under its own manifest but for the tenant: hashes, rows and sums are checked."""
    folder = tmp_path / "package"
    shutil.copytree(SAMPLES / company.schema, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["tenant"] == company.schema
    assert manifest["as_of"].startswith("2026-11-")
    assert all(
        "sum" in manifest["files"][name]
        for name in manifest["files"]
        if any(column.kind.is_number for column in FILES_BY_NAME[name].columns)
        and name != "meters.csv"  # of digits
    )
    (folder / "manifest.json").write_text(json.dumps(manifest | {"tenant": "pskov"}))
    outcome = package_apply(company=pskov, path=folder)
    assert PersonalAccount.objects.count() == outcome.counts["accounts.csv"].inserted >= 8


@pytest.fixture
def pskov_sample(pskov: GasCompany) -> None:
    package_apply(company=pskov, path=SAMPLES / "pskov")


@pytest.fixture
def novgorod_sample(novgorod: GasCompany) -> None:
    package_apply(company=novgorod, path=SAMPLES / "novgorod")
    connection.set_tenant(novgorod)


def initials(account: PersonalAccount) -> str:
    [found] = initials_of(account.last_name, account.first_name, account.patronymic)
    return found


def test_figure_6_of_the_gas_manual(pskov_sample: None) -> None:
    account = PersonalAccount.objects.get(account_number="805107")
    assert initials(account) == "ОЕГ"
    [meter] = meters_in_use(account)
    assert (meter.model, meter.serial_number, meter.digits) == ("ВК Арзамас G4T", "07416852", 5)
    last = last_readings([meter])[meter.pk]
    assert (last.value, last.taken_on) == (1900, datetime.date(2024, 4, 27))
    assert meter.readings.count() > 12


def test_figure_28_one_cubic_metre_in_april_2024_at_7_39(pskov_sample: None) -> None:
    meter = Meter.objects.get(serial_number="07416852")
    values = dict(meter.readings.values_list("taken_on", "value"))
    assert values[datetime.date(2024, 4, 27)] - values[datetime.date(2024, 3, 25)] == 1
    tariff = tariffs_in_force({meter.tariff_code}, datetime.date(2024, 4, 27))[meter.tariff_code]
    assert str(tariff.price) == "7.390000"


def test_figure_7(novgorod_sample: None) -> None:
    account = PersonalAccount.objects.get(account_number="510080")
    assert initials(account) == "ВАМ"
    [meter] = meters_in_use(account)
    assert meter.readings.count() >= 12


@pytest.mark.parametrize("sample", ["pskov_sample", "novgorod_sample"])
def test_neighbours_of_every_kind(sample: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(sample)
    accounts = list(PersonalAccount.objects.all())
    meters = {account.pk: len(meters_in_use(account)) for account in accounts}
    assert len(accounts) >= 12
    assert {0, 1, 2} <= set(meters.values())
    assert any(account.closed_on for account in accounts)
    assert any(not account.patronymic for account in accounts)
    assert any("ё" in account.last_name.lower() for account in accounts)
    due = [meter.verification_due_on or IN_NOVEMBER for meter in Meter.objects.all()]
    assert any(day < IN_NOVEMBER for day in due)
    assert any(0 <= (day - IN_NOVEMBER).days <= 30 for day in due)
    assert any(30 < (day - IN_NOVEMBER).days <= 90 for day in due)
    assert Tariff.objects.filter(valid_from__lte=IN_NOVEMBER).count() == Tariff.objects.count()


@pytest.mark.parametrize("sample", ["pskov_sample", "novgorod_sample"])
def test_dials_only_grow_and_have_their_digits(sample: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(sample)
    for meter in Meter.objects.all():
        values = list(meter.readings.order_by("taken_on").values_list("value", flat=True))
        assert values == sorted(values)
        assert values[-1] < 10**meter.digits
        if meter.account.closed_on:
            last = Reading.objects.filter(meter=meter).latest("taken_on")
            assert last.taken_on <= meter.account.closed_on


def test_a_dial_that_rolls_over_next(pskov_sample: None) -> None:
    """The vector of facts.md: from 99 998."""
    latest = Reading.objects.get(value=99998)
    assert latest.meter.digits == 5
    assert latest == latest.meter.readings.latest("taken_on")


def test_figures_28_29_and_30(pskov_sample: None) -> None:
    account = PersonalAccount.objects.get(account_number="805107")
    year = account_months(
        account, since=datetime.date(2023, 5, 1), until=datetime.date(2024, 5, 1)
    ).months
    assert [
        (str(m.sums.opening_balance), str(m.sums.accrued), str(m.sums.closing_balance))
        for m in year[:3]
    ] == [("4.79", "0.00", "3.79"), ("-2.60", "7.39", "4.79"), ("-2.60", "0.00", "-2.60")]
    paid = account.billing_payments.order_by("-paid_on").values_list("paid_on", "amount", "source")
    assert [(str(day), str(amount), source) for day, amount, source in paid] == [
        ("2024-05-03", "1.00", "Личный кабинет"),
        ("2023-05-11", "1111.10", "Личный кабинет"),
    ]
    bills = {b.month.month: str(b.total) for b in account_bills(account) if b.month.year == 2024}
    assert (bills[5], bills[4], bills[1]) == ("4.79", "-2.60", "-2.60")
    balance = account_balance(account)
    assert (str(balance.total), str(balance.period)) == ("3.79", "2026-10-01")
    assert (account.equipment.count(), account.contracts.count()) == (1, 2)


@pytest.mark.parametrize("sample", ["pskov_sample", "novgorod_sample"])
def test_debts_and_overpayments(sample: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(sample)
    balances = [account_balance(account) for account in PersonalAccount.objects.all()]
    assert any(balance.penalty > 0 for balance in balances)
    assert any(balance.overpaid for balance in balances)
    assert any(len(balance.services) > 1 for balance in balances)
    for account in PersonalAccount.objects.all():
        months = account_months(account).months
        assert all(
            newer.sums.opening_balance == older.sums.closing_balance
            for newer, older in itertools.pairwise(months)
        )


def test_the_sum_of_the_fund_manual(pskov: GasCompany, tmp_path: Path) -> None:
    """Figure 3.2.3: 194.32 and a penalty of 0.07."""
    folder = tmp_path / "package"
    shutil.copytree(SAMPLES / "yugra", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"tenant": "pskov"}))
    package_apply(company=pskov, path=folder)
    account = PersonalAccount.objects.get(account_number="8600114207")
    balance = account_balance(account)
    assert (str(balance.principal), str(balance.penalty)) == ("194.32", "0.07")
    house = House.objects.get(house_code=account.house_code)
    assert house.works.count() == 10
