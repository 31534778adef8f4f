"""Rates, dates and rules of law: data with a date and a source, never code."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from tenants.models import GasCompany, LegalRecord
from tenants.models.legal import LegalValue

_FIELDS: dict[type, str] = {Decimal: "number", datetime.date: "day", str: "text"}


class LegalValueMissing(LookupError):
    """Nobody has said what holds on this day: the central office must add a record."""


@dataclass(frozen=True)
class Rule:
    """What may be recorded under a code. `unit` is shown beside the number, an ending right after it."""

    label: str
    unit: str = ""
    kind: type[Decimal] | type[datetime.date] | type[str] = Decimal

    @property
    def field(self) -> str:
        return _FIELDS[self.kind]


RULES: dict[str, Rule] = {
    "payment_due_day": Rule("Оплатить до", "-е число месяца, следующего за расчётным"),
    "bill_issued_by_day": Rule("Квитанция выставляется до", "-е число месяца"),
    "readings_until_day": Rule("Показания просят передать до", "-е число месяца"),
    "average_months_limit": Rule("Начисление по среднему не дольше", "мес."),
    "average_over_months": Rule("Среднее считается за последние", "мес."),
    "verification_notice_days": Rule("О поверке напоминать за", "дн."),
    "verification_warning_days": Rule("О поверке предупреждать за", "дн."),
    "verification_missed_factor": Rule("После срока поверки: норматив умножается на", ""),
    "penalty_free_days": Rule("Дней просрочки без пени", "дн."),
    "penalty_first_until_day": Rule("Первая ступень пени до дня просрочки", "-й день"),
    "penalty_first_divisor": Rule("Первая ступень пени: ставка делится на", ""),
    "penalty_second_divisor": Rule("Вторая ступень пени: ставка делится на", ""),
    "capital_repair_penalty_divisor": Rule("Пеня по взносам на капремонт: ставка делится на", ""),
    "penalty_rate_cap": Rule("Ставка для расчёта пени не больше", "% годовых"),
    "key_rate": Rule("Ключевая ставка Банка России", "% годовых"),
    "capital_repair_commission_percent": Rule("Комиссия банка за взнос на капремонт", "%"),
    "capital_repair_commission_min": Rule("Комиссия за взнос на капремонт не меньше", "₽"),
    "capital_repair_commission_max": Rule("Комиссия за взнос на капремонт не больше", "₽"),
    "consent_withdrawal_days": Rule("Удаление данных после отзыва согласия", "дн."),
    "account_deletion_days": Rule("Удаление аккаунта можно отменить", "дн."),
    "consent_rule": Rule("Как берётся согласие на обработку данных", kind=str),
}


def legal_value(
    code: str, day: datetime.date, company: GasCompany | None = None
) -> LegalValue | None:
    """What holds on `day`: the company's own record, else the common one; None if the rule has ended.

    A number is in the rule's unit (`RULES`). Raises LegalValueMissing when no record began by that day,
    and KeyError for an unknown code.
    """
    if code not in RULES:
        raise KeyError(code)
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records = LegalRecord.objects.filter(whose, code=code, valid_from__lte=day)
    return _in_force(code, day, list(records.order_by("valid_from")))


def legal_numbers(
    codes: Collection[str], day: datetime.date, company: GasCompany | None = None
) -> dict[str, Decimal]:
    """`legal_number` of several rules by one query. Raises LegalValueMissing, and KeyError."""
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records: dict[str, list[LegalRecord]] = {code: [] for code in codes if RULES[code]}
    found = LegalRecord.objects.filter(whose, code__in=records, valid_from__lte=day)
    for record in found.order_by("valid_from"):
        records[record.code].append(record)
    return {code: _number(code, day, _in_force(code, day, records[code])) for code in codes}


def _in_force(code: str, day: datetime.date, records: Iterable[LegalRecord]) -> LegalValue | None:
    """`records` in the order of their dates: the last of each kind counts."""
    common = own = None
    for record in records:
        if record.company_id is None:
            common = record
        else:
            own = record
    if own is not None and own.value is not None:
        return own.value
    if common is None:
        raise LegalValueMissing(f"{RULES[code].label}: на {day:%d.%m.%Y} ничего не задано.")
    return common.value


def legal_number(code: str, day: datetime.date, company: GasCompany | None = None) -> Decimal:
    """`legal_value` of a rule that must be in force and is a number. Raises LegalValueMissing."""
    return _number(code, day, legal_value(code, day, company))


def _number(code: str, day: datetime.date, value: LegalValue | None) -> Decimal:
    if not isinstance(value, Decimal):
        raise LegalValueMissing(f"{RULES[code].label}: на {day:%d.%m.%Y} не действует.")
    return value


@dataclass(frozen=True)
class RuleInForce:
    """`record` holds on the day; None: the rule is not in force. `coming`: later ones, soonest first."""

    code: str
    label: str
    record: LegalRecord | None
    coming: list[LegalRecord]

    @property
    def is_own(self) -> bool:
        return self.record is not None and self.record.company_id is not None


def rules_in_force(day: datetime.date, company: GasCompany) -> list[RuleInForce]:
    """Every rule that is or will be recorded for this company; one query."""
    whose = Q(company=None) | Q(company=company)
    by_code: dict[str, list[LegalRecord]] = {}
    for record in LegalRecord.objects.filter(whose).order_by("valid_from"):
        by_code.setdefault(record.code, []).append(record)
    return [
        RuleInForce(
            code,
            rule.label,
            _record_in_force([one for one in by_code[code] if one.valid_from <= day]),
            [one for one in by_code[code] if one.valid_from > day],
        )
        for code, rule in RULES.items()
        if code in by_code
    ]


def _record_in_force(records: Iterable[LegalRecord]) -> LegalRecord | None:
    """The last of the company's own if it says something, else the last common one that does."""
    last = {record.company_id is not None: record for record in records}
    found = [last[own] for own in (True, False) if own in last]
    if found and found[0].company_id is not None and found[0].value is None:
        found = found[1:]
    return found[0] if found and found[0].value is not None else None
