"""Which rules may be recorded, and within which limits."""

import datetime
from collections.abc import Collection
from decimal import Decimal

from tenants.legal.rule import (
    DAYS,
    EVERYONE,
    GAS,
    MONTHS,
    REPAIR,
    WORKING_DAYS,
    Rule,
    Subject,
)

__all__ = ["DAYS", "MONTHS", "ORDERED", "RULES", "WORKING_DAYS", "Rule"]

_ONLY_LISTED = (
    "Список правовых норм в\u00a0админке компаний. На\u00a0расчёты портала не\u00a0влияет."
)
_PENALTY = "Личный кабинет, пояснение к\u00a0квитанции: расчёт пени."
_READINGS = "Личный кабинет, «Передача показаний»: начисление без показаний и\u00a0его стоимость."
_VERIFICATION = "Личный кабинет, «Передача показаний»: подсказка о\u00a0поверке счётчика."
_CATEGORY = "Заявка на\u00a0присоединение: по\u00a0чему определяется категория заявителя."
_TERM = (
    "Заявка на\u00a0присоединение: сроки на\u00a0странице заявки и\u00a0в\u00a0письмах заявителю."
)
_FUND_FEE = (
    "Список правовых норм в\u00a0админке фондов. Комиссию на\u00a0странице оплаты фонд задаёт сам, "
    "в\u00a0настройках оплаты."
)


def _number(
    label: str, unit: str, span: tuple[str, str], places: int = 0, *, shows: str, subject: Subject
) -> Rule:
    low, high = map(Decimal, span)
    return Rule(
        label=label, subject=subject, shows=shows, unit=unit, low=low, high=high, places=places
    )


def _of(rule: Rule, **more: object) -> Rule:
    return Rule(**{**vars(rule), **more})


def _paying(
    label: str, unit: str, span: tuple[str, str], places: int = 0, *, shows: str = _PENALTY
) -> Rule:
    return _number(label, unit, span, places, shows=shows, subject=Subject.PAYING)


def _reading(
    label: str, unit: str, span: tuple[str, str], places: int = 0, *, shows: str = _VERIFICATION
) -> Rule:
    rule = _number(label, unit, span, places, shows=shows, subject=Subject.READINGS)
    return _of(rule, kinds=frozenset({GAS}), own_kinds=frozenset({GAS}))


def _fund(
    label: str, unit: str, span: tuple[str, str], places: int = 0, *, shows: str = _FUND_FEE
) -> Rule:
    rule = _number(label, unit, span, places, shows=shows, subject=Subject.REPAIR)
    return _of(rule, kinds=frozenset({REPAIR}), own_kinds=frozenset({REPAIR}))


def _person(label: str, high: str, *, own: Collection[str] = frozenset()) -> Rule:
    shows = "Личный кабинет, «Настройки», удаление: до\u00a0какого дня его можно отменить."
    rule = _number(label, DAYS, ("1", high), shows=shows, subject=Subject.PEOPLE)
    return _of(rule, own_kinds=own)


def _connection(
    label: str, unit: str, span: tuple[str, str], places: int = 0, *, shows: str = _TERM
) -> Rule:
    """Return a rule that the network's operator may set otherwise, and that may be unknown."""
    rule = _number(label, unit, span, places, shows=shows, subject=Subject.CONNECTION)
    return _of(rule, kinds=frozenset({GAS}), own_kinds=frozenset({GAS}), may_end=True)


_MONTH_DAY = "-е число месяца"

