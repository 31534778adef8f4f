"""The records that the portal starts with. Central admins add what changes later."""

import datetime
from typing import NamedTuple

from tenants.legal.rule import LegalValue
from tenants.legal.rules import RULES
from tenants.models import LegalRecord

HOUSING_CODE = "Жилищный кодекс РФ, статья 155"
SUPPLY_RULES = (
    "Правила поставки газа населению (постановление Правительства РФ от 21.07.2008 № 549)"
)
SERVICE_RULES = "Правила предоставления коммунальных услуг (постановление № 354 от 06.05.2011)"
RATE_CAP = "Постановление Правительства РФ от 26.03.2022 № 474 с изменениями"
CENTRAL_BANK = "Банк России, cbr.ru"
CONTRACT = "Договор компании с банком"
PORTAL_RULE = "Правило портала"
CONNECTION_RULES = (
    "Правила подключения к сетям газораспределения "
    "(постановление Правительства РФ от 13.09.2021 № 1547)"
)
NETWORK_SITE = "Сайт газораспределительной организации, без даты"
PERSONAL_DATA = "Федеральный закон от 27.07.2006 № 152-ФЗ"
_CHECK_TERM = "Сверьте с действующей редакцией правил № 1547: на сайте даты нет."
_ADD_TERM = (
    "Внесите срок по действующей редакции правил. Пока его нет, заявителям он не показывается."
)


class Seed(NamedTuple):
    code: str
    valid_from: str
    value: str | None
    source: str
    note: str = ""


# The rules of connection hold for six years.
_RULES_END = datetime.date(2027, 10, 17)

