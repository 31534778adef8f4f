from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contact_form import ContactForm
from cabinet.subscribers.passwords import LONGEST


class LoginForm(ContactForm):
    to_phone = _("вход по номеру телефона")
    to_email = _("вход по Email")

    password = forms.CharField(
        label=_("Пароль"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "maxlength": False}),
        error_messages={
            "required": _("Введите пароль."),
            "max_length": _("Пароль длиннее 256 знаков у нас не бывает."),
        },
    )
