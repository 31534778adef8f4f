"""A fund of capital repair: houses, their works, and what the owners of flats pay."""

import datetime
import random

from devtools.sample.money import FUND_REASONS, Line, Month, Payer, habit
from devtools.sample.people import person, street
from devtools.sample.writing import SamplePackage, rubles

FLATS = 40
_RATE = 1600  # kopecks for a square metre
_CITIES = ("г. Ханты-Мансийск", "г. Сургут", "г. Нефтеюганск", "г. Когалым", "г. Урай")
_WORKS = (
    ("Ремонт крыши", 42_000_000),
    ("Ремонт фасада", 61_500_000),
    ("Ремонт внутридомовых систем отопления", 38_200_000),
    ("Ремонт систем холодного водоснабжения", 17_400_000),
    ("Замена лифтового оборудования", 55_000_000),
    ("Ремонт подвальных помещений", 9_800_000),
)


def write_house(
    package: SamplePackage, index: int, flats: int, months: list[datetime.date], seed: int
) -> None:
    """Write a house, its works and so many accounts; its sums are those of the accounts."""
    chance = random.Random(f"{seed}:{index}")  # noqa: S311 — figures, not secrets
    code = f"h-{index + 1}"
    address = f"{chance.choice(_CITIES)}, {street(chance)}, д. {chance.randint(1, 120)}"
    areas = [chance.randint(280, 950) * 10 for _ in range(flats)]  # hundredths of a square metre
    accrued = collected = penalty_owed = 0
    for place, area in enumerate(areas):
        number = str(9_000_000_000 + index * FLATS + place)
        line = Line("contribution", "Взнос на капитальный ремонт", reasons=FUND_REASONS)
        payer = Payer(package, number, chance, habit(chance))
        _write_account(package, number, chance, f"{address}, кв. {place + 1}", area, code)
        monthly = (area * _RATE + 50) // 100
        for month in months:
            accrued += monthly
            collected += payer.live(line, Month(month, monthly, rubles(_RATE)))
        penalty_owed += line.penalty_owed or 0
    built = chance.randint(1968, 2012)
    total = sum(areas) * 128 // 100
    package.file("houses.csv").write(
        code,
        address,
        built,
        f"{total // 100}.{total % 100:02}",
        f"{sum(areas) // 100}.{sum(areas) % 100:02}",
        chance.choice(("Счёт регионального оператора", "Специальный счёт")),
        rubles(_RATE),
        rubles(collected),
        rubles(collected // 3),
        rubles(accrued),
        rubles(penalty_owed),
        rubles(collected),
        rubles(0),
        rubles(max(accrued - collected, 0)),
        rubles(penalty_owed),
    )
    _write_works(package, chance, code, built)


def _write_works(package: SamplePackage, chance: random.Random, code: str, built: int) -> None:
    file = package.file("works.csv")
    for place, (kind, cost) in enumerate(chance.sample(_WORKS, chance.randint(4, 6)), start=1):
        last = chance.choice(("", built + chance.randint(12, 14)))
        planned = chance.randint(2027, 2043)
        file.write(code, place, kind, last, planned, rubles(cost * chance.randint(70, 130)))


def _write_account(
    package: SamplePackage, number: str, chance: random.Random, address: str, area: int, house: str
) -> None:
    owner, people = person(chance), chance.choice((1, 2, 2, 3, 4))
    package.file("accounts.csv").write(
        number,
        "",
        "",
        owner.last_name,
        owner.first_name,
        owner.patronymic,
        address,
        f"{area // 100}.{area % 100:02}",
        people,
        people,
        "",
        "2014-09-01",
        "",
        "",
        house,
        "",
    )
