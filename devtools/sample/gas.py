"""Accounts of a gas company: flats that cook and houses that heat, with meters and without."""

import datetime
import random
from dataclasses import dataclass

from devtools.sample.money import Line, Month, Payer, habit
from devtools.sample.people import person, street
from devtools.sample.writing import SamplePackage

# Parts of a year's gas by month, in thousandths: what heats follows the cold.
_WINTER = (172, 148, 131, 82, 34, 18, 16, 17, 38, 91, 118, 135)
_TARIFFS = {
    "gas-heat": ("Отопление жилых помещений", (("2022-12-01", 739), ("2025-07-01", 906))),
    "gas-cook": ("Приготовление пищи и нагрев воды", (("2022-12-01", 862), ("2025-07-01", 987))),
}
_MODELS = ("ВК Арзамас G4T", "Гранд-1,6", "СГМБ-1,6", "BK-G4T", "NPM G4", "СГД G4")
_CENTRES = {"pskov": ("pskov", "luki", "ostrov"), "novgorod": ("novgorod", "borovichi", "russa")}
_CITIES = {"pskov": "г. Псков", "novgorod": "г. Великий Новгород"}
_MAINTENANCE = 4350  # kopecks a month


def write_tariffs(package: SamplePackage) -> None:
    file = package.file("tariffs.csv")
    for code, (name, prices) in _TARIFFS.items():
        for day, kopecks in prices:
            file.write(code, day, name, "м³", f"{kopecks // 100}.{kopecks % 100:02}0000")


def price(code: str, month: datetime.date) -> int:
    """Return kopecks for a cubic metre."""
    _, prices = _TARIFFS[code]
    return [kopecks for day, kopecks in prices if day <= month.isoformat()][-1]


@dataclass
class _Use:
    """One meter, or none: what it measures and where its dial stands."""

    tariff: str
    yearly: int
    meter_id: str
    dial: int

    def volume(self, month: datetime.date, chance: random.Random) -> int:
        if self.tariff == "gas-heat":
            return self.yearly * _WINTER[month.month - 1] * chance.randint(85, 115) // 100_000
        return self.yearly * chance.randint(75, 125) // 1200


def write_account(
    package: SamplePackage, tenant: str, index: int, months: list[datetime.date], seed: int
) -> None:
    chance = random.Random(f"{seed}:{index}")  # noqa: S311 — figures, not secrets
    number = str(900_000_000 + index)
    is_house, people = chance.random() < 0.35, chance.choice((1, 1, 2, 2, 3, 4, 5))
    opened = datetime.date(chance.randint(1992, 2021), chance.randint(1, 12), chance.randint(1, 28))
    is_metered = is_house or chance.random() < 0.85
    norm = people * 13 if not is_house else people * 13 + 60
    _write_account(package, tenant, number, chance, is_house, people, norm, opened)
    uses = _uses(package, number, chance, is_house, is_metered, people, norm)
    _write_equipment(package, number, chance, is_house, opened)
    payer = Payer(package, number, chance, habit(chance))
    lines = [Line(use.tariff, _TARIFFS[use.tariff][0], unit="м³") for use in uses]
    for line in lines:
        line.owed = chance.choice((0, 0, -26000, 41250, 0))
    upkeep = Line(
        "maintenance", "Техобслуживание газового оборудования", bill_kind="техобслуживание"
    )
    has_upkeep = chance.random() < 0.08
    readings = package.file("readings.csv")
    for month in months:
        for use, line in zip(uses, lines, strict=True):
            volume = use.volume(month, chance) if use.meter_id else norm
            if use.meter_id:
                use.dial = (use.dial + volume) % 100_000
                # The dial is shown by a reading on the last days; now and then there is none.
                if chance.random() < 0.95:
                    day = month.replace(day=chance.randint(20, 25))
                    readings.write(use.meter_id, day.isoformat(), use.dial, "личный кабинет")
            kopecks = price(use.tariff, month)
            tariff = f"{kopecks // 100}.{kopecks % 100:02}"
            payer.live(line, Month(month, volume * kopecks, tariff, f"{volume}.000"))
        if has_upkeep:
            payer.live(upkeep, Month(month, _MAINTENANCE))