SEEDS = (
    Seed(
        "payment_due_day", "2005-03-01", "10", f"{HOUSING_CODE}, часть 1", "По февраль 2026 года."
    ),
    Seed(
        "payment_due_day",
        "2026-03-01",
        "15",
        f"{HOUSING_CODE}, часть 1",
        "С квитанции за март 2026.",
    ),
    Seed("bill_issued_by_day", "2026-03-01", "5", f"{HOUSING_CODE}, часть 2"),
    Seed(
        "readings_until_day", "2008-08-01", "25", SUPPLY_RULES, "Принимаются в любой день месяца."
    ),
    Seed("average_months_limit", "2012-09-01", "3", SERVICE_RULES, "Дальше — по нормативу."),
    Seed("average_over_months", "2008-08-01", "12", SUPPLY_RULES, "Младше прибор — за всё время."),
    Seed("verification_notice_days", "2008-08-01", "90", PORTAL_RULE),
    Seed("verification_warning_days", "2008-08-01", "30", PORTAL_RULE),
    Seed(
        "verification_missed_factor",
        "2008-08-01",
        "1",
        SUPPLY_RULES,
        "Прибор с истёкшим сроком поверки не считается исправным: объём — по нормативу.",
    ),
    Seed("penalty_free_days", "2016-01-01", "30", f"{HOUSING_CODE}, часть 14"),
    Seed("penalty_first_until_day", "2016-01-01", "90", f"{HOUSING_CODE}, часть 14"),
    Seed("penalty_first_divisor", "2016-01-01", "300", f"{HOUSING_CODE}, часть 14"),
    Seed("penalty_second_divisor", "2016-01-01", "130", f"{HOUSING_CODE}, часть 14"),
    Seed("capital_repair_penalty_divisor", "2016-01-01", "300", f"{HOUSING_CODE}, часть 14.1"),
    Seed("penalty_rate_cap", "2022-03-28", "9.5", RATE_CAP),
    Seed(
        "penalty_rate_cap",
        "2027-01-01",
        None,
        RATE_CAP,
        "Ограничение введено до 1 января 2027 года.",
    ),
    Seed(
        "key_rate",
        "2024-10-28",
        "21",
        CENTRAL_BANK,
        "Добавляйте запись после каждого решения, даже если ставка осталась прежней.",
    ),
    Seed(
        "key_rate_meeting",
        "2026-10-23",
        "2026-12-18",
        "Календарь заседаний Совета директоров Банка России на 2026 год",
        "После заседания внесите решение и\u00a0день следующего.",
    ),
    Seed("capital_repair_commission_percent", "2024-01-01", "1.5", CONTRACT),
    Seed("capital_repair_commission_min", "2024-01-01", "15", CONTRACT),
    Seed("capital_repair_commission_max", "2024-01-01", "15000", CONTRACT),
    Seed("consent_withdrawal_days", "2006-07-27", "30", f"{PERSONAL_DATA}, статья 21, часть 5"),
    Seed(
        "account_deletion_days",
        "2026-01-01",
        "14",
        f"{PERSONAL_DATA}, статья 21",
        "Срок на то, чтобы передумать. Закон его не задаёт, но удалить данные нужно не позже, чем через "
        "30 дней: задавайте меньше.",
    ),
    Seed("connection_forward_days", "2021-10-18", "1", PORTAL_RULE, "Срок, чтобы передать заявку."),
    Seed("connection_check_days", "2021-10-18", None, CONNECTION_RULES, _ADD_TERM),
    Seed("connection_calculation_days", "2021-10-18", "7", NETWORK_SITE, _CHECK_TERM),
    Seed("connection_contract_days_min", "2021-10-18", "5", NETWORK_SITE, _CHECK_TERM),
    Seed("connection_contract_days", "2021-10-18", "30", NETWORK_SITE, _CHECK_TERM),
    Seed("connection_works_days_first", "2021-10-18", None, CONNECTION_RULES, _ADD_TERM),
    Seed("connection_works_days_second", "2021-10-18", None, CONNECTION_RULES, _ADD_TERM),
    Seed("connection_works_days_third", "2021-10-18", None, CONNECTION_RULES, _ADD_TERM),
    Seed("connection_maintenance_days", "2021-10-18", "30", NETWORK_SITE, "От 14 до 30 дней."),
    Seed("connection_gas_days", "2021-10-18", "15", NETWORK_SITE, _CHECK_TERM),
    Seed("connection_first_distance", "2021-10-18", "200", CONNECTION_RULES),
    Seed("connection_first_flow", "2021-10-18", "20", CONNECTION_RULES),
    Seed("connection_second_distance_village", "2021-10-18", "500", CONNECTION_RULES),
    Seed("connection_second_distance_town", "2021-10-18", "300", CONNECTION_RULES),
    Seed("connection_second_flow", "2021-10-18", "500", CONNECTION_RULES),
    Seed(
        "connection_free_flow",
        "2021-10-18",
        "7",
        CONNECTION_RULES,
        "Расчёт максимального часового расхода не нужен. В прежней редакции было 5 м³/ч.",
    ),
    Seed(
        "consent_rule",
        "2025-09-01",
        "Каждое согласие — отдельный документ и отдельное действие человека.",
        f"{PERSONAL_DATA}, статья 9, часть 1",
    ),
)


def legal_seed() -> None:
    """Add the records that are missing; what central admins have superseded stays as it is."""
    known = set(
        LegalRecord.objects.filter(company=None).values_list("code", "valid_from").distinct()
    )
    for seed in SEEDS:
        day = datetime.date.fromisoformat(seed.valid_from)
        if (seed.code, day) in known:
            continue
        value = {} if seed.value is None else {RULES[seed.code].field: _value(seed)}
        LegalRecord.objects.create(
            code=seed.code,
            valid_from=day,
            source=seed.source,
            note=seed.note,
            review_on=_RULES_END if seed.source == CONNECTION_RULES else None,
            **value,
        )


def _value(seed: Seed) -> LegalValue:
    said = str(seed.value)
    kind = RULES[seed.code].kind
    return kind.fromisoformat(said) if issubclass(kind, datetime.date) else kind(said)
