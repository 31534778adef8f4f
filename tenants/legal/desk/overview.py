"""What is in force of every rule, what comes, and the history of one."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.formats.text import fold
from tenants.legal.rule import Rule, Subject
from tenants.legal.rules import RULES
from tenants.legal.selectors import records_that_count
from tenants.models import LegalRecord


@dataclass(frozen=True)
class RuleRow:
    """`record`: the common one in force; `coming`: later ones; `own`: how many companies have theirs."""

    code: str
    rule: Rule
    record: LegalRecord | None
    coming: list[LegalRecord]
    own: int


@dataclass(frozen=True)
class RecordRow:
    record: LegalRecord
    state: str
    is_past: bool

    @property
    def is_coming(self) -> bool:
        return not self.is_past and self.record.valid_from > timezone.localdate()


def rules_by_subject(day: datetime.date, query: str = "") -> list[tuple[str, list[RuleRow]]]:
    """Return the rules whose label, unit or code has every word of the query. One query."""
    words = fold(query).split()
    records: dict[str, list[LegalRecord]] = {}
    for record in records_that_count().order_by("valid_from"):
        records.setdefault(record.code, []).append(record)
    found = []
    for subject in Subject:
        rows = [
            _row(code, rule, records.get(code, []), day)
            for code, rule in RULES.items()
            if rule.subject == subject and _matches(code, rule, words)
        ]
        if rows:
            found.append((str(subject.label), rows))
    return found


def _matches(code: str, rule: Rule, words: list[str]) -> bool:
    text = fold(f"{rule.label} {rule.unit_said} {rule.subject.label} {code}")
    return all(word in text or fold(code).find(word) >= 0 for word in words)


def _row(code: str, rule: Rule, records: list[LegalRecord], day: datetime.date) -> RuleRow:
    common = [record for record in records if record.company_id is None]
    begun = [record for record in common if record.valid_from <= day]
    own = {one.company_id: one for one in records if one.company_id and one.valid_from <= day}
    return RuleRow(
        code,
        rule,
        begun[-1] if begun else None,
        [record for record in common if record.valid_from > day],
        sum(record.value is not None for record in own.values()),
    )


def records_of(code: str, day: datetime.date) -> list[RecordRow]:
    """Return all records of a rule, newest first, each with what became of it. One query."""
    records = LegalRecord.objects.filter(code=code).select_related("company")
    rows = []
    newer: dict[int | None, LegalRecord] = {}
    for record in records.order_by("-valid_from", "-pk"):
        if record.superseded_at:
            state, is_past = _("заменена"), True
        elif record.valid_from > day:
            state, is_past = _("начнёт действовать"), False
        elif record.company_id in newer:
            state, is_past = _("действовала раньше"), True
        else:
            state, is_past = _("действует"), False
            newer[record.company_id] = record
        rows.append(RecordRow(record, state, is_past))
    return rows