def _write_account(
    package: SamplePackage,
    tenant: str,
    number: str,
    chance: random.Random,
    is_house: bool,
    people: int,
    norm: int,
    opened: datetime.date,
) -> None:
    owner = person(chance)
    address = f"{_CITIES.get(tenant, 'г. Газоград')}, {street(chance)}, д. {chance.randint(1, 140)}"
    if not is_house:
        address += f", кв. {chance.randint(1, 180)}"
    area = chance.randint(700, 1800) if is_house else chance.randint(280, 820)
    looked_at = datetime.date(chance.randint(2024, 2026), chance.randint(1, 9), 14)
    package.file("accounts.csv").write(
        number,
        f"99АА{int(number) % 1_000_000:06}",
        f"99АА{int(number) % 1_000_000:06}-01",
        owner.last_name,
        owner.first_name,
        owner.patronymic,
        address,
        f"{area // 10}.{area % 10}0",
        people,
        max(people - chance.choice((0, 0, 0, 1)), 0),
        f"{norm}.000",
        opened.isoformat(),
        looked_at.isoformat(),
        chance.choice(_CENTRES.get(tenant, ("centre",))),
        "",
        "",
    )


def _uses(
    package: SamplePackage,
    number: str,
    chance: random.Random,
    is_house: bool,
    is_metered: bool,
    people: int,
    norm: int,
) -> list[_Use]:
    cooking = people * chance.randint(96, 168)
    if not is_metered:
        return [_Use("gas-cook", norm * 12, "", 0)]
    wanted = [("gas-heat", chance.randint(900, 3200))] if is_house else [("gas-cook", cooking)]
    if is_house and chance.random() < 0.25:
        wanted.append(("gas-cook", cooking))
    uses = []
    for place, (tariff, yearly) in enumerate(wanted, start=1):
        due = datetime.date(
            2026 + chance.choice((0, 1, 1, 2, 3, 4, 5, 6, 7, 8)), chance.randint(1, 12), 14
        )
        installed = due.replace(year=due.year - chance.choice((10, 12)))
        state = "истёк срок поверки" if due.isoformat() < "2026-11" else "исправен"
        use = _Use(tariff, yearly, f"{number}-{place}", chance.randint(0, 99_999))
        package.file("meters.csv").write(
            use.meter_id,
            number,
            chance.choice(_MODELS),
            f"{chance.randint(1_000_000, 99_999_999):08}",
            5,
            tariff,
            installed.isoformat(),
            due.isoformat(),
            installed.isoformat(),
            state,
        )
        uses.append(use)
    return uses


def _write_equipment(
    package: SamplePackage,
    number: str,
    chance: random.Random,
    is_house: bool,
    opened: datetime.date,
) -> None:
    equipment, contracts = package.file("equipment.csv"), package.file("contracts.csv")
    equipment.write(number, "1", "Плита газовая ПГ-4", "плита", "", "исправна")
    if is_house:
        due = f"{chance.randint(2027, 2032)}-06-01"
        equipment.write(number, "2", "Котёл газовый настенный", "котёл", due, "исправен")
    supply = f"{number[-6:]}-П"
    contracts.write(
        number, supply, "Поставка газа", "Региональная газовая компания", opened.isoformat(), ""
    )
    if chance.random() < 0.7:
        contracts.write(
            number,
            f"{number[-6:]}-ТО",
            "Техобслуживание газового оборудования",
            "Газораспределительная организация",
            f"{chance.randint(2022, 2025)}-03-01",
            f"{chance.randint(2027, 2028)}-02-28",
        )
