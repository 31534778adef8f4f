from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.legal.rule import LegalValue, check_day
from tenants.legal.rules import RULES


def rule_choices() -> list[tuple[str, str]]:
    """Return the rules for the form. A function, so that a new rule needs no migration."""
    return [(code, rule.label) for code, rule in RULES.items()]


class LegalRecord(models.Model):
    """A rate, a date or a rule of law from a day on. Read by `tenants.legal.selectors` alone.

    Without a value the rule ends on that day; a company's own record without a value means that the
    company goes by the common rule again. Never changed: a wrong one is superseded and counts no more, a
    newer one begins on its own day.
    """

    company = models.ForeignKey(
        "tenants.GasCompany",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="legal_records",
        verbose_name=_("компания"),
        help_text=_("Пусто — для всех компаний."),
    )
    code = models.CharField(_("правило"), max_length=50, choices=rule_choices)
    valid_from = models.DateField(_("действует с"))
    number = models.DecimalField(_("число"), max_digits=14, decimal_places=4, null=True, blank=True)
    day = models.DateField(_("дата"), null=True, blank=True)
    text = models.TextField(_("текст"), blank=True)
    source = models.CharField(
        _("источник"), max_length=300, help_text=_("Закон, статья, пункт или решение.")
    )
    note = models.TextField(_("примечание"), blank=True)
    review_on = models.DateField(
        _("проверить"),
        null=True,
        blank=True,
        help_text=_(
            "День, к\u00a0которому норму нужно сверить с\u00a0законом. Портал напомнит за месяц."
        ),
    )
    recorded_at = models.DateTimeField(_("внесена"), default=timezone.now, editable=False)
    # Empty: the portal came with it.
    proposed_by = models.CharField(_("предложил"), max_length=150, blank=True, editable=False)
    confirmed_by = models.CharField(_("подтвердил"), max_length=150, blank=True, editable=False)
    superseded_at = models.DateTimeField(_("заменена"), null=True, blank=True, editable=False)
    superseded_note = models.TextField(_("почему заменена"), blank=True, editable=False)

    class Meta:
        db_table = '"public"."tenants_legalrecord"'
        ordering = ["code", "company_id", "-valid_from"]
        verbose_name = _("правовая норма")
        verbose_name_plural = _("правовые нормы")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "company", "valid_from"],
                condition=Q(superseded_at=None),
                name="legal_record_once",
                nulls_distinct=False,
                violation_error_message=_("На этот день правило уже задано: исправьте ту запись."),
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(number__gte=0),
                name="legal_record_not_negative",
                violation_error_message=_("Число не может быть меньше нуля."),
            ),
            models.CheckConstraint(
                condition=Q(number=None, day=None) | Q(number=None, text="") | Q(day=None, text=""),
                name="legal_record_one_value",
                violation_error_message=_("Заполните что-то одно: число, дату или текст."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_label} с {self.valid_from:%d.%m.%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check the record, whoever saves it; one that is there can only be superseded."""
        if self._state.adding:
            self.clean()
        elif set(kwargs.get("update_fields") or ["*"]) - {"superseded_at", "superseded_note"}:
            raise ValidationError(_("Записи не меняют: внесите новую."))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raise ValidationError for an unknown code, a value out of its range, or a company that has none."""
        rule = RULES.get(self.code)
        if rule is None:
            raise ValidationError({"code": _("Такого правила портал не знает.")})
        if self.company is not None and self.company.kind not in rule.own_kinds:
            raise ValidationError(
                {"company": _("Своим это правило у этой компании быть не может.")}
            )
        if self.valid_from is not None:
            _at("valid_from", check_day, models.DateField().to_python(self.valid_from))
        if self.value is not None:
            _at(rule.field, rule.check, self.value)
        elif self.company is None and not rule.may_end:
            raise ValidationError({rule.field: _("Это правило отменить нельзя: внесите значение.")})

    @property
    def rule_label(self) -> str:
        return RULES[self.code].label if self.code in RULES else self.code

    @property
    def value(self) -> LegalValue | None:
        if self.number is not None:
            try:
                return Decimal(self.number)
            except InvalidOperation:
                return Decimal("NaN")
        return self.day or self.text or None

    @property
    def shown_value(self) -> str:
        """Return the value with its unit, as people write it."""
        value = self.value
        if value is None:
            return str(_("общее правило") if self.company_id else _("не действует"))
        return RULES[self.code].said(value) if self.code in RULES else str(value)


def _at(field: str, check: Any, value: Any) -> None:
    """Raise what the check raises, at a field."""
    try:
        check(value)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
