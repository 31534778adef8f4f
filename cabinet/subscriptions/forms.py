"""Forms of the tab «Подписки»."""

from django import forms
from django.utils.translation import gettext_lazy

from cabinet.subscribers.contact_forms import EmailField, PhoneField
from cabinet.subscriptions.models import Subscription


class BillsAddressForm(forms.Form):
    """Where the bills of an account go (figure 23), and how. Without a choice it stays as it is."""

    email = EmailField()
    bills_as = forms.ChoiceField(
        label=gettext_lazy("Как присылать квитанцию"),
        choices=[
            (Subscription.BillsAs.FILE, gettext_lazy("Файлом PDF в письме")),
            (
                Subscription.BillsAs.LINK,
                gettext_lazy("Ссылкой, которая откроется после входа в кабинет"),
            ),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy(
            "В файле есть имя, адрес и начисления. Его увидит каждый, кто читает эту почту."
        ),
    )


class SmsNumberForm(forms.Form):
    """A telephone for SMS."""

    phone = PhoneField()
