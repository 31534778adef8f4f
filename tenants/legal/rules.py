"""Which rules may be recorded, and of what kind their values are."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

_FIELDS: dict[type, str] = {Decimal: "number", datetime.date: "day", str: "text"}

# Units whose word depends on the number.
DAYS, MONTHS, WORKING_DAYS = "days", "months", "working_days"


@dataclass(frozen=True)
class Rule:
    """What may be recorded under a code. `unit` is shown beside the number, an ending right after it.

    `trusted_days`: how long after its first day a record may be relied on without a newer one.
    """

    label: str
    unit: str = ""
    kind: type[Decimal] | type[datetime.date] | type[str] = Decimal
    trusted_days: int | None = None

    @property
    def field(self) -> str:
        return _FIELDS[self.kind]


RULES: dict[str, Rule] = {
    "payment_due_day": Rule("Оплатить до", "-е число месяца, следующего за расчётным"),
    "bill_issued_by_day": Rule("Квитанция выставляется до", "-е число месяца"),
    "readings_until_day": Rule("Показания просят передать до", "-е число месяца"),
    "average_months_limit": Rule("Начисление по среднему не дольше", MONTHS),
    "average_over_months": Rule("Среднее считается за последние", MONTHS),
    "verification_notice_days": Rule("О поверке напоминать за", DAYS),
    "verification_warning_days": Rule("О поверке предупреждать за", DAYS),
    "verification_missed_factor": Rule("После срока поверки: норматив умножается на", ""),
    "penalty_free_days": Rule("Дней просрочки без пени", DAYS),
    "penalty_first_until_day": Rule("Первая ступень пени до дня просрочки", "-й день"),
    "penalty_first_divisor": Rule("Первая ступень пени: ставка делится на", ""),
    "penalty_second_divisor": Rule("Вторая ступень пени: ставка делится на", ""),
    "capital_repair_penalty_divisor": Rule("Пеня по взносам на капремонт: ставка делится на", ""),
    "penalty_rate_cap": Rule("Ставка для расчёта пени не больше", "% годовых"),
    # The Bank of Russia decides every six to eight weeks; each decision is a record.
    "key_rate": Rule("Ключевая ставка Банка России", "% годовых", trusted_days=70),
    "capital_repair_commission_percent": Rule("Комиссия банка за взнос на капремонт", "%"),
    "capital_repair_commission_min": Rule("Комиссия за взнос на капремонт не меньше", "₽"),
    "capital_repair_commission_max": Rule("Комиссия за взнос на капремонт не больше", "₽"),
    "consent_withdrawal_days": Rule("Удаление данных после отзыва согласия", DAYS),
    "account_deletion_days": Rule("Удаление личного кабинета можно отменить", DAYS),
    "connection_free_flow": Rule("Подключение газа: без расчёта расхода до", "м³/ч"),
    # Connection to gas networks: terms, and by what an applicant's category goes.
    "connection_forward_days": Rule("Заявку на присоединение передать получателю за", WORKING_DAYS),
    "connection_check_days": Rule("Присоединение: заявку и документы проверяют за", WORKING_DAYS),
    "connection_calculation_days": Rule("Присоединение: расчёт расхода газа за", WORKING_DAYS),
    "connection_contract_days_min": Rule("Присоединение: договор готовят от", WORKING_DAYS),
    "connection_contract_days": Rule("Присоединение: договор готовят не дольше", WORKING_DAYS),
    "connection_works_days_first": Rule("Присоединение: работы, первая категория", DAYS),
    "connection_works_days_second": Rule("Присоединение: работы, вторая категория", DAYS),
    "connection_works_days_third": Rule("Присоединение: работы, третья категория", DAYS),
    "connection_maintenance_days": Rule("Договор на техобслуживание заключают за", DAYS),
    "connection_gas_days": Rule("Газ пускают после готовности не раньше чем через", DAYS),
    "connection_first_distance": Rule("Первая категория: до сети не дальше", "м"),
    "connection_first_flow": Rule("Первая категория: расход не больше", "м³/ч"),
    "connection_second_distance_village": Rule("Вторая категория: до сети в селе не дальше", "м"),
    "connection_second_distance_town": Rule("Вторая категория: до сети в городе не дальше", "м"),
    "connection_second_flow": Rule("Вторая категория: расход меньше", "м³/ч"),
    "consent_rule": Rule("Как берётся согласие на обработку данных", kind=str),
}
