"""Кто за что отвечает: which firm to ask, by the company's own table, before one writes to the wrong one."""

from dataclasses import dataclass
from typing import Any

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.centre.incidents import centre_of
from cabinet.appeals.models import Responsibility
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company


@dataclass(frozen=True)
class Answerers:
    """Who answers for a topic. `is_ours`: at least one of them is the company itself."""

    label: str
    rows: list[Responsibility]

    @property
    def is_ours(self) -> bool:
        return any(row.is_ours for row in self.rows)


def who_answers(account: PersonalAccount | None = None) -> list[Answerers]:
    """Return the topics that the company has entered somebody for, with those of the account's district.

    Without an account, or while its centre is unknown, with those of all districts.
    """
    rows = list(Responsibility.objects.select_related("district"))
    centre = centre_of(account) if account and any(row.district_id for row in rows) else None
    if centre:
        rows = [row for row in rows if row.district_id in {None, *centre.districts_served}]
    topics = ((str(topic.label), topic.value) for topic in Responsibility.Topic)
    found = (
        Answerers(label, [row for row in rows if row.topic == value]) for label, value in topics
    )
    return [one for one in found if one.rows]


def responsibilities_create(company: GasCompany) -> None:
    """Give a new gas company the rows that are true everywhere (a step of provisioning)."""
    if company.kind != GasCompany.Kind.GAS:
        return
    Responsibility.objects.bulk_create(
        Responsibility(order=number, topic=topic, firm=firm or company.name[:150], **rest)
        for number, (topic, firm, rest) in enumerate(_FIRST_ROWS, start=1)
    )


def firms_rename(company: GasCompany, before: GasCompany | None = None, **_: Any) -> None:
    """Bring the company's own name in the table up to date (a receiver of `company_changed`)."""
    if before is None or before.name == company.name or is_behind(company.schema_name):
        return
    with in_company(company):
        Responsibility.objects.filter(is_ours=True, firm=before.name[:150]).update(
            firm=company.name[:150]
        )


_OURS = {"is_ours": True}
# Topic, firm (empty: the company itself), and the rest of the row.
_FIRST_ROWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        Responsibility.Topic.SUPPLY,
        "",
        {"note": "Договор поставки газа, начисления, квитанции, оплата, долги и возвраты."} | _OURS,
    ),
    (
        Responsibility.Topic.NETWORKS,
        "Аварийная газовая служба",
        {
            "phone": "104",
            "note": "Запах газа, утечка, нет газа в доме, слабое давление. Круглосуточно и бесплатно.",
        },
    ),
    (
        Responsibility.Topic.EQUIPMENT,
        "Организация, с которой у вас договор техобслуживания",
        {
            "note": "Ремонт и осмотр плиты, котла, колонки. Название и телефон организации есть в "
            "договоре и в акте осмотра.",
        },
    ),
    (
        Responsibility.Topic.METERS,
        "",
        {"note": "Пломбировка, замена счётчика, документы о поверке."} | _OURS,
    ),
    (
        Responsibility.Topic.METERS,
        "Аккредитованная организация по вашему выбору",
        {"note": "Сама поверка. После неё пришлите нам свидетельство о поверке."},
    ),
)
