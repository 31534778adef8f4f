"""Legal values in force on a day: the only readers of the legal records."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from tenants.legal.rules import RULES
from tenants.models import GasCompany, LegalRecord
from tenants.models.legal import LegalValue


class LegalValueMissing(LookupError):
    """No record says what holds on this day: the central office must add one."""


class LegalValueStale(LegalValueMissing):
    """The last record is older than its rule allows: nothing may be reckoned by it."""


def legal_value(
    code: str, day: datetime.date, company: GasCompany | None = None
) -> LegalValue | None:
    """Return what holds on a day: the company's own value, else the common one.

    None means that the rule has ended. A number is in the rule's unit (`RULES`). Raises
    LegalValueMissing when no record began by that day, and KeyError for an unknown code.
    """
    if code not in RULES:
        raise KeyError(code)
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records = LegalRecord.objects.filter(whose, code=code, valid_from__lte=day)
    return _in_force(code, day, list(records.order_by("valid_from")))


def legal_values(
    code: str, days: Collection[datetime.date], company: GasCompany | None = None
) -> dict[datetime.date, LegalValue | None]:
    """Return `legal_value` on several days, without those that come before any record. One query."""
    if not days:
        return {}
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records = LegalRecord.objects.filter(whose, code=code, valid_from__lte=max(days))
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
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records: dict[str, list[LegalRecord]] = {code: [] for code in codes if RULES[code]}
    found = LegalRecord.objects.filter(whose, code__in=records, valid_from__lte=day)
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
    whose = Q(company=None) | Q(company=company) if company else Q(company=None)
    records = LegalRecord.objects.filter(whose, code=code, valid_from__lte=day)
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
    """Return the company's last own record if it says something, else the last common one."""
    last = {record.company_id is not None: record for record in records}
    found = [last[own] for own in (True, False) if own in last]
    if found and found[0].company_id is not None and found[0].value is None:
        found = found[1:]
    return found[0] if found and found[0].value is not None else None
