"""Fields that a company adds to the form of a kind."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cabinet.appeals.models import AppealField
from portal.formats.dates import long_day
from portal.formats.fields import DayField
from portal.formats.text_fields import LineField, ParagraphsField

LINE_LENGTH = 300
TEXT_LENGTH = 2000
_YEARS = (1900, 2100)
_NUMBER = re.compile(r"-?\d{1,15}(,\d{1,6})?")


class NumberField(LineField):
    """A number as people type it, «1 234,5» or «1234.5»; cleaned to «1234,5»."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).replace(" ", "").replace(".", ",").replace("−", "-")
        if typed and not _NUMBER.fullmatch(typed):
            raise ValidationError(_("Введите число цифрами, например 1234,5."))
        return typed


class YearCheckedDayField(DayField):
    """A day whose year is a whole one: the browser's control takes 0026 for a year."""

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day and not _YEARS[0] <= day.year <= _YEARS[1]:
            raise ValidationError(_("Проверьте год: в нём четыре цифры, например 2026."))
        return day


def form_field(field: AppealField) -> forms.Field:
    """Return the field of the form for one of a kind."""
    return _FIELDS[AppealField.Type(field.type)](
        field, label=field.label, help_text=field.hint, required=field.is_required
    )


def answer_of(value: Any) -> str:
    """Return a cleaned value as operators read it; nothing for what was left empty."""
    if isinstance(value, bool):
        return _("да") if value else ""
    if isinstance(value, datetime.date):
        return long_day(value)
    return str(value or "")


def _fill_in(field: AppealField) -> str:
    return _("Заполните поле «%(label)s».") % {"label": field.label}


def _line(field: AppealField, **kwargs: Any) -> forms.Field:
    return LineField(max_length=LINE_LENGTH, required_text=_fill_in(field), **kwargs)


def _text(field: AppealField, **kwargs: Any) -> forms.Field:
    made = ParagraphsField(
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _fill_in(field),
            "max_length": _("Слишком длинно: помещается не больше %(limit_value)d знаков."),
        },
        **kwargs,
    )
    made.widget.attrs.pop("maxlength", None)
    return made


def _number(field: AppealField, **kwargs: Any) -> forms.Field:
    return NumberField(required_text=_fill_in(field), **kwargs)


def _date(field: AppealField, **kwargs: Any) -> forms.Field:
    made = YearCheckedDayField(**kwargs)
    made.error_messages["required"] = _fill_in(field)
    return made


def _choice(field: AppealField, **kwargs: Any) -> forms.Field:
    asked = _("Выберите ответ в поле «%(label)s».") % {"label": field.label}
    return forms.ChoiceField(
        choices=[("", _("Не выбрано")), *((one, one) for one in field.choice_list)],
        error_messages={"required": asked, "invalid_choice": asked},
        **kwargs,
    )


def _tick(field: AppealField, **kwargs: Any) -> forms.Field:
    asked = _("Отметьте «%(label)s».") % {"label": field.label}
    return forms.BooleanField(error_messages={"required": asked}, **kwargs)


_FIELDS: dict[AppealField.Type, Callable[..., forms.Field]] = {
    AppealField.Type.LINE: _line,
    AppealField.Type.TEXT: _text,
    AppealField.Type.NUMBER: _number,
    AppealField.Type.DATE: _date,
    AppealField.Type.CHOICE: _choice,
    AppealField.Type.TICK: _tick,
}
