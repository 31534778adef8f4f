"""The companies of the demo. Their packages lie in `samples/<schema>/`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    schema: str
    name: str
    region: str
    kind: str = "gas"
    time_zone: str = "Europe/Moscow"
    # The manuals' own example, and what a visitor may type to find it.
    account: str = ""
    example: str = ""

    @property
    def host(self) -> str:
        return f"{self.schema}.gas.localhost"


COMPANIES = (
    DemoCompany(
        schema="pskov",
        name="ООО «Газпром межрегионгаз Псков»",
        region="Псковская область",
        account="805107",
        example="лицевой счёт 805107, инициалы ОЕГ, счётчик № 07416852",
    ),
    DemoCompany(
        schema="novgorod",
        name="ООО «Газпром межрегионгаз Великий Новгород»",
        region="Новгородская область",
        account="510080",
        example="лицевой счёт 510080, инициалы ВАМ",
    ),
    DemoCompany(
        schema="yugra",
        name="Югорский фонд капитального ремонта многоквартирных домов",
        region="Ханты-Мансийский автономный округ — Югра",
        kind="capital_repair",
        time_zone="Asia/Yekaterinburg",
    ),
)
