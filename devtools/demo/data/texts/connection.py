"""The applications for connection of the demo: who applies, what has happened and how many days ago."""

from dataclasses import dataclass
from typing import Any

# State, days ago, by whom (empty: the applicant or the portal), what the applicant reads.
Event = tuple[str, int, str, str]
_ANNA = "Кузнецова Анна"


@dataclass(frozen=True, kw_only=True)
class DemoConnection:
    name: str
    phone: str
    email: str = ""
    address: str
    land: str
    kind: str = "house"
    role: str = "owner"
    ground: str = "registered"
    # Name, count, power in kW, m³/h of one.
    units: tuple[tuple[str, int, str, str], ...]
    papers: tuple[str, ...] = ("Ситуационный план", "Документ о праве на участок или дом")
    events: tuple[Event, ...]
    recipient_number: str = ""
    registered: int = 0  # days ago
    category: int | None = None
    asked: tuple[tuple[str, str], ...] = ()
    note: str = ""
    is_subscribers: bool = False
    is_unread: bool = False

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers as the form's steps write them."""
        flow = sum(count * float(one) for _name, count, _power, one in self.units)
        return {
            "applicant": {
                "role": self.role,
                "is_shared": "",
                "owner": "Лаврова Тамара Ильинична" if self.role == "agent" else "",
                "name": self.name,
                "phone": self.phone,
                "email": self.email,
                "post_address": self.address,
                "ground": self.ground,
                "ground_text": "",
            },
            "object": {
                "kind": self.kind,
                "kind_text": "",
                "address": self.address,
                "gasified": "yes",
                "land_number": self.land,
                "house_number": "",
                "works": ["pipes", "meter"],
            },
            "equipment": {
                "units": [
                    {"type": "0", "name": name, "count": str(count), "power": power, "flow": one}
                    for name, count, power, one in self.units
                ],
                "flow": f"{flow:.2f}",
            },
        }


_STOVE = ("Плита с духовкой, 4 горелки", 1, "", "1.20")
_BOILER = ("Котёл двухконтурный: отопление и горячая вода", 1, "24", "2.81")

