"""The front page of a gas company."""

from devtools.demo.site.build import Block, contact, link
from devtools.demo.site.gas import GasWords


def quick_links() -> list[Block]:
    return [
        link("Тарифы на газ", "/tarify/", "charges", "Цены с 1 октября 2026 года"),
        link("Способы оплаты", "/oplata/", "payment", "На сайте, в банке, на почте"),
        link("Поверка счётчика", "/poverka/", "meter", "Когда нужна и как пройти"),
        link("Безопасность", "/bezopasnost/", "alert", "Что делать, если пахнет газом"),
        link("Подключение к газу", "/podklyuchenie/", "flame", "Догазификация и договор"),
        link("Документы", "/dokumenty/", "receipts", "Согласие и политика"),
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
            phones=((words.company.phone, ""),),
            email=words.email,
            hours="Понедельник–пятница: 8:00–20:00\nСуббота: 9:00–17:00",
        ),
        contact(
            "Центральный офис",
            address=words.address,
            hours="Понедельник–четверг: 8:00–17:00\nПятница: 8:00–16:00",
        ),
    ]
