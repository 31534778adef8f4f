"""Service centres of the demo companies. Doing it again changes nothing.

Their codes are those of `samples/<schema>/accounts.csv`.
"""

from datetime import time
from typing import Any

WORKDAYS = {"first_day": 0, "last_day": 4}
LAST_SATURDAY = {"first_day": 5, "occurrence": -1}
LUNCH = {"break_from": time(13), "break_to": time(14)}
SERVICES = (
    "Заключить договор или внести в него изменения",
    "Получить справку, квитанцию или сверку расчётов",
    "Передать показания и документы о поверке счётчика",
    "Оформить рассрочку или перерасчёт",
)

CENTRES: dict[str, list[dict[str, Any]]] = {
    "pskov": [
        {
            # Figure 32 of manual 1.
            "code": "pskov",
            "name": "Псковский",
            "district": "Псков и Псковский район",
            "address": "г. Псков, Рижский пр., д. 20",
            "point": ("57.812900", "28.307600"),
            "email": "prg@pskovregiongaz.ru",
            "phones": ["(8112) 59-50-50"],
            "hours": [
                {**WORKDAYS, "opens": time(8), "closes": time(19)},
                {"first_day": 2, "opens": time(8), "closes": time(20)},
                {**LAST_SATURDAY, "opens": time(9), "closes": time(18), **LUNCH},
            ],
            "serves": ["Псков и Псковский район"],
        },
        {
            "code": "luki",
            "name": "Великолукский",
            "district": "Великие Луки и Великолукский район",
            "address": "г. Великие Луки, пр. Октябрьский, д. 27",
            "point": ("56.337800", "30.521300"),
            "email": "luki@pskovregiongaz.ru",
            "phones": ["(81153) 3-70-70"],
            "hours": [
                {**WORKDAYS, "opens": time(8), "closes": time(18)},
                {**LAST_SATURDAY, "opens": time(9), "closes": time(15)},
            ],
            "serves": ["Великие Луки и Великолукский район"],
        },
        {
            "code": "ostrov",
            "name": "Островский",
            "district": "Островский район",
            "address": "г. Остров, ул. Карла Либкнехта, д. 8",
            "point": ("57.345200", "28.354300"),
            "email": "ostrov@pskovregiongaz.ru",
            "phones": ["(81152) 3-15-15"],
            "hours": [{**WORKDAYS, "opens": time(8), "closes": time(17), **LUNCH}],
            "serves": ["Островский район", "Печорский район", "Пушкиногорский район"],
        },
    ],
    "novgorod": [
        {
            "code": "novgorod",
            "name": "Новгородский",
            "district": "Великий Новгород и Новгородский район",
            "address": "г. Великий Новгород, ул. Ломоносова, д. 9",
            "point": ("58.525300", "31.243700"),
            "email": "office@novgorodregiongaz.ru",
            "phones": ["(8162) 99-20-20"],
            "hours": [
                {**WORKDAYS, "opens": time(8), "closes": time(19)},
                {"first_day": 5, "opens": time(9), "closes": time(14)},
            ],
            "serves": ["Великий Новгород и Новгородский район"],
        },
        {
            "code": "borovichi",
            "name": "Боровичский",
            "district": "Боровичский район",
            "address": "г. Боровичи, ул. Подбельского, д. 12",
            "point": ("58.387400", "33.915900"),
            "email": "borovichi@novgorodregiongaz.ru",
            "phones": ["(81664) 4-20-20"],
            "hours": [{**WORKDAYS, "opens": time(8), "closes": time(17), **LUNCH}],
            "serves": ["Боровичский район"],
        },
        {
            "code": "russa",
            "name": "Старорусский",
            "district": "Старорусский район",
            "address": "г. Старая Русса, ул. Карла Маркса, д. 5",
            "point": ("57.990300", "31.360500"),
            "email": "russa@novgorodregiongaz.ru",
            "phones": ["(81652) 5-20-20"],
            "hours": [{**WORKDAYS, "opens": time(8), "closes": time(17), **LUNCH}],
            "serves": ["Старорусский район", "Валдайский район"],
        },
    ],
}


def centres_create(schema: str) -> None:
    """Create the company's service centres; those that exist stay as they are."""
    from django.db import transaction
    from django_tenants.utils import schema_context

    if schema not in CENTRES:
        return
    with schema_context(schema), transaction.atomic():
        for centre in CENTRES[schema]:
            _centre_create(centre)


def _centre_create(data: dict[str, Any]) -> None:
    from cms_pages.models import District, OpeningHours, ServiceCentre

    if ServiceCentre.objects.filter(code=data["code"]).exists():
        return
    latitude, longitude = data["point"]
    centre = ServiceCentre(
        code=data["code"],
        name=data["name"],
        district=District.objects.get_or_create(name=data["district"])[0],
        address=data["address"],
        latitude=latitude,
        longitude=longitude,
        email=data["email"],
        services="\n".join(SERVICES),
    )
    centre.phones = [_phone(number) for number in data["phones"]]  # type: ignore[misc]
    centre.hours = [OpeningHours(**row) for row in data["hours"]]  # type: ignore[misc]
    centre.serves = [District.objects.get_or_create(name=name)[0] for name in data["serves"]]
    centre.save()


def _phone(typed: str) -> Any:
    from cms_pages.brand.phones import phone_or_reference
    from cms_pages.models import CentrePhone

    which, number = phone_or_reference("", typed)
    return CentrePhone(which=which, number=number)