APPLICATIONS: dict[str, tuple[DemoConnection, ...]] = {
    "pskov": (
        DemoConnection(
            name="Егорова Нина Егоровна",
            phone="+79115550101",
            email="abonent@example.ru",
            address="Псковский район, д. Тямша, ул. Полевая, д. 7",
            land="60:18:0060201:145",
            units=(_STOVE, _BOILER),
            events=(
                ("submitted", 41, "", ""),
                ("forwarded", 41, "", ""),
                ("registered", 38, _ANNA, "Срок подготовки договора — 30 рабочих дней."),
                (
                    "offered",
                    1,
                    _ANNA,
                    "Подпишите оба экземпляра и привезите один в офис получателя: ул. Рабочая, д. 5.",
                ),
            ),
            recipient_number="ТП-2026/1184",
            registered=38,
            category=1,
            is_subscribers=True,
            is_unread=True,
        ),
        DemoConnection(
            name="Ильин Семён Маркович",
            phone="+79115550202",
            email="ilyin@example.ru",
            address="г. Остров, ул. Лесная, д. 3",
            land="60:13:0120304:28",
            ground="unregistered",
            units=(_STOVE, ("Котёл отопления", 1, "18", "2.11")),
            events=(
                ("submitted", 6, "", ""),
                ("forwarded", 6, "", ""),
                ("incomplete", 2, _ANNA, ""),
            ),
            asked=(
                (
                    "Документ, по которому возникло право",
                    "Вторая страница договора не читается. Снимите её заново, при дневном свете.",
                ),
            ),
            note="Звонил 27 ноября, обещал прислать к понедельнику.",
        ),
        DemoConnection(
            name="Лавров Пётр Ильич",
            phone="+79115550203",
            address="Печорский район, д. Лавры, ул. Садовая, д. 12",
            land="60:15:1016001:77",
            kind="garden",
            role="agent",
            units=(_STOVE,),
            papers=(
                "Ситуационный план",
                "Документ о праве на участок или дом",
                "Доверенность или другой документ о полномочиях",
            ),
            events=(
                ("submitted", 48, "", ""),
                ("forwarded", 48, "", ""),
                ("registered", 46, _ANNA, ""),
            ),
            recipient_number="ТП-2026/1120",
            registered=46,
        ),
        DemoConnection(
            name="Степанова Вера Олеговна",
            phone="+79115550206",
            email="stepanova@example.ru",
            address="г. Дно, ул. Карла Маркса, д. 31",
            land="60:04:0010110:62",
            units=(_STOVE, ("Проточный водонагреватель (колонка), 10–11 л/мин", 1, "", "2.10")),
            events=(
                ("submitted", 43, "", ""),
                ("forwarded", 43, "", ""),
                ("registered", 40, _ANNA, ""),
            ),
            recipient_number="ТП-2026/1151",
            registered=40,
            category=1,
        ),
        DemoConnection(
            name="Морозов Илья Сергеевич",
            phone="+79115550207",
            email="morozov@example.ru",
            address="г. Великие Луки, ул. Дружбы, д. 8",
            land="60:25:0050203:11",
            units=(_STOVE, _BOILER),
            events=(("submitted", 1, "", ""), ("forwarded", 1, "", "")),
        ),
        DemoConnection(
            name="ООО «Берёзка», Зимина Ольга Юрьевна",
            phone="+79115550204",
            email="zimina@example.ru",
            address="г. Псков, ул. Инженерная, д. 40",
            land="60:27:0140102:45",
            kind="other",
            ground="rent",
            units=(("Котёл отопления", 2, "48", "5.62"),),
            papers=(
                "Ситуационный план",
                "Документ о праве на участок или дом",
                "Договор аренды или другого пользования участком",
                "Расчёт максимального часового расхода газа",
            ),
            events=(
                ("submitted", 160, "", ""),
                ("forwarded", 160, "", ""),
                ("registered", 158, _ANNA, ""),
                ("offered", 125, _ANNA, ""),
                ("signed", 117, _ANNA, "Договор действует с 4 августа."),
                ("building", 90, _ANNA, "Строим ввод, трубу ведём вдоль улицы Инженерной."),
            ),
            recipient_number="ТП-2026/0612",
            registered=158,
            category=2,
        ),
        DemoConnection(
            name="Ёлкин Андрей Семёнович",
            phone="+79115550205",
            address="Гдовский район, д. Верхоляне, д. 18",
            land="60:03:0070101:9",
            units=(_STOVE,),
            events=(
                ("submitted", 75, "", ""),
                ("forwarded", 75, "", ""),
                (
                    "refused",
                    70,
                    _ANNA,
                    "До ближайшего газопровода 11 км, деревня в программу газификации не включена.",
                ),
            ),
        ),
    ),
    "novgorod": (
        DemoConnection(
            name="Тихонова Мария Андреевна",
            phone="+79215550301",
            email="tikhonova@example.ru",
            address="Новгородский район, д. Трубичино, ул. Новая, д. 21",
            land="53:11:0100308:64",
            units=(_STOVE, _BOILER),
            events=(("submitted", 0, "", ""),),
        ),
        DemoConnection(
            name="Громов Игорь Петрович",
            phone="+79215550302",
            address="г. Чудово, ул. Титова, д. 9",
            land="53:20:0100203:17",
            units=(_STOVE, ("Газовый конвектор", 2, "4", "0.47")),
            events=(("submitted", 4, "", ""),),
        ),
        DemoConnection(
            name="Вересова Анна Михайловна",
            phone="+79215550303",
            address="г. Валдай, ул. Гагарина, д. 14",
            land="53:03:0103021:5",
            units=(_STOVE,),
            events=(
                ("submitted", 300, "", ""),
                ("forwarded", 299, _ANNA, ""),
                ("registered", 297, _ANNA, ""),
                ("offered", 270, _ANNA, ""),
                ("signed", 262, _ANNA, ""),
                ("ready", 210, _ANNA, ""),
                ("done", 190, _ANNA, "Пустили газ, счётчик опломбирован."),
            ),
            recipient_number="2026-88",
            registered=297,
            category=1,
        ),
    ),
}
