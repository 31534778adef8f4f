"""The capital-repair fund: its front page and what it says of itself."""

from cms_pages.first_pages.words import Block, contact, link, notice, text
from devtools.demo.data.companies import COMPANIES

COMPANY = next(company for company in COMPANIES if company.schema == "yugra")
EMAIL = "info@fond.example.ru"

ABOUT = (
    text(
        "<p>Фонд — региональный оператор капитального ремонта в Ханты-Мансийском автономном округе — Югре. "
        "Мы собираем взносы собственников, заказываем работы, следим за их качеством и отвечаем за "
        "результат перед жителями.</p><h2>Чем мы занимаемся</h2><ul><li>ведём счета домов, которые "
        "копят на ремонт на общем счёте;</li><li>выбираем проектировщиков и подрядчиков на открытых "
        "торгах;</li><li>принимаем работы вместе с представителем дома;</li><li>пять лет даём "
        "гарантию на работы.</li></ul>"
    ),
    notice(
        "info",
        "Кто нас проверяет",
        "<p>Жилищный надзор, счётная палата округа и ежегодный аудит. Отчёты публикуются до 1 июля.</p>",
    ),
)


def figures() -> list[Block]:
    day = "2026-10-01"
    rows = (
        ("6 148", "домов", "в программе капитального ремонта"),
        ("412", "домов", "отремонтировано в этом году"),
        ("96,4", "%", "собираемость взносов"),
    )
    return [
        {"type": "figure", "value": {"value": value, "unit": unit, "what": what, "day": day}}
        for value, unit, what in rows
    ]


def quick_links() -> list[Block]:
    return [
        link("О фонде", "/o-fonde/", "about", "Чем занимаемся и кто проверяет"),
        link("Взнос на капремонт", "/vznosy/", "rouble", "Сколько и почему"),
        link("Как оплатить", "/oplata/", "payment", "Способы и комиссия"),
        link("Как идёт ремонт", "/kak-idet-remont/", "works", "От очереди до приёмки"),
        link("Новости", "/novosti/", "news", "Взносы, работы, отчёты"),
        link("Документы", "/dokumenty/", "document", "Согласие и политика"),
    ]


def contacts() -> list[Block]:
    return [
        contact(
            "Горячая линия фонда",
            role="Звонок по России бесплатный",
            phones=(("phone", ""),),
            email=EMAIL,
            hours="Понедельник–пятница: 9:00–18:00",
        ),
        contact(
            "Приёмная",
            address="628011, г. Ханты-Мансийск, ул. Студенческая, д. 29",
            hours="Вторник и четверг: 10:00–13:00 и 14:00–16:00",
        ),
    ]
