"""`billing_sample`: what it writes is right, lifelike and the same for the same seed."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.billing.selectors import account_balance
from cabinet.exchange.package.apply import package_apply
from cabinet.houses.models import House
from tenants.models import GasCompany


def write(path: Path, *options: str, tenant: str = "pskov") -> Path:
    given = ["--last-month", "2026-10", "--accounts", "120", "--months", "14", "--seed", "7"]
    call_command("billing_sample", tenant, str(path), *given, *options)
    return path


def rows(path: Path, name: str) -> list[dict[str, str]]:
    with (path / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_it_is_applied_whole(pskov: GasCompany, tmp_path: Path) -> None:
    outcome = package_apply(company=pskov, path=write(tmp_path / "sample"))
    assert PersonalAccount.objects.count() == 120
    assert outcome.counts["charges.csv"].inserted > 120 * 14
    for account in PersonalAccount.objects.all()[:20]:
        balance = account_balance(account)
        assert str(balance.period) == "2026-10-01"
        assert str(balance.as_of) == "2026-11-01 03:00:00+00:00"


def test_a_fund_with_its_houses(pskov: GasCompany, tmp_path: Path) -> None:
    pskov.kind = GasCompany.Kind.CAPITAL_REPAIR
    pskov.save()
    package_apply(company=pskov, path=write(tmp_path / "sample"))
    house = House.objects.get(house_code="h-1")
    accounts = PersonalAccount.objects.filter(house_code="h-1")
    assert accounts.count() == 40
    assert house.works.count() >= 4
    owed = [account_balance(account) for account in accounts]
    assert house.debt_penalty == sum(balance.penalty for balance in owed)


def test_the_same_seed_makes_the_same_bytes(pskov: GasCompany, tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.zip"), write(tmp_path / "2.zip")
    assert one.read_bytes() == two.read_bytes()
    other = write(tmp_path / "3.zip", "--seed", "8")
    assert other.read_bytes() != one.read_bytes()
    assert not package_apply(company=pskov, path=one).already_applied
    assert package_apply(company=pskov, path=two).already_applied


def test_it_has_everything_that_life_has(pskov: GasCompany, tmp_path: Path) -> None:
    path = write(tmp_path / "sample", "--accounts", "600")
    charges = rows(path, "charges.csv")
    assert {row["kind"] for row in charges} == set(Charge.Kind.values)
    assert {row["bill_kind"] for row in charges} == {"", "техобслуживание"}
    assert any(row["recalculation_reason"] for row in charges)
    assert any(row["acts"] for row in charges)
    last = [row for row in charges if row["period"] == "2026-10"]
    assert any(row["closing_balance"].startswith("-") for row in last)
    assert any(float(row["closing_balance"]) > 5000 for row in last)
    meters = Counter(row["account_number"] for row in rows(path, "meters.csv"))
    assert set(meters.values()) == {1, 2}
    assert len(meters) < 600
    heating = [row for row in charges if row["service_code"] == "gas-heat" and row["volume"]]
    volume = {
        month: sum(float(row["volume"]) for row in heating if row["period"] == month)
        for month in ("2026-01", "2026-07")
    }
    assert volume["2026-01"] > 5 * volume["2026-07"]
    paid = sum(float(row["paid"]) for row in charges)
    assert paid == pytest.approx(sum(float(row["amount"]) for row in rows(path, "payments.csv")))


def test_only_some_files(pskov: GasCompany, tmp_path: Path) -> None:
    path = write(tmp_path / "sample", "--only", "accounts.csv,charges.csv", "--full")
    assert {file.name for file in path.iterdir()} == {
        "manifest.json",
        "accounts.csv",
        "charges.csv",
    }
    manifest = json.loads((path / "manifest.json").read_text())
    assert (manifest["mode"], set(manifest["files"])) == ("full", {"accounts.csv", "charges.csv"})
    package_apply(company=pskov, path=path)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--last-month", "October"), "Месяц нужен вида"),
        (("--only", "people.csv"), "people.csv"),
        (("--accounts", "0"), "accounts"),
    ],
)
def test_what_it_cannot_write_is_told(
    options: tuple[str, ...], reason: str, pskov: GasCompany, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=reason):
        write(tmp_path / "sample", *options)


def test_a_company_that_is_not_there(pskov: GasCompany, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="«omsk» нет"):
        write(tmp_path / "sample", tenant="omsk")
