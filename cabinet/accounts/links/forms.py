from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models import AccountLink
from portal.formats.text import clean_text


class NameForm(forms.Form):
    """What the person calls an account; empty takes the name away."""

    label = forms.CharField(
        label=_("Название"),
        required=False,
        max_length=AccountLink._meta.get_field("label").max_length,
        help_text=_("Например: Дача, Мамина квартира. Название видите только вы."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_label(self) -> str:
        return clean_text(self.cleaned_data["label"])


class DisputeForm(forms.Form):
    text = forms.CharField(
        label=_("Пояснение (не обязательно)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
