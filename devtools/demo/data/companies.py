"""The companies of the demo. Their packages lie in `samples/<schema>/`."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    schema: str
    name: str
    region: str
    kind: str = "gas"
    time_zone: str = "Europe/Moscow"
    phone: str
    colours: tuple[str, str]  # the brand's, and the one beside it
    # The manuals' own example, and what a visitor may type to find it.
    account: str = ""
    example: str = ""
    # Accounts that are linked by a sum, and the answers (tests/cabinet/test_guessing.py).
    linked_by: str = ""
    # Others of the demo's subscriber: a house with two years of readings, one with two meters.
    more_accounts: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        return f"{self.schema}.gas.localhost"


COMPANIES = (
    DemoCompany(
        schema="pskov",
        name="ООО «Газпром межрегионгаз Псков»",
        region="Псковская область",
        phone="(8112) 59-50-50",
        colours=("#0057a8", "#f4a62a"),
        account="805107",
        example="лицевой счёт 805107, инициалы ОЕГ, счётчик № 07416852",
        more_accounts=("806018", "807402"),
        linked_by="805112, КНЕ, платёж 182,36; 806018, ФПА, сумма из квитанции 956,24",
    ),
    DemoCompany(
        schema="novgorod",
        name="ООО «Газпром межрегионгаз Великий Новгород»",
        region="Новгородская область",
        phone="(8162) 99-20-20",
        colours=("#0f6b5c", "#e8b23a"),
        account="510080",
        example="лицевой счёт 510080, инициалы ВАМ",
        linked_by="512007, ГЮК, сумма из квитанции 1362,82",
    ),
    DemoCompany(
        schema="yugra",
        name="Югорский фонд капитального ремонта многоквартирных домов",
        region="Ханты-Мансийский автономный округ — Югра",
        phone="8 (800) 100-21-86",
        colours=("#7a2e4d", "#7fb7a6"),
        kind="capital_repair",
        account="8600220999",
        more_accounts=("8600114207",),
        linked_by="8600220999, ВНГ, сумма из квитанции 2281,61 или платёж 561,37",
        time_zone="Asia/Yekaterinburg",
    ),
)


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
