"""The form of a change of the law. What it accepts, the service accepts too."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.formats.fields import DayField
from tenants.legal.changes import LegalChange, legal_change_check
from tenants.legal.rule import Rule
from tenants.legal.rules import RULES
from tenants.models import GasCompany, LegalRecord

VALUE, END, COMMON = "value", "end", "common"


class UnitInput(forms.TextInput):
    """A field for a number with its unit right after it."""

    def __init__(self, unit: str) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})
        self.unit = unit

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        field = super().render(*args, **kwargs)
        return format_html('<span class="desk-unit">{} <span>{}</span></span>', field, self.unit)


class NumberField(forms.CharField):
    """A number as people write it: «9,5», «15 000»."""

    def __init__(self, rule: Rule) -> None:
        hint = rule.range_said[:1].upper() + rule.range_said[1:] + "."
        widget = UnitInput(rule.unit_said)
        super().__init__(label=_("Значение"), required=False, help_text=hint, widget=widget)
        self.rule = rule

    def clean(self, value: Any) -> Any:
        typed = re.sub(r"\s", "", super().clean(value)).replace(",", ".").replace("−", "-")
        if not typed:
            return None
        try:
            # Not what Python takes for a number besides: «1e3», «1_0», «NaN».
            number = Decimal(typed if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", typed) else "")
        except InvalidOperation:
            raise ValidationError(_("Введите %s.") % self.rule.range_said) from None
        self.rule.check(number)
        return number


class LegalForm(forms.Form):
    """A record to come of one rule; with `replaces` in the place of one that was wrong."""

    company = forms.ModelChoiceField(
        label=gettext_lazy("Для кого"),
        queryset=GasCompany.objects.none(),
        required=False,
        empty_label=gettext_lazy("Для всех компаний"),
    )
    what = forms.ChoiceField(label=gettext_lazy("Что записать"), widget=forms.RadioSelect)
    value = forms.Field()
    valid_from = DayField(label=gettext_lazy("С\u00a0какого дня"), required=True)
    past_is_meant = forms.BooleanField(
        label=gettext_lazy("День уже прошёл, и\u00a0прошедшие дни нужно считать по-новому"),
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("Источник"),
        max_length=300,
        help_text=gettext_lazy("Закон, статья, пункт или решение."),
    )
    note = forms.CharField(
        label=gettext_lazy("Примечание"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    review_on = DayField(
        label=gettext_lazy("Когда сверить с\u00a0законом"),
        help_text=gettext_lazy("Если срок известен. Портал напомнит за\u00a0месяц."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Почему меняете"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Обязательно, если меняете прошедшие дни или исправляете запись."),
    )

    def __init__(self, *args: Any, code: str, replaces: LegalRecord | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.rule, self.replaced = code, RULES[code], replaces
        company: Any = self.fields["company"]
        if replaces or not self.rule.own_kinds:
            del self.fields["company"]
        else:
            company.queryset = GasCompany.objects.filter(kind__in=self.rule.own_kinds)
        what: Any = self.fields["what"]
        what.choices = self._choices()
        if len(what.choices) == 1:
            what.initial, what.widget = VALUE, forms.HiddenInput()
        self.fields["value"] = _value_field(self.rule)

    def _choices(self) -> list[tuple[str, str]]:
        choices = [(VALUE, _("Значение"))]
        is_own = self.replaced is not None and self.replaced.company_id is not None
        if self.rule.may_end and not is_own:
            choices.append((END, _("Правило отменено")))
        if self.rule.own_kinds and (self.replaced is None or is_own):
            choices.append((COMMON, _("Компания снова работает по\u00a0общему правилу")))
        return choices

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        self._check_what(typed)
        if not self.errors:
            try:
                legal_change_check(self.change())
            except ValidationError as error:
                self._add(error)
        return typed

    def _check_what(self, typed: dict[str, Any]) -> None:
        what, company = typed.get("what"), typed.get("company") or self._company()
        if what in (END, COMMON):
            self.errors.pop("value", None)
        if what == VALUE and typed.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Введите значение."))
        elif what == END and company:
            said = _("Отменить можно только общее правило. Выберите «Для всех компаний».")
            self.add_error("what", said)
        elif what == COMMON and not company:
            field = "company" if "company" in self.fields else "what"
            self.add_error(field, _("Выберите компанию."))

    def _add(self, error: ValidationError) -> None:
        """Show what the service says at the fields of this form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, said in error.error_dict.items():
            field = "value" if name == self.rule.field else name
            self.add_error(field if field in self.fields else None, said)

    def change(self) -> LegalChange:
        """Return the change that was typed."""
        typed = self.cleaned_data
        company = typed.get("company") or self._company()
        return LegalChange(
            code=self.code,
            company_id=company.pk if company else None,
            valid_from=typed["valid_from"],
            value=typed["value"] if typed["what"] == VALUE else None,
            source=typed["source"],
            note=typed["note"],
            review_on=typed["review_on"],
            replaces=self.replaced.pk if self.replaced else 0,
            past_is_meant=typed["past_is_meant"],
            reason=typed["reason"],
        )

    def _company(self) -> GasCompany | None:
        return self.replaced.company if self.replaced else None

    def without_errors(self) -> "LegalForm":
        """Return the form to go on typing."""
        self._errors = ErrorDict()
        return self


def _value_field(rule: Rule) -> forms.Field:
    if rule.kind is Decimal:
        return NumberField(rule)
    if rule.choices:
        choices = [(text, text) for text in rule.choices]
        return forms.TypedChoiceField(
            label=_("Значение"), choices=choices, required=False, empty_value=None
        )
    return DayField(label=_("День"))
