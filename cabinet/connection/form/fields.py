"""Fields of the form that are particular to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.connection.form.typed import Measure, cadastral_number, measure


class CadastralField(forms.CharField):
    """A number of the land register, in whatever way it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=60,
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "placeholder": "60:27:0140102:45"}
            ),
            **kwargs,
        )
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        return cadastral_number(typed) if typed else ""


class MeasureField(forms.CharField):
    """A power or a flow, with its unit or without one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
            **kwargs,
        )
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> Measure | None:
        return measure(str(super().clean(value)))


class Choice(forms.ChoiceField):
    """One of a few, of which none is chosen beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        wanted = kwargs.pop("required_text", _("Выберите один из вариантов."))
        super().__init__(
            widget=forms.RadioSelect,
            error_messages={"required": wanted, "invalid_choice": wanted},
            **kwargs,
        )
