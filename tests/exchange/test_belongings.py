"""Equipment, contracts, houses and works: what an account has, and where it stands."""

import datetime
from decimal import Decimal
from pathlib import Path

from cabinet.accounts.models import Contract, Equipment, PersonalAccount
from cabinet.houses.models import House, RepairWork
from tests.exchange.builder import (
    ACCOUNT_COLUMNS,
    KIM,
    OSIPOVA,
    accounts,
    contracts,
    equipment,
    houses,
    table,
    works,
)
from tests.exchange.conftest import Load, Problems

STOVE = "805107;e-1;Плита ПГ-4;плита;2030-06-01;исправна"
BOILER = "805107;e-2;Котёл;котёл;;"
SUPPLY = "805107;П-17;Поставка газа;Газпром межрегионгаз;2009-09-14;"
UPKEEP = "805107;ТО-3;Обслуживание ВДГО;Газпром газораспределение;2024-03-01;2027-02-28"
MIRA = "mira-65;г. Ханты-Мансийск, ул. Мира, д. 65;1987;339575.87"
ROOF = "mira-65;1;Ремонт крыши;1999;2031;42000000.00"


def test_equipment_and_contracts_arrive(loaded: Load) -> None:
    loaded(equipment(STOVE, BOILER) | contracts(SUPPLY, UPKEEP))
    account = PersonalAccount.objects.get(account_number="805107")
    stove, boiler = account.equipment.order_by("equipment_id")
    assert (stove.name, stove.kind, stove.state) == ("Плита ПГ-4", "плита", "исправна")
    assert stove.verification_due_on == datetime.date(2030, 6, 1)
    assert (boiler.verification_due_on, boiler.state) == (None, "")
    assert list(account.contracts.order_by("starts_on").values_list("number", "ends_on")) == [
        ("П-17", None),
        ("ТО-3", datetime.date(2027, 2, 28)),
    ]


def test_the_same_code_under_two_accounts_are_two(loaded: Load) -> None:
    loaded(equipment(STOVE, STOVE.replace("805107", "806233")))
    assert Equipment.objects.count() == 2


def test_full_takes_away_what_is_not_named(loaded: Load, tmp_path: Path) -> None:
    loaded(equipment(STOVE, BOILER) | contracts(SUPPLY, UPKEEP))
    assert loaded(equipment(STOVE)).counts["equipment.csv"].closed == 0
    outcome = loaded(equipment(STOVE) | contracts(UPKEEP), mode="full")
    assert outcome.counts["equipment.csv"].closed == outcome.counts["contracts.csv"].closed == 1
    assert Equipment.objects.get().equipment_id == "e-1"
    assert Contract.objects.get().number == "ТО-3"
    # A rejected row names its record all the same.
    bad = STOVE.replace("2030-06-01", "2030-02-31")
    loaded(equipment(bad), mode="full", rejects_path=tmp_path / "rejects.csv")
    assert Equipment.objects.count() == 1
    loaded(equipment(), mode="full")
    assert not Equipment.objects.exists()


def test_a_house_and_its_works(loaded: Load) -> None:
    loaded(houses(MIRA) | works(ROOF, ROOF.replace(";1;", ";2;")))
    house = House.objects.get()
    assert (house.built_year, house.fund_size, house.spent) == (1987, Decimal("339575.87"), None)
    assert house.works.get(number="1").planned_cost == Decimal("42000000.00")
    loaded(works(ROOF.replace("2031", "2033")), mode="full")
    assert {work.planned_year for work in RepairWork.objects.all()} == {2033, 2031}
    assert RepairWork.objects.count() == 2  # full prunes accounts, meters, equipment and contracts


def test_an_account_names_its_house(loaded: Load, problems: Problems) -> None:
    header = ACCOUNT_COLUMNS + ";house_code"
    rows = {"accounts.csv": table(header, OSIPOVA + ";mira-65", KIM + ";")}
    unknown = "такого дома нет ни в пакете, ни в портале"
    assert problems(rows) == [f"accounts.csv:2 house_code {unknown}"]
    loaded(rows | houses(MIRA))
    assert PersonalAccount.objects.get(account_number="805107").house_code == "mira-65"
    assert PersonalAccount.objects.get(account_number="806233").house_code == ""
    assert problems(works(ROOF.replace("mira-65", "lenina-1"))) == [
        f"works.csv:2 house_code {unknown}"
    ]


def test_an_account_moves_between_centres_and_keeps_all_else(loaded: Load) -> None:
    """`service_centre` may be a code that no editor has entered."""
    loaded(equipment(STOVE))
    header = "account_number;service_centre"
    for code in ("pskov", "nowhere-yet"):
        outcome = loaded({"accounts.csv": table(header, f"805107;{code}")})
        assert outcome.counts["accounts.csv"].updated == 1
    account = PersonalAccount.objects.get(account_number="805107")
    assert (account.service_centre, account.last_name) == ("nowhere-yet", "Осипова")
    assert account.equipment.count() == 1


def test_what_a_contract_must_have(problems: Problems, loaded: Load) -> None:
    assert problems(contracts("805107;П-17;;;2024-02-30;")) == [
        "contracts.csv:2 kind поле должно быть заполнено",
        "contracts.csv:2 company поле должно быть заполнено",
        "contracts.csv:2 starts_on нужна дата вида 2026-11-05",
    ]


def test_a_file_of_its_own_needs_no_other(loaded: Load) -> None:
    """Files in any order of the manifest, and alone."""
    loaded(contracts(SUPPLY) | accounts(KIM) | equipment(STOVE.replace("805107", "806233")))
    assert (Contract.objects.count(), Equipment.objects.count()) == (1, 1)
