"""The sample packages of the project: right, and true to the manuals' own figures."""

import datetime
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import initials_of
from cabinet.exchange.services import package_apply
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.meters.selectors import last_readings, meters_in_use, tariffs_in_force
from portal.connection import connection
from portal.demo.companies import COMPANIES, DemoCompany
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
        "sum" in manifest["files"][name] for name in manifest["files"] if name != "meters.csv"
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
    return initials_of(account.last_name, account.first_name, account.patronymic)


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
