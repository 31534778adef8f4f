"""E-mail addresses and telephones of people: how they are typed, and how they are compared."""

from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)


@dataclass(frozen=True)
class Contact:
    """An address in lower case, or a telephone as `+79111234567`."""

    kind: Literal["email", "phone"]
    value: str

    def lookup(self) -> dict[str, str]:
        """The condition under which a subscriber has this contact."""
        return {self.kind: self.value}


class EmailField(forms.EmailField):
    """An e-mail address in the form in which it is compared: no spaces around, lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Электронная почта"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": _("Укажите адрес электронной почты."),
                "invalid": _("Проверьте адрес: он выглядит как name@mail.ru."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class PhoneField(forms.CharField):
    """A Russian telephone, however it is typed, as `+79111234567`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Номер телефона"),
            max_length=40,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": _("Укажите номер телефона.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        return phone_normal(typed) if typed else ""


def phone_normal(typed: str) -> str:
    """`+7…` of whatever people type: `8 (911) 123-45-67`, `+7911…`. Raises ValidationError."""
    wrong = ValidationError(_("Проверьте номер: в нём 10 цифр после +7 или 8."), code="invalid")
    try:
        number = parse(typed, "RU")
    except NumberParseException as error:
        raise wrong from error
    if not is_valid_number(number):
        raise wrong
    return format_number(number, PhoneNumberFormat.E164)
