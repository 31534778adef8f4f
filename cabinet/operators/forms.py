from django import forms
from django.utils.translation import gettext_lazy as _

from portal.formats.text import clean_text


class SearchForm(forms.Form):
    wanted = forms.CharField(
        label=_("Что известно о счёте"),
        help_text=_(
            "Номер лицевого счёта, фамилия, часть адреса, номер счётчика или квитанции о приёме; почта и "
            "телефон абонента — целиком."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Введите номер счёта, фамилию или адрес.")},
    )

    def clean_wanted(self) -> str:
        text = clean_text(self.cleaned_data["wanted"])
        if len(text) < 2:
            raise forms.ValidationError(_("Введите хотя бы два знака."))
        return text


SHORTEST = 5
TOO_SHORT = _("Напишите подробнее: хотя бы пять знаков.")


class ReasonForm(forms.Form):
    """Why an account is opened, in the operator's own words: nothing is offered to choose from."""

    reason = forms.CharField(
        label=_("Зачем открываете?"),
        help_text=_(
            "Например: «звонок абонента, вопрос о показаниях». Причина останется в журнале действий."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={
            "required": _("Напишите, зачем открываете счёт."),
            "max_length": _("Напишите короче: не больше 200 знаков."),
        },
    )

    def clean_reason(self) -> str:
        reason = clean_text(self.cleaned_data["reason"])
        if len(reason) < SHORTEST:
            raise forms.ValidationError(TOO_SHORT)
        return reason
