"""Legal values in force on a day: the only readers of the legal records."""

import datetime
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from tenants.legal.rule import LegalValue
from tenants.legal.rules import RULES
from tenants.models import GasCompany, LegalRecord


class LegalValueMissing(LookupError):
    """No record says what holds on this day: the central office must add one."""


class LegalValueStale(LegalValueMissing):
    """The last record is older than its rule allows: nothing may be reckoned by it."""


def records_that_count() -> QuerySet[LegalRecord]:
    """Return the records of all, without those that were superseded."""
    return LegalRecord.objects.filter(superseded_at=None)


def _that_count(company: GasCompany | None) -> QuerySet[LegalRecord]:
    """Return the common records and the company's own, without those that were superseded."""
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    return records_that_count().filter(whose)


def value_of(
    code: str, day: datetime.date, company: GasCompany | None, without: int = 0
) -> LegalValue | None:
    """Return `legal_value`, None also where no record says it; as if one record were not there."""
    records = _that_count(company).filter(code=code, valid_from__lte=day).exclude(pk=without)
    with suppress(LegalValueMissing):
        return _in_force(code, day, records.order_by("valid_from"))
    return None


def own_values(code: str, day: datetime.date) -> set[int]:
    """Return the numbers of the companies that go by a value of their own on the day."""
    records = records_that_count().filter(code=code, valid_from__lte=day).exclude(company=None)
    last = {record.company_id: record for record in records.order_by("valid_from")}
    return {number for number, record in last.items() if number and record.value is not None}


def legal_value(
    code: str, day: datetime.date, company: GasCompany | None = None
) -> LegalValue | None:
    """Return what holds on a day: the company's own value, else the common one.

    None means that the rule has ended. A number is in the rule's unit (`RULES`). Raises
    LegalValueMissing when no record began by that day, and KeyError for an unknown code.
    """
    if code not in RULES:
        raise KeyError(code)
    records = _that_count(company).filter(code=code, valid_from__lte=day)
    return _in_force(code, day, list(records.order_by("valid_from")))


def legal_values(
    code: str, days: Collection[datetime.date], company: GasCompany | None = None
) -> dict[datetime.date, LegalValue | None]:
    """Return `legal_value` on several days, without those that come before any record. One query."""
    if not days:
        return {}
    records = _that_count(company).filter(code=code, valid_from__lte=max(days))
    ordered = list(records.order_by("valid_from"))
    found: dict[datetime.date, LegalValue | None] = {}
    for day in days:
        until = [record for record in ordered if record.valid_from <= day]
        try:
            found[day] = _in_force(code, day, until)
        except LegalValueMissing:
            continue
    return found


def legal_numbers(
    codes: Collection[str], day: datetime.date, company: GasCompany | None = None
) -> dict[str, Decimal]:
    """Return `legal_number` of several rules by one query. Raises LegalValueMissing, KeyError."""
    records: dict[str, list[LegalRecord]] = {code: [] for code in codes if RULES[code]}
    found = _that_count(company).filter(code__in=records, valid_from__lte=day)
    for record in found.order_by("valid_from"):
        records[record.code].append(record)
    return {code: _number(code, day, _in_force(code, day, records[code])) for code in codes}


def _in_force(code: str, day: datetime.date, records: Iterable[LegalRecord]) -> LegalValue | None:
    """Return what records in the order of their dates say: the last of each kind counts."""
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
    """Return the value of a rule that must hold and be a number. Raises LegalValueMissing."""
    return _number(code, day, legal_value(code, day, company))


def trusted_number(code: str, day: datetime.date, company: GasCompany | None = None) -> Decimal:
    """Return `legal_number` of a rule whose records are relied on for `trusted_days` alone.

    Raises LegalValueStale, LegalValueMissing.
    """
    records = _that_count(company).filter(code=code, valid_from__lte=day)
    record = _record_in_force(records.order_by("valid_from"))
    if record is None or not isinstance(record.value, Decimal):
        raise LegalValueMissing(f"{RULES[code].label}: на {day:%d.%m.%Y} ничего не задано.")
    trusted = RULES[code].trusted_days
    if trusted is not None and (day - record.valid_from).days > trusted:
        raise LegalValueStale(
            f"{RULES[code].label}: последняя запись — с {record.valid_from:%d.%m.%Y}."
        )
    return record.value


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
    """Return every rule that is or will be recorded for this company; one query."""
    by_code: dict[str, list[LegalRecord]] = {}
    for record in _that_count(company).order_by("valid_from"):
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
    """Return the company's last own record if it says something, else the last common one."""
    last = {record.company_id is not None: record for record in records}
    found = [last[own] for own in (True, False) if own in last]
    if found and found[0].company_id is not None and found[0].value is None:
        found = found[1:]
    return found[0] if found and found[0].value is not None else None
