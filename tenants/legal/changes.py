"""A change of the law as a central admin types it, and the checks that it passes at every door."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.legal.rule import LegalValue
from tenants.legal.rules import ORDERED, RULES
from tenants.legal.selectors import records_that_count, value_of
from tenants.models import GasCompany, LegalRecord


@dataclass(frozen=True, kw_only=True)
class LegalChange:
    """A record to come; or with `withdraws` one to be dropped before it has begun.

    Without `value` the rule ends, or the company goes by the common rule again. `replaces`: the number of
    the record that was wrong. `past_is_meant`: days before today are to be reckoned anew.
    """

    code: str
    valid_from: datetime.date
    company_id: int | None = None
    value: LegalValue | None = None
    source: str = ""
    note: str = ""
    review_on: datetime.date | None = None
    replaces: int = 0
    withdraws: bool = False
    past_is_meant: bool = False
    reason: str = ""

    def arguments(self) -> dict[str, Any]:
        """Return the change as JSON."""
        return {
            **vars(self),
            "valid_from": self.valid_from.isoformat(),
            "value": None if self.value is None else str(self.value),
            "review_on": self.review_on.isoformat() if self.review_on else None,
        }

    @classmethod
    def of_arguments(cls, said: dict[str, Any]) -> Self:
        """Return the change that became JSON. Raises ValidationError for what is none."""
        rule = RULES.get(said.get("code", ""))
        if rule is None:
            raise ValidationError(_("Такого правила портал не\u00a0знает."))
        typed = said.get("value")
        read = rule.kind.fromisoformat if issubclass(rule.kind, datetime.date) else rule.kind
        review_on = said.get("review_on")
        try:
            return cls(
                **{
                    **said,
                    "valid_from": datetime.date.fromisoformat(said["valid_from"]),
                    "value": None if typed is None else read(typed),
                    "review_on": datetime.date.fromisoformat(review_on) if review_on else None,
                }
            )
        except (ArithmeticError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("Предложение повреждено: отклоните его.")) from error

    def record(self) -> LegalRecord:
        """Return the record that the change would make, not saved."""
        value: dict[str, Any] = {} if self.value is None else {RULES[self.code].field: self.value}
        return LegalRecord(
            code=self.code,
            company_id=self.company_id,
            valid_from=self.valid_from,
            source=self.source,
            note=self.note,
            review_on=self.review_on,
            **value,
        )

    def replaced(self) -> LegalRecord | None:
        """Return the record that it takes the place of, while that one still counts."""
        return LegalRecord.objects.filter(
            pk=self.replaces, code=self.code, company_id=self.company_id, superseded_at=None
        ).first()


def legal_change_check(change: LegalChange) -> None:
    """Raise ValidationError, by field, for a change that must not be made today."""
    today = timezone.localdate()
    if change.code not in RULES:
        raise ValidationError({"code": _("Такого правила портал не\u00a0знает.")})
    if change.company_id and not GasCompany.objects.filter(pk=change.company_id).exists():
        raise ValidationError({"company": _("Такой компании больше нет.")})
    replaced = change.replaced()
    if change.replaces and replaced is None:
        raise ValidationError(_("Запись, которую вы\u00a0исправляете, уже заменена другой."))
    if change.withdraws:
        if replaced is None or replaced.valid_from <= today:
            raise ValidationError(
                _("Отозвать можно только запись, которая ещё не\u00a0действует. Внесите новую.")
            )
        return
    change.record().full_clean(validate_constraints=False)
    _check_day(change, replaced, today)
    if change.company_id and change.value is None and not _has_own(change):
        raise ValidationError(
            {"what": _("У\u00a0этой компании и\u00a0так действует общее правило.")}
        )
    _check_order(change)


def _check_day(change: LegalChange, replaced: LegalRecord | None, today: datetime.date) -> None:
    taken = records_that_count().filter(
        code=change.code, company_id=change.company_id, valid_from=change.valid_from
    )
    if taken.exclude(pk=change.replaces).exists():
        raise ValidationError(
            {"valid_from": _("На\u00a0этот день правило уже задано: исправьте ту\u00a0запись.")}
        )
    first = min(change.valid_from, replaced.valid_from) if replaced else change.valid_from
    if first < today and not change.past_is_meant:
        raise ValidationError(
            {
                "past_is_meant": _(
                    "День уже прошёл. Выберите сегодняшний или будущий либо подтвердите, "
                    "что прошедшие дни нужно считать по-новому."
                )
            }
        )
    if (first < today or replaced) and not change.reason.strip():
        raise ValidationError({"reason": _("Напишите, почему меняете то, что уже записано.")})


def _has_own(change: LegalChange) -> bool:
    own = records_that_count().filter(
        code=change.code, company_id=change.company_id, valid_from__lte=change.valid_from
    )
    last = own.exclude(pk=change.replaces).order_by("valid_from").last()
    return last is not None and last.value is not None


def _check_order(change: LegalChange) -> None:
    """Refuse a value that is on the wrong side of its pair on the day on which it begins."""
    if not isinstance(change.value, Decimal):
        return
    company = GasCompany.objects.filter(pk=change.company_id).first()
    for low, high in ORDERED:
        if change.code not in (low, high):
            continue
        is_low = change.code == low
        other = high if is_low else low
        limit = value_of(other, change.valid_from, company)
        if not isinstance(limit, Decimal):
            continue
        if change.value > limit if is_low else change.value < limit:
            words = (
                _("Не\u00a0больше, чем «%(label)s»: %(value)s.")
                if is_low
                else _("Не\u00a0меньше, чем «%(label)s»: %(value)s.")
            )
            rule = RULES[other]
            raise ValidationError(
                {rule.field: words % {"label": rule.label, "value": rule.said(limit)}}
            )


def codes_together(code: str) -> set[str]:
    """Return the codes whose records say whether a record of this one is right."""
    return {code, *(one for pair in ORDERED if code in pair for one in pair)}