RULES: dict[str, Rule] = {
    # A gas company cannot set another day; of a fund the law of its region may.
    "payment_due_day": _of(
        _paying(
            "Оплатить до",
            "-е число месяца, следующего за расчётным",
            ("1", "31"),
            shows="Квитанция и\u00a0личный кабинет: до\u00a0какого дня заплатить и\u00a0с\u00a0какого дня "
            "считается просрочка.",
        ),
        own_kinds=frozenset({REPAIR}),
    ),
    "bill_issued_by_day": _paying(
        "Квитанция выставляется до", _MONTH_DAY, ("1", "31"), shows=_ONLY_LISTED
    ),
    # More days without a penalty than the law gives are a company's own will.
    "penalty_free_days": _of(
        _paying("Дней просрочки без пени", DAYS, ("0", "365")), own_kinds=EVERYONE
    ),
    "penalty_first_until_day": _paying(
        "Первая ступень пени до дня просрочки", "-й день", ("1", "1000")
    ),
    "penalty_first_divisor": _paying("Первая ступень пени: ставка делится на", "", ("50", "1000")),
    "penalty_second_divisor": _paying("Вторая ступень пени: ставка делится на", "", ("50", "1000")),
    "penalty_rate_cap": _of(
        _paying("Ставка для расчёта пени не больше", "% годовых", ("1", "40"), 2), may_end=True
    ),
    # The Bank of Russia decides every six to eight weeks; each decision is a record.
    "key_rate": _of(
        _paying("Ключевая ставка Банка России", "% годовых", ("0.25", "40"), 2), trusted_days=70
    ),
    "key_rate_meeting": Rule(
        label="Следующее заседание Банка России по ключевой ставке",
        subject=Subject.PAYING,
        shows="Главная страница центрального офиса: напоминание внести решение.",
        kind=datetime.date,
    ),
    "readings_until_day": _reading(
        "Показания просят передать до",
        _MONTH_DAY,
        ("1", "31"),
        shows="Личный кабинет, «Передача показаний»: до\u00a0какого числа их ждём и\u00a0за\u00a0какой месяц "
        "учтём; напоминания абонентам.",
    ),
    "average_months_limit": _reading(
        "Начисление по среднему не дольше", MONTHS, ("1", "12"), shows=_READINGS
    ),
    "average_over_months": _reading(
        "Среднее считается за последние", MONTHS, ("1", "36"), shows=_READINGS
    ),
    "verification_notice_days": _reading("О поверке напоминать за", DAYS, ("1", "365")),
    "verification_warning_days": _reading("О поверке предупреждать за", DAYS, ("1", "365")),
    "verification_missed_factor": _reading(
        "После срока поверки: норматив умножается на", "", ("1", "10"), 2, shows=_READINGS
    ),
    "capital_repair_penalty_divisor": _of(
        _fund(
            "Пеня по взносам на капремонт: ставка делится на", "", ("50", "1000"), shows=_PENALTY
        ),
        own_kinds=frozenset(),
    ),
    "capital_repair_commission_percent": _fund(
        "Комиссия банка за взнос на капремонт", "%", ("0", "10"), 2
    ),
    "capital_repair_commission_min": _fund(
        "Комиссия за взнос на капремонт не меньше", "₽", ("0", "1000"), 2
    ),
    "capital_repair_commission_max": _fund(
        "Комиссия за взнос на капремонт не больше", "₽", ("0", "100000"), 2
    ),
    "consent_withdrawal_days": _person("Удаление данных после отзыва согласия", "30"),
    # The law wants the data gone within thirty days.
    "account_deletion_days": _person(
        "Удаление личного кабинета можно отменить", "29", own=EVERYONE
    ),
    "consent_rule": Rule(
        label="Как берётся согласие на обработку данных",
        subject=Subject.PEOPLE,
        shows=_ONLY_LISTED,
        kind=str,
        choices=(
            "Каждое согласие — отдельный документ и отдельное действие человека.",
            "Согласие может быть частью другого документа.",
        ),
    ),
    "connection_free_flow": _connection(
        "Подключение газа: без расчёта расхода до",
        "м³/ч",
        ("1", "100"),
        2,
        shows="Калькулятор расхода газа: кому расчёт не\u00a0нужен.",
    ),
    # Connection to gas networks: terms, and by what an applicant's category goes.
    "connection_forward_days": _connection(
        "Заявку на присоединение передать получателю за", WORKING_DAYS, ("1", "30")
    ),
    "connection_check_days": _connection(
        "Присоединение: заявку и документы проверяют за", WORKING_DAYS, ("1", "90")
    ),
    "connection_calculation_days": _connection(
        "Присоединение: расчёт расхода газа за", WORKING_DAYS, ("1", "90"), shows=_ONLY_LISTED
    ),
    "connection_contract_days_min": _connection(
        "Присоединение: договор готовят от", WORKING_DAYS, ("1", "90"), shows=_ONLY_LISTED
    ),
    "connection_contract_days": _connection(
        "Присоединение: договор готовят не дольше", WORKING_DAYS, ("1", "90")
    ),
    "connection_works_days_first": _connection(
        "Присоединение: работы, первая категория", DAYS, ("1", "1500")
    ),
    "connection_works_days_second": _connection(
        "Присоединение: работы, вторая категория", DAYS, ("1", "1500")
    ),
    "connection_works_days_third": _connection(
        "Присоединение: работы, третья категория", DAYS, ("1", "1500")
    ),
    "connection_maintenance_days": _connection(
        "Договор на техобслуживание заключают за", DAYS, ("1", "365"), shows=_ONLY_LISTED
    ),
    "connection_gas_days": _connection(
        "Газ пускают после готовности не раньше чем через", DAYS, ("1", "365")
    ),
    "connection_first_distance": _connection(
        "Первая категория: до сети не дальше", "м", ("1", "5000"), shows=_CATEGORY
    ),
    "connection_first_flow": _connection(
        "Первая категория: расход не больше", "м³/ч", ("1", "5000"), 2, shows=_CATEGORY
    ),
    "connection_second_distance_village": _connection(
        "Вторая категория: до сети в селе не дальше", "м", ("1", "5000"), shows=_CATEGORY
    ),
    "connection_second_distance_town": _connection(
        "Вторая категория: до сети в городе не дальше", "м", ("1", "5000"), shows=_CATEGORY
    ),
    "connection_second_flow": _connection(
        "Вторая категория: расход меньше", "м³/ч", ("1", "5000"), 2, shows=_CATEGORY
    ),
}

# Of each pair the first is at most the second, in whatever order they are recorded.
ORDERED = (
    ("bill_issued_by_day", "payment_due_day"),
    ("penalty_free_days", "penalty_first_until_day"),
    # The larger divisor is the smaller penalty: it comes first.
    ("penalty_second_divisor", "penalty_first_divisor"),
    ("verification_warning_days", "verification_notice_days"),
    ("capital_repair_commission_min", "capital_repair_commission_max"),
    ("account_deletion_days", "consent_withdrawal_days"),
    ("connection_contract_days_min", "connection_contract_days"),
    ("connection_first_distance", "connection_second_distance_town"),
    ("connection_second_distance_town", "connection_second_distance_village"),
    ("connection_first_flow", "connection_second_flow"),
)
