"""Work on the networks, and who answers for what, in the demo's gas companies; once."""

import datetime
from typing import Any

# Topic, firm, telephone, note, district; besides the rows that every company begins with.
FIRMS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "pskov": (
        (
            "networks",
            "АО «Газпром газораспределение Псков»",
            "(8112) 50-04-04",
            "Газопровод на улице, подключение, плановые отключения.",
            "",
        ),
        (
            "equipment",
            "ООО «Псковгазсервис»",
            "(8112) 50-05-05",
            "Техобслуживание и ремонт плит, котлов и колонок.",
            "Псков и Псковский район",
        ),
        (
            "equipment",
            "ООО «Островгазсервис»",
            "(81152) 3-16-16",
            "Техобслуживание и ремонт плит, котлов и колонок.",
            "Островский район",
        ),
    ),
    "novgorod": (
        (
            "networks",
            "АО «Газпром газораспределение Великий Новгород»",
            "(8162) 50-04-04",
            "Газопровод на улице, подключение, плановые отключения.",
            "",
        ),
    ),
}


def incidents_create() -> None:
    """Enter planned work on the street of the demo's account, and an accident in another district."""
    from cabinet.appeals.models import Incident
    from cms_pages.models import District
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for schema in FIRMS:
        with in_company(GasCompany.objects.get(schema_name=schema)):
            _firms_create(schema)
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        if Incident.objects.exists():
            return
        now = _hour()
        Incident.objects.create(
            kind=Incident.Kind.PLANNED,
            title="Отключим газ на Рижском проспекте",
            text="Меняем участок газопровода. Перед работами закройте краны на плите и котле.",
            streets="Псков, Рижский пр., д. 60–70",
            starts_at=now + datetime.timedelta(days=2),
            ends_at=now + datetime.timedelta(days=2, hours=6),
        )
        accident = Incident(
            kind=Incident.Kind.EMERGENCY,
            title="Нет газа в Острове",
            text="Бригада на месте. Краны перед плитой и котлом держите закрытыми.",
            starts_at=now - datetime.timedelta(hours=2),
            ends_at=now + datetime.timedelta(hours=9),
        )
        accident.districts = [District.objects.get(name="Островский район")]
        accident.save()


def _firms_create(schema: str) -> None:
    from cabinet.appeals.models import Responsibility
    from cms_pages.models import District

    for order, (topic, firm, phone, note, district) in enumerate(FIRMS[schema], start=10):
        found = District.objects.filter(name=district).first() if district else None
        given: dict[str, Any] = {"phone": phone, "note": note, "district": found, "order": order}
        Responsibility.objects.get_or_create(topic=topic, firm=firm, defaults=given)


def _hour() -> datetime.datetime:
    from django.utils import timezone

    return timezone.localtime().replace(minute=0, second=0, microsecond=0)
