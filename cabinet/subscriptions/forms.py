"""Forms of the tab «Подписки»."""

from django import forms

from cabinet.subscribers.contact_forms import EmailField, PhoneField


class BillsAddressForm(forms.Form):
    """Where the bills of an account go (figure 23)."""

    email = EmailField()


class SmsNumberForm(forms.Form):
    """A telephone for SMS."""

    phone = PhoneField()
