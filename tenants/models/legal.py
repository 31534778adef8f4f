import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.formats.dates import long_day
from portal.formats.numbers import grouped
from tenants.legal.rules import DAYS, MONTHS, RULES, WORKING_DAYS

LegalValue = Decimal | datetime.date | str


def rule_choices() -> list[tuple[str, str]]:
    """Return the rules for the form. A function, so that a new rule needs no migration."""
    return [(code, rule.label) for code, rule in RULES.items()]


class LegalRecord(models.Model):
    """A rate, a date or a rule of law from a day on. Read by `tenants.legal.selectors` alone.

    Without a value the rule ends on that day; a company's own record without a value means that the
    company goes by the common rule again.
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

    class Meta:
        db_table = '"public"."tenants_legalrecord"'
        ordering = ["code", "company_id", "-valid_from"]
        verbose_name = _("правовая норма")
        verbose_name_plural = _("правовые нормы")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "company", "valid_from"],
                name="legal_record_once",
                nulls_distinct=False,
                violation_error_message=_("На этот день правило уже задано: исправьте ту запись."),
            ),
            models.CheckConstraint(
                condition=Q(number=None, day=None) | Q(number=None, text="") | Q(day=None, text=""),
                name="legal_record_one_value",
                violation_error_message=_("Заполните что-то одно: число, дату или текст."),
            ),
        ]

    def __str__(self) -> str:
        label = RULES[self.code].label if self.code in RULES else self.code
        return f"{label} с {self.valid_from:%d.%m.%Y}"

    def clean(self) -> None:
        """Raise ValidationError for an unknown code or a value of another kind."""
        rule = RULES.get(self.code)
        if rule is None:
            raise ValidationError({"code": _("Такого правила портал не знает.")})
        if self.value is not None and not isinstance(self.value, rule.kind):
            raise ValidationError({rule.field: _("Это правило хранит значение в этом поле.")})

    @property
    def value(self) -> LegalValue | None:
        if self.number is not None:
            return self.number
        return self.day or self.text or None

    @property
    def shown_value(self) -> str:
        """Return the value with its unit, as people write it."""
        value = self.value
        if value is None:
            return str(_("общее правило") if self.company_id else _("не действует"))
        if isinstance(value, Decimal):
            unit = RULES[self.code].unit if self.code in RULES else ""
            number = grouped(value)
            if unit == DAYS:
                return ngettext("%(n)s день", "%(n)s дней", int(value)) % {"n": number}
            if unit == WORKING_DAYS:
                words = ngettext("%(n)s рабочий день", "%(n)s рабочих дней", int(value))
                return words % {"n": number}
            if unit == MONTHS:
                return ngettext("%(n)s месяц", "%(n)s месяцев", int(value)) % {"n": number}
            return f"{number}{unit}" if unit.startswith("-") else f"{number} {unit}".strip()
        return long_day(value) if isinstance(value, datetime.date) else value
