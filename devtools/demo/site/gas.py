"""The two gas companies: what differs between their sites."""

from dataclasses import dataclass

from cms_pages.first_pages.words import Block, contact, link
from devtools.demo.data.companies import COMPANIES, DemoCompany


@dataclass(frozen=True, kw_only=True)
class GasWords:
    company: DemoCompany
    region: str  # «по Псковской области»
    city: str  # «в Пскове»
    address: str
    email: str
    cook: str  # ₽ за м³
    heat: str
    five: str  # what 5 m³ for heating cost, ₽
    works: str  # where pipes are being renewed


_BY_SCHEMA = {company.schema: company for company in COMPANIES}

PSKOV = GasWords(
    company=_BY_SCHEMA["pskov"],
    region="Псковской области",
    city="Пскове",
    address="180004, г. Псков, ул. Рабочая, д. 5",
    email="info@pskov.example.ru",
    cook="10,821482",
    heat="9,934255",
    five="49,67",
    works="на улицах Советской и Некрасова",
)
NOVGOROD = GasWords(
    company=_BY_SCHEMA["novgorod"],
    region="Новгородской области",
    city="Великом Новгороде",
    address="173021, г. Великий Новгород, ул. Нехинская, д. 59а",
    email="info@novgorod.example.ru",
    cook="11,587723",
    heat="10,229997",
    five="51,15",
    works="на улицах Большой Московской и Псковской",
)


def quick_links() -> list[Block]:
    return [
        link("Тарифы на газ", "/tarify/", "rouble", "Цены с 1 октября 2026 года"),
        link("Способы оплаты", "/oplata/", "payment", "В банке, на почте, в офисе"),
        link("Поверка счётчика", "/poverka/", "meter", "Когда нужна и как пройти"),
        link("Безопасность", "/bezopasnost/", "gas-smell", "Что делать, если пахнет газом"),
        link("Подключение к газу", "/podklyuchenie/", "flame", "Догазификация и договор"),
        link("Документы", "/dokumenty/", "document", "Согласие и политика"),
        link("Написать нам", "/kontakty/napisat/", "mail", "Ответим по электронной почте"),
    ]


def contacts(words: GasWords) -> list[Block]:
    return [
        contact(
            "Аварийная газовая служба",
            role="Круглосуточно и бесплатно",
            phones=(("104", "с любого телефона"), ("112", "единый номер")),
        ),
        contact(
            "Контактный центр",
            phones=(("phone", ""),),
            email=words.email,
            hours="Понедельник–пятница: 8:00–20:00\nСуббота: 9:00–17:00",
        ),
        contact(
            "Центральный офис",
            address=words.address,
            hours="Понедельник–четверг: 8:00–17:00\nПятница: 8:00–16:00",
        ),
    ]
