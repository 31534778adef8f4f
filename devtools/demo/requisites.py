"""Requisites and applications of the demo companies. Doing it again changes nothing.

Made up: the check digits are right, the owners do not exist.
"""

from typing import Any

APPS = {
    "app_store_url": "https://apps.apple.com/ru/app/id1000000001",
    "google_play_url": "https://play.google.com/store/apps/details?id=ru.example.gas",
    "rustore_url": "https://www.rustore.ru/catalog/app/ru.example.gas",
}
REQUISITES: dict[str, dict[str, str]] = {
    "pskov": {
        "legal_name": "ООО «Газпром межрегионгаз Псков»",
        "inn": "6027000009",
        "kpp": "602701001",
        "ogrn": "1026000000003",
        "legal_address": "180016, г. Псков, Рижский пр., д. 20",
        "bank_name": "Псковский филиал АО «Пример-Банк»",
        "bic": "045805999",
        "correspondent_account": "30101810000000000999",
        "settlement_account": "40702810600000012345",
    },
    "novgorod": {
        "legal_name": "ООО «Газпром межрегионгаз Великий Новгород»",
        "inn": "5321000001",
        "kpp": "532101001",
        "ogrn": "1025300000000",
        "legal_address": "173003, г. Великий Новгород, ул. Ломоносова, д. 9",
        "bank_name": "Новгородский филиал АО «Пример-Банк»",
        "bic": "044959999",
        "correspondent_account": "30101810100000000999",
        "settlement_account": "40702810600000012345",
    },
    "yugra": {
        "legal_name": "Югорский фонд капитального ремонта многоквартирных домов",
        "inn": "8601000000",
        "kpp": "860101001",
        "ogrn": "1138600000000",
        "legal_address": "628011, г. Ханты-Мансийск, ул. Студенческая, д. 29",
        "bank_name": "Югорский филиал АО «Пример-Банк»",
        "bic": "047162999",
        "correspondent_account": "30101810100000000999",
        "settlement_account": "40702810600000012345",
    },
}


def requisites_create(schema: str) -> None:
    from django_tenants.utils import schema_context
    from wagtail.models import Site

    from cms_pages.models import CompanyRequisites

    defaults: dict[str, Any] = REQUISITES.get(schema, {})
    with schema_context(schema):
        site = Site.objects.get(is_default_site=True)
        CompanyRequisites.objects.get_or_create(site=site, defaults=defaults)
