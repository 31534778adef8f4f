from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from cabinet.accounts.forms import LetterField, TypedField
from cabinet.accounts.linking.forms import MethodForm
from cabinet.subscribers.models import AccountLink
from portal.formats.text import clean_text


class NameForm(forms.Form):
    """What the person calls an account; empty takes the name away."""

    label = forms.CharField(
        label=_("Название"),
        required=False,
        max_length=AccountLink._meta.get_field("label").max_length,
        help_text=_("Например: Дача, Мамина квартира. Название видите только вы."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_label(self) -> str:
        return clean_text(self.cleaned_data["label"])


class DisputeForm(forms.Form):
    text = LetterField(label=_("Пояснение (не обязательно)"), required=False, max_length=1000)


class ConfirmForm(MethodForm):
    """Initials of the present owner, and one of several proofs."""

    initials = TypedField(
        typed.initials,
        label=_("ФИО владельца"),
        help_text=_(
            "Первые буквы фамилии, имени и отчества, как в последней квитанции: "
            "Абрамов Борис Васильевич — АБВ."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].label = _("Чем подтвердить")
        self.order_fields(["initials", "proof"])
