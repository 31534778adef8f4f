"""Fields of the payment form: sums as people type them, and questions that a second press answers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cabinet.billing.proofs import typed_sum
from cabinet.billing.selectors.lines import ZERO
from portal.formats.text import clean_text

_SIGNS = ("-", "+", "−", "–", "—", "минус")


def rubles_typed(text: str) -> Decimal:
    """Return a typed sum, as «1 111,10» or «194»; 0 for nothing. Raises ValueError with the reason."""
    typed = clean_text(text).lower()
    if not typed:
        return ZERO
    if typed.startswith(_SIGNS):
        raise ValueError(
            _("Введите сумму без знака, например 194,39. Платёж меньше нуля невозможен.")
        )
    try:
        return Decimal(typed_sum(typed))
    except ValueError as error:
        raise ValueError(
            _("Введите сумму цифрами, рубли и копейки через запятую, например 194,39.")
        ) from error


def rubles_written(amount: Decimal) -> str:
    """Return a sum as the field of a form has it: `1111,10`."""
    return f"{amount:.2f}".replace(".", ",")


class RublesField(forms.CharField):
    """A sum of ₽; what was typed stays in the box on an error."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
        super().__init__(required=False, max_length=30, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal:
        try:
            return rubles_typed(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return rubles_written(value) if isinstance(value, Decimal) else value


class SureField(forms.BooleanField):
    """A tick that answers a question about what was typed; with another sum it is asked again.

    `asked` is what the question was about: the tick sends it back.
    """

    def __init__(self, asked: str, **kwargs: Any) -> None:
        widget = forms.CheckboxInput(attrs={"value": asked}, check_test=lambda sent: sent == asked)
        super().__init__(required=False, widget=widget, **kwargs)


def is_sure(data: Any, name: str, asked: str) -> bool:
    return bool(data.get(name) == asked)
