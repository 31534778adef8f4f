"""The companies of the demo. Their packages lie in `samples/<schema>/`."""

from dataclasses import dataclass


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
    ),
    DemoCompany(
        schema="novgorod",
        name="ООО «Газпром межрегионгаз Великий Новгород»",
        region="Новгородская область",
        phone="(8162) 99-20-20",
        colours=("#0f6b5c", "#e8b23a"),
        account="510080",
        example="лицевой счёт 510080, инициалы ВАМ",
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
        time_zone="Asia/Yekaterinburg",
    ),
)
